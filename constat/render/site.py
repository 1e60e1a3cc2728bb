"""Renders every page of the site, in every language."""

from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from constat.i18n import Language
from constat.page import Page, StatedMonth
from constat.posts import addresses
from constat.render import (
    agreements,
    annex,
    assets,
    charts,
    course,
    day_bars,
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
    "course": course,
    "days": day_bars,
    "hourly": hour_strip,
    "calendar": year_calendar,
    "how": how,
    "imported": imported_texts,
    "labels": labels,
    "notices": notice_texts,
    "offered": offered,
    "reasons": reasons,
    "rows": row_words,
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
"""The stylesheets that only the pages of a template have, by its name: every page holds its own style."""


OPTIONAL_PAGES: Mapping[str, Callable[[Page], bool]] = {
    "sla": offered.has_promise,
    "support": offered.has_support,
    "subscribe": lambda _: True,
    "how": lambda _: True,
    "deliverability": offered.has_deliverability,
}
"""The pages of which there is one, by the name of their template and folder, and whether a project has them."""


def render_pages(
    page: Page,
    files: Mapping[str, bytes],
    languages: Mapping[str, Language],
    compiled: "BytecodeCache | None" = None,
) -> dict[str, bytes]:
    """Render every page; return the files by path in the site.

    `files` are those below `templates/`, by path there; `languages` are those of the page, by code. `compiled` caches
    compiled templates between builds, and does not affect the result.

    Raises:
        InputError: a template is wrong, or a logo is missing or too large.

    """
    shared = _share(page, files, languages, compiled)
    pages = dict(
        rendered
        for language in shared.languages
        for rendered in _Renderer(page, shared, language, _build_context(page, shared, language)).render_all()
    )
    return pages | hosting.build_files(page.settings, pages)


def render_statement(
    page: Page, files: Mapping[str, bytes], languages: Mapping[str, Language], code: str, name: str
) -> str:
    """Render the page of one statement by its name (`2026-10`) in one language, which is among those of the page.

    Raises:
        InputError: a template is wrong, or a logo is missing or too large.

    """
    shared = _share(page, files, languages, None)
    month = next(month for month in page.months if month.name == name)
    language = languages[code]
    renderer = _Renderer(page, shared, language, _build_context(page, shared, language))
    return renderer.render_statement(month).decode()


def render_index(
    page: Page,
    files: Mapping[str, bytes],
    languages: Mapping[str, Language],
    compiled: "BytecodeCache | None" = None,
) -> bytes:
    """Render the index in the first language alone, as `render_pages` does."""
    shared = _share(page, files, languages, compiled)
    language = shared.languages[0]
    renderer = _Renderer(page, shared, language, _build_context(page, shared, language))
    return renderer.render_index()[1]


def _share(
    page: Page,
    files: Mapping[str, bytes],
    languages: Mapping[str, Language],
    compiled: "BytecodeCache | None",
) -> "_Shared":
    """The parts that all pages have in common."""
    brand = page.settings.brand
    return _Shared(
        build_environment(files, compiled),
        tuple(languages.values()),
        Markup(assets.decode_file(files, "icons.svg").strip()),  # noqa: S704 -- a template
        inline_parts.build_index_parts(files, page),
        inline_parts.build_deep_parts(files, page),
        {
            template: inline_parts.build_deep_parts(files, page, sheets)
            for template, sheets in OWN_SHEETS.items()
        },
        assets.build_logo(files, brand.logo, "logo"),
        assets.build_logo(files, brand.logo_dark, "logo_dark"),
    )


class _Shared(NamedTuple):
    """The parts that all pages have in common."""

    environment: "Environment"
    languages: tuple[Language, ...]
    icons: Markup
    index_parts: InlineParts
    deep_parts: InlineParts
    own_parts: Mapping[str, InlineParts]
    logo: Markup
    logo_dark: Markup


class _Renderer(NamedTuple):
    """Renders the pages of one language."""

    page: Page
    shared: _Shared
    language: Language
    context: Mapping[str, Any]

    def render_all(self) -> Iterator[tuple[str, bytes]]:
        yield self.render_index()
        for shown_notice in self.page.notices:
            yield self._render_page(
                "notice.html", addresses.notice_path(shown_notice.notice.stem), shown_notice=shown_notice
            )
        for service in self.page.services:
            yield self._render_page("service.html", services.page_path(service), service=service)
        for archived in self.page.archive:
            yield self._render_page("month.html", f"history/{archived.name}/", month=archived)
        for name, is_offered in OPTIONAL_PAGES.items():
            if is_offered(self.page):
                yield self._render_page(f"{name}.html", f"{name}/")
        for month in self.page.months:
            yield self._render_page("statement.html", sla.page_path(month), month=month)
        if self.language is self.shared.languages[0]:
            links = Links(self.page.settings, self.language.code, "", at_any_path=True)
            yield "404.html", self._render("404.html", links)

    def render_statement(self, month: StatedMonth) -> bytes:
        """The content of the page of a statement."""
        return self._render_page("statement.html", sla.page_path(month), month=month)[1]

    def render_index(self) -> tuple[str, bytes]:
        """The path and content of the index."""
        return self._render_page("index.html", "", **self.shared.index_parts._asdict())

    def _render_page(self, template: str, path: str, **variables: object) -> tuple[str, bytes]:
        """The path and content of a page in a folder of its own."""
        links = Links(self.page.settings, self.language.code, path)
        folder = self.page.settings.folder(self.language.code) + path
        return f"{folder}index.html", self._render(template, links, **variables)

    def _render(self, template: str, links: Links, **variables: object) -> bytes:
        own = self.shared.own_parts.get(template, self.shared.deep_parts)
        context = {**self.context, **own._asdict(), "links": links, **variables}
        return fill_template(self.shared.environment, template, context).encode()


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
