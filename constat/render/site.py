"""Renders every page of the site, in every language."""

from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from constat.i18n import Language
from constat.notices import Wording
from constat.page import Page
from constat.posts import addresses
from constat.posts.compose_address import COMPOSE
from constat.render import (
    agreements,
    annex,
    assets,
    charts,
    compose,
    day_bars,
    deliverability,
    hosting,
    how,
    imported_texts,
    labels,
    notice_texts,
    offered,
    reasons,
    rule_changes,
    services,
    shares,
    sla,
    support_texts,
)
from constat.render.headline import write_headline
from constat.render.links import Links
from constat.spreading import Spread, do_one_by_one
from constat.templating import build_environment, fill_template

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Environment


NAMESPACES: Mapping[str, ModuleType] = {
    "agreements": agreements,
    "annex": annex,
    "rule_changes": rule_changes,
    "charts": charts,
    "compose": compose,
    "days": day_bars,
    "deliverability": deliverability,
    "how": how,
    "imported": imported_texts,
    "labels": labels,
    "notices": notice_texts,
    "offered": offered,
    "reasons": reasons,
    "services": services,
    "shares": shares,
    "sla": sla,
    "support": support_texts,
}
"""The modules whose functions templates call, by the name that they have there."""


OPTIONAL_PAGES: Mapping[str, Callable[[Page], bool]] = {
    "sla": offered.has_promise,
    "support": offered.has_support,
    "subscribe": lambda _: True,
    "how": lambda _: True,
    "deliverability": offered.has_deliverability,
}
"""The pages of which there is one, by the name of their template and folder, and whether a project has them."""


class RenderInputs(NamedTuple):
    """What pages are rendered from, besides the page itself.

    `files`: those below `templates/`, by path there. `languages`: those of the page, by code. `wordings`: those that
    maintainers may choose, by name.
    """

    files: Mapping[str, bytes]
    languages: Mapping[str, Language]
    wordings: Mapping[str, Wording] = {}


def render_pages(
    page: Page,
    inputs: RenderInputs,
    compiled: "BytecodeCache | None" = None,
    spread: Spread = do_one_by_one,
) -> dict[str, bytes]:
    """Render every page; return the files by path in the site.

    `compiled` caches compiled templates between builds, and does not affect the result; nor does `spread`, by which pages
    are rendered.

    Raises:
        InputError: a template is wrong, or a logo is missing or too large.

    """
    brand, files = page.settings.brand, inputs.files
    shared = _Shared(
        build_environment(files, compiled),
        tuple(inputs.languages.values()),
        _read_stylesheet(files, page, "status.css"),
        Markup(assets.decode_file(files, "icons.svg").strip()),  # noqa: S704 -- a template
        _read_script(files, "page.js"),
        assets.build_logo(files, brand.logo, "logo"),
        assets.build_logo(files, brand.logo_dark, "logo_dark"),
        _read_compose_parts(inputs, page) if compose.is_offered(page) else {},
    )
    renderers = [
        _Renderer(page, shared, language, _build_context(page, shared, language))
        for language in shared.languages
    ]
    jobs = [(renderer, job) for renderer in renderers for job in renderer.list_jobs()]
    pages = dict(spread(lambda each: each[0].render(each[1]), jobs))
    listed = (path for path in pages if not path.endswith(f"{COMPOSE}index.html"))
    return pages | hosting.build_files(page.settings, listed)


def _read_stylesheet(files: Mapping[str, bytes], page: Page, *names: str) -> Markup:
    """A stylesheet of some files, with what only some sites need: how imported days look, and links for maintainers."""
    extra = {"imported.css": page.shows_imported, "maintain.css": compose.is_offered(page)}
    every = (*names, *(name for name, is_needed in extra.items() if is_needed))
    style = assets.minify_stylesheet("".join(assets.decode_file(files, name) for name in every))
    return Markup(assets.apply_brand(style, page.settings.brand))  # noqa: S704 -- templates


def _read_script(files: Mapping[str, bytes], *names: str) -> Markup:
    script = "\n".join(assets.minify_script(assets.decode_file(files, name)) for name in names)
    return Markup(script)  # noqa: S704 -- templates


def _read_compose_parts(inputs: RenderInputs, page: Page) -> Mapping[str, object]:
    """What only the page has on which notices are written: its own style and script, and the ready wordings."""
    style = _read_stylesheet(inputs.files, page, "status.css", "compose.css")
    script = _read_script(inputs.files, "compose_check.js", "compose.js")
    policy = assets.build_policy(str(style), str(script))
    return {"style": style, "script": script, "policy": policy, "wordings": inputs.wordings}


class _Shared(NamedTuple):
    """The parts that all pages have in common."""

    environment: "Environment"
    languages: tuple[Language, ...]
    style: Markup
    icons: Markup
    script: Markup
    logo: Markup
    logo_dark: Markup
    compose: Mapping[str, object]


class _Job(NamedTuple):
    """A page to render: its template, its folder, and the variables that it alone sees. `whole_site`: for any address."""

    template: str
    path: str = ""
    variables: Mapping[str, object] = {}
    whole_site: bool = False


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
            yield _Job("statement.html", sla.page_path(month), {"month": month})
        for name, is_offered in OPTIONAL_PAGES.items():
            if is_offered(self.page):
                yield _Job(f"{name}.html", f"{name}/")
        if compose.is_offered(self.page):
            yield _Job("compose.html", COMPOSE, self.shared.compose)
        for archived in self.page.archive:
            yield _Job("month.html", f"history/{archived.name}/", {"month": archived})
        for shown_notice in self.page.notices:
            path = addresses.notice_path(shown_notice.notice.stem)
            yield _Job("notice.html", path, {"shown_notice": shown_notice})
        for service in self.page.services:
            yield _Job("service.html", services.page_path(service), {"service": service})
        if self.language is self.shared.languages[0]:
            yield _Job("404.html", whole_site=True)

    def render(self, job: _Job) -> tuple[str, bytes]:
        """The path and the content of a page, in a folder of its own."""
        links = Links(self.page.settings, self.language.code, job.path, at_any_path=job.whole_site)
        context = {**self.context, "links": links, **job.variables}
        content = fill_template(self.shared.environment, job.template, context).encode()
        if job.whole_site:
            return job.template, content
        return f"{self.page.settings.folder(self.language.code)}{job.path}index.html", content


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
        "style": shared.style,
        "icons": shared.icons,
        "script": shared.script,
        "logo": shared.logo,
        "logo_dark": shared.logo_dark,
        "policy": assets.build_policy(str(shared.style), str(shared.script)),
        "tab_icon": assets.build_tab_icon(str(shared.icons), page.banner.status),
    }
