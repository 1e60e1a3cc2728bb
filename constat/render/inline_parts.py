"""The stylesheet and the script that a page contains, without the parts that it has no use for, and the policy for both.

In `status.css` and `page.js`, `/*[name*/` and `/*name]*/` enclose what only some pages need: `deep` is for every page but
the index, `many` for an index of many services, `ask` for pages with the check from here.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from constat.page import Page
from constat.render import assets, compose

BRAND_SHEET = "brand.css"
"""A file that only projects have: what it says comes after our stylesheet, which it need not repeat."""


COMPOSE_SCRIPTS = ("compose_check.js", "compose_times.js", "compose.js")


class InlineParts(NamedTuple):
    """The style and the script of a page, and the policy that allows these."""

    style: Markup
    script: Markup
    policy: Markup


def build_index_parts(files: Mapping[str, bytes], page: Page) -> InlineParts:
    """The parts of the index."""
    return _build_parts(files, page, {"many"} if page.is_compact else set())


def build_deep_parts(files: Mapping[str, bytes], page: Page, sheets: Sequence[str] = ()) -> InlineParts:
    """The parts of every other page; `sheets`: stylesheets that it has besides."""
    return _build_parts(files, page, {"deep"}, sheets)


def build_compose_parts(files: Mapping[str, bytes], page: Page) -> InlineParts:
    """The parts of the page on which notices are written: a script of its own."""
    style = _build_style(files, page, {"deep"}, ["compose.css"])
    scripts = (assets.minify_script(assets.decode_file(files, name)) for name in COMPOSE_SCRIPTS)
    return _join(style, "\n".join(scripts))


def build_resolver_parts(files: Mapping[str, bytes], page: Page, resolver: str) -> InlineParts:
    """The parts of the page about deliverability where readers' browsers may ask the project's resolver."""
    deep = build_deep_parts(files, page)
    script = assets.minify_script(assets.decode_file(files, "domain_check.js"))
    asked = [*(service.from_here for service in page.services if service.from_here), resolver]
    return _join(deep.style, f"{deep.script}\n{script}", asked)


def _build_parts(
    files: Mapping[str, bytes], page: Page, wanted: set[str], sheets: Sequence[str] = ()
) -> InlineParts:
    asked = [service.from_here for service in page.services if service.from_here]
    wanted = wanted | {"ask"} if asked else wanted
    script = assets.minify_script(assets.select_parts(assets.decode_file(files, "page.js"), wanted))
    return _join(_build_style(files, page, wanted, sheets), script, asked)


def _build_style(files: Mapping[str, bytes], page: Page, wanted: set[str], sheets: Sequence[str]) -> str:
    stylesheet = assets.select_parts(_read_stylesheet(files, page, sheets), wanted)
    return assets.apply_brand(assets.minify_stylesheet(stylesheet), page.settings.brand)


def _join(style: str, script: str, asked: Sequence[str] = ()) -> InlineParts:
    return InlineParts(Markup(style), Markup(script), assets.build_policy(style, script, asked))  # noqa: S704 -- templates


def _read_stylesheet(files: Mapping[str, bytes], page: Page, sheets: Sequence[str]) -> str:
    """The stylesheet, with what only some sites need: how imported days look, and links for maintainers."""
    needed = {
        "status.css": True,
        "imported.css": page.shows_imported,
        "maintain.css": compose.is_offered(page),
        **dict.fromkeys(sheets, True),
        BRAND_SHEET: BRAND_SHEET in files,
    }
    return "".join(assets.decode_file(files, name) for name, is_needed in needed.items() if is_needed)
