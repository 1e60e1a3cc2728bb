"""Renders every page of the site, in every language."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from constat.i18n import Language
from constat.notices import Wording
from constat.page import Page, StatedMonth
from constat.posts import addresses
from constat.posts.compose_address import COMPOSE
from constat.render import (
    agreements,
    annex,
    assets,
    charts,
    compose,
    course,
    day_bars,
    deliverability,
    hosting,
    hour_strip,
    how,
    imported_texts,
    inline_parts,
    labels,
    notice_texts,
    offered,
    reasons,
    row_words,
    rule_changes,
    seal_drawing,
    services,
    shares,
    sheet,
    sla,
    support_texts,
    upstream_words,
    year_calendar,
)
from constat.render.headline import write_headline
from constat.render.inline_parts import InlineParts
from constat.render.links import Links
from constat.templating import build_environment, fill_template

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Environment


NAMESPACES: Mapping[str, ModuleType] = {
    "agreements": agreements,
    "annex": annex,
    "rule_changes": rule_changes,
    "charts": charts,
    "compose": compose,
    "course": course,
    "days": day_bars,
    "deliverability": deliverability,
    "hourly": hour_strip,
    "calendar": year_calendar,
    "how": how,
    "imported": imported_texts,
    "labels": labels,
    "notices": notice_texts,
    "offered": offered,
    "reasons": reasons,
    "rows": row_words,
    "upstream": upstream_words,
    "seals": seal_drawing,
    "services": services,
    "shares": shares,
    "sheet": sheet,
    "sla": sla,
    "support": support_texts,
}
"""The modules whose functions templates call, by the name that they have there."""


OWN_SHEETS: Mapping[str, tuple[str, ...]] = {
    "service.html": ("time.css",),
    "notice.html": ("time.css",),
    "statement.html": ("sheet.css",),
}
"""Further stylesheets, by the template whose pages have them: every page contains its own style."""


OPTIONAL_PAGES: Mapping[str, Callable[[Page], bool]] = {
    "sla": offered.has_promise,
    "support": offered.has_support,
    "subscribe": lambda _: True,
    "how": lambda _: True,
    "deliverability": offered.has_deliverability,
}
"""The optional pages, by the name of their template and folder, each with whether a project has it."""


RenderPage = Callable[[], dict[str, bytes]]
"""Renders a page, by its path in the site."""


class RenderInputs(NamedTuple):
    """The inputs from which pages are rendered, besides the page itself.

    `files`: those below `templates/`, by path there. `languages`: those of the page, by code. `wordings`: those that
    maintainers may choose, by name. `trusted`: all templates are ours, none is the project's own.
    """

    files: Mapping[str, bytes]
    languages: Mapping[str, Language]
    wordings: Mapping[str, Wording] = {}
    trusted: bool = False


def list_pages(page: Page, inputs: RenderInputs, compiled: "BytecodeCache | None" = None) -> list[RenderPage]:
    """List a function for every page that renders it, the slowest pages first.

    `compiled` caches compiled templates between builds, and does not affect the result.

    Raises:
        InputError: a logo is missing or too large. The functions raise it, too.

    """
    shared = _build_shared(page, inputs, compiled)
    renderers = [
        _Renderer(page, shared, language, _build_context(page, shared, language))
        for language in shared.languages
    ]
    return [partial(renderer.render, job) for renderer in renderers for job in renderer.list_jobs()]


def build_hosting_files(page: Page, pages: Iterable[str]) -> dict[str, bytes]:
    """The files for hosts and search engines by path in the site; `pages` are the paths of all pages."""
    listed = (path for path in pages if not path.endswith(f"{COMPOSE}index.html"))
    return hosting.build_files(page.settings, listed)


def render_statement(page: Page, inputs: RenderInputs, code: str, name: str) -> str:
    """Render the page of one statement by its name (`2026-10`) in one language, which is among those of the page.

    Raises:
        InputError: a template is wrong, or a logo is missing or too large.

    """
    month = next(month for month in page.months if month.name == name)
    shared, language = _build_shared(page, inputs, None), inputs.languages[code]
    renderer = _Renderer(page, shared, language, _build_context(page, shared, language))
    (content,) = renderer.render(_state_month(month)).values()
    return content.decode()


def _build_shared(page: Page, inputs: RenderInputs, compiled: "BytecodeCache | None") -> "_Shared":
    """The parts that all pages have in common."""
    brand, files = page.settings.brand, inputs.files
    own = {name: inline_parts.build_deep_parts(files, page, sheets) for name, sheets in OWN_SHEETS.items()}
    own["index.html"] = inline_parts.build_index_parts(files, page)
    if page.settings.resolver:
        own["deliverability.html"] = inline_parts.build_resolver_parts(files, page, page.settings.resolver)
    if compose.is_offered(page):
        own["compose.html"] = inline_parts.build_compose_parts(files, page)
    return _Shared(
        build_environment(files, compiled, trusted=inputs.trusted),
        tuple(inputs.languages.values()),
        Markup(assets.decode_file(files, "icons.svg").strip()),  # noqa: S704 -- a template
        inline_parts.build_deep_parts(files, page),
        own,
        assets.build_logo(files, brand.logo, "logo"),
        assets.build_logo(files, brand.logo_dark, "logo_dark"),
        inputs.wordings,
    )


class _Shared(NamedTuple):
    """The parts that all pages have in common."""

    environment: "Environment"
    languages: tuple[Language, ...]
    icons: Markup
    parts: InlineParts
    own_parts: Mapping[str, InlineParts]
    logo: Markup
    logo_dark: Markup
    wordings: Mapping[str, Wording]


class _Job(NamedTuple):
    """A page to render: its template, its folder, and the variables that only it sees. `whole_site`: it is shown at any address (404)."""

    template: str
    path: str = ""
    variables: Mapping[str, object] = {}
    whole_site: bool = False


def _state_month(month: StatedMonth) -> _Job:
    return _Job("statement.html", sla.page_path(month), {"month": month})


class _Renderer(NamedTuple):
    """Renders the pages of one language."""

    page: Page
    shared: _Shared
    language: Language
    context: Mapping[str, Any]

    def list_jobs(self) -> Iterator[_Job]:
        """Every page of the language, the largest first: they take longest."""
        yield _Job("index.html")
        for month in self.page.months:
            yield _state_month(month)
        for name, is_offered in OPTIONAL_PAGES.items():
            if is_offered(self.page):
                yield _Job(f"{name}.html", f"{name}/")
        if compose.is_offered(self.page):
            yield _Job("compose.html", COMPOSE, {"wordings": self.shared.wordings})
        for archived in self.page.archive:
            yield _Job("month.html", f"history/{archived.name}/", {"month": archived})
        for shown_notice in self.page.notices:
            path = addresses.notice_path(shown_notice.notice.stem)
            yield _Job("notice.html", path, {"shown_notice": shown_notice})
        for service in self.page.services:
            yield _Job("service.html", services.page_path(service), {"service": service})
        if self.language is self.shared.languages[0]:
            yield _Job("404.html", whole_site=True)

    def render(self, job: _Job) -> dict[str, bytes]:
        """Render a page: its content by its path, in a folder of its own."""
        links = Links(self.page.settings, self.language.code, job.path, at_any_path=job.whole_site)
        parts = self.shared.own_parts.get(job.template, self.shared.parts)
        context = {**self.context, **parts._asdict(), "links": links, **job.variables}
        content = fill_template(self.shared.environment, job.template, context).encode()
        if job.whole_site:
            return {job.template: content}
        return {f"{self.page.settings.folder(self.language.code)}{job.path}index.html": content}


def _build_context(page: Page, shared: _Shared, language: Language) -> Mapping[str, Any]:
    """The variables that every template of a language sees, computed once."""
    return {
        "page": page,
        "language": language,
        "languages": shared.languages,
        "say": language.say,
        "say_many": language.say_many,
        "banner": write_headline(page, language),
        **NAMESPACES,
        "icons": shared.icons,
        "logo": shared.logo,
        "logo_dark": shared.logo_dark,
        "share_picture": page.settings.url + addresses.share_picture_path(page.banner.status),
        "tab_icon": assets.build_tab_icon(str(shared.icons), page.banner.status),
    }
