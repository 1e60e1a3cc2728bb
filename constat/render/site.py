"""Renders every page of the site, in every language."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType, ModuleType
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


def render_pages(
    page: Page,
    files: Mapping[str, bytes],
    languages: Mapping[str, Language],
    compiled: "BytecodeCache | None" = None,
    wordings: Mapping[str, Wording] = MappingProxyType({}),
) -> dict[str, bytes]:
    """Render every page; return the files by path in the site.

    `files` are those below `templates/`, by path there; `languages` are those of the page, by code. `compiled` caches
    compiled templates between builds, and does not affect the result. `wordings` are those that maintainers may choose.

    Raises:
        InputError: a template is wrong, or a logo is missing or too large.

    """
    brand = page.settings.brand
    shared = _Shared(
        build_environment(files, compiled),
        tuple(languages.values()),
        _read_stylesheet(files, page, "status.css"),
        Markup(assets.decode_file(files, "icons.svg").strip()),  # noqa: S704 -- a template
        _read_script(files, "page.js"),
        assets.build_logo(files, brand.logo, "logo"),
        assets.build_logo(files, brand.logo_dark, "logo_dark"),
        _read_compose_parts(files, page, wordings) if compose.is_offered(page) else {},
    )
    pages = dict(
        rendered
        for language in shared.languages
        for rendered in _Renderer(page, shared, language, _build_context(page, shared, language)).render_all()
    )
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


def _read_compose_parts(
    files: Mapping[str, bytes], page: Page, wordings: Mapping[str, Wording]
) -> Mapping[str, object]:
    """What only the page has on which notices are written: its own style and script, and the ready wordings."""
    style = _read_stylesheet(files, page, "status.css", "compose.css")
    script = _read_script(files, "compose_check.js", "compose.js")
    policy = assets.build_policy(str(style), str(script))
    return {"style": style, "script": script, "policy": policy, "wordings": wordings}


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


class _Renderer(NamedTuple):
    """Renders the pages of one language."""

    page: Page
    shared: _Shared
    language: Language
    context: Mapping[str, Any]

    def render_all(self) -> Iterator[tuple[str, bytes]]:
        yield self._render_page("index.html", "")
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
        if compose.is_offered(self.page):
            yield self._render_page("compose.html", COMPOSE, **self.shared.compose)
        for month in self.page.months:
            yield self._render_page("statement.html", sla.page_path(month), month=month)
        if self.language is self.shared.languages[0]:
            links = Links(self.page.settings, self.language.code, "", at_any_path=True)
            yield "404.html", self._render("404.html", links)

    def _render_page(self, template: str, path: str, **variables: object) -> tuple[str, bytes]:
        """The path and content of a page in a folder of its own."""
        links = Links(self.page.settings, self.language.code, path)
        folder = self.page.settings.folder(self.language.code) + path
        return f"{folder}index.html", self._render(template, links, **variables)

    def _render(self, template: str, links: Links, **variables: object) -> bytes:
        context = {**self.context, "links": links, **variables}
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
        "style": shared.style,
        "icons": shared.icons,
        "script": shared.script,
        "logo": shared.logo,
        "logo_dark": shared.logo_dark,
        "policy": assets.build_policy(str(shared.style), str(shared.script)),
        "tab_icon": assets.build_tab_icon(str(shared.icons), page.banner.status),
    }
