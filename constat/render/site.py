"""Every page of the site, in every language."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from constat.i18n import Language
from constat.page import Page
from constat.posts import addresses
from constat.render import (
    annex,
    assets,
    charts,
    days,
    hosting,
    how,
    labels,
    notice_texts,
    reasons,
    services,
    sla,
    support,
)
from constat.render.banner import write_headline
from constat.render.links import Links

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Environment


def render_pages(
    page: Page,
    files: Mapping[str, bytes],
    languages: Mapping[str, Language],
    compiled: "BytecodeCache | None" = None,
) -> dict[str, bytes]:
    """Every page of the site by its path.

    `files` holds what is below `templates/`, by its path there; `languages` are those of the page, by code.
    `compiled` keeps templates from one build to the next; it changes no byte.

    Raises:
        InputError: a logo is missing or too large.

    """
    brand = page.settings.brand
    shared = _Shared(
        _environment(files, compiled),
        tuple(languages.values()),
        Markup(assets.themed(assets.compress(assets.text(files, "status.css")), brand)),  # noqa: S704 -- a template
        Markup(assets.text(files, "icons.svg").strip()),  # noqa: S704 -- a template
        Markup(assets.compress_script(assets.text(files, "page.js"))),  # noqa: S704 -- a template
        assets.picture(files, brand.logo, "logo"),
        assets.picture(files, brand.logo_dark, "logo_dark"),
    )
    pages = dict(
        written
        for language in shared.languages
        for written in _Site(page, shared, language, _said(page, shared, language)).pages()
    )
    return pages | hosting.build_files(page.settings, pages)


class _Shared(NamedTuple):
    """What the pages have in common."""

    environment: "Environment"
    languages: tuple[Language, ...]
    style: Markup
    icons: Markup
    script: Markup
    logo: Markup
    logo_dark: Markup


def _environment(files: Mapping[str, bytes], compiled: "BytecodeCache | None") -> "Environment":
    from jinja2 import DictLoader, Environment, StrictUndefined  # noqa: PLC0415 -- only where pages are written

    templates = {
        name: data.decode() for name, data in files.items() if name.endswith((".html", ".txt", ".xml"))
    }
    return Environment(
        loader=DictLoader(templates),
        autoescape=True,
        bytecode_cache=compiled,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


class _Site(NamedTuple):
    """The pages of one language."""

    page: Page
    shared: _Shared
    language: Language
    said: Mapping[str, Any]

    def pages(self) -> Iterator[tuple[str, bytes]]:
        yield self._folder("index.html", "")
        for shown in self.page.notices:
            yield self._folder("notice.html", addresses.notice_path(shown.notice.stem), shown=shown)
        for service in self.page.services:
            yield self._folder("service.html", services.address(service), service=service)
        for archived in self.page.archive:
            yield self._folder("month.html", f"history/{archived.name}/", month=archived)
        for name in ("sla", "support", "subscribe", "how", "deliverability"):
            yield self._folder(f"{name}.html", f"{name}/")
        for month in self.page.months:
            yield self._folder("statement.html", sla.address(month), month=month)
        if self.language is self.shared.languages[0]:
            lost = Links(self.page.settings, self.language.code, "", anywhere=True)
            yield "404.html", self._text("404.html", lost)

    def _folder(self, template: str, path: str, **more: object) -> tuple[str, bytes]:
        """A page in a folder of its own: its path in the site and its bytes."""
        links = Links(self.page.settings, self.language.code, path)
        where = self.page.settings.folder(self.language.code) + path
        return f"{where}index.html", self._text(template, links, **more)

    def _text(self, template: str, links: Links, **more: object) -> bytes:
        context = {**self.said, "links": links, **more}
        return self.shared.environment.get_template(template).render(context).encode()


def _said(page: Page, shared: _Shared, language: Language) -> Mapping[str, Any]:
    """What every template of a language sees, made once."""
    return {
        "page": page,
        "language": language,
        "languages": shared.languages,
        "say": language.say,
        "say_many": language.say_many,
        "banner": write_headline(page, language),
        "days": days,
        "notices": notice_texts,
        "labels": labels,
        "sla": sla,
        "annex": annex,
        "charts": charts,
        "services": services,
        "reasons": reasons,
        "support": support,
        "how": how,
        "style": shared.style,
        "icons": shared.icons,
        "script": shared.script,
        "logo": shared.logo,
        "logo_dark": shared.logo_dark,
        "policy": assets.policy(str(shared.style), str(shared.script)),
        "tab_icon": assets.tab_icon(str(shared.icons), page.banner.status),
    }
