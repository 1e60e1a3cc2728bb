"""The stylesheet and the script that a page contains, without the parts that it has no use for, and the policy for both.

In `status.css` and `page.js`, `/*[name*/` and `/*name]*/` enclose what only some pages need: `deep` is for every page but
the index, `many` for an index of many services, `ask` for pages with the check from here.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from constat.page import Page
from constat.render import assets

BRAND_SHEET = "brand.css"
"""A file that only projects have: what it says comes after our stylesheet, which it need not repeat."""


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


def _build_parts(
    files: Mapping[str, bytes], page: Page, wanted: set[str], sheets: Sequence[str] = ()
) -> InlineParts:
    asked = [service.from_here for service in page.services if service.from_here]
    wanted = wanted | {"ask"} if asked else wanted
    stylesheet = assets.select_parts(_read_stylesheet(files, page, sheets), wanted)
    style = assets.apply_brand(assets.minify_stylesheet(stylesheet), page.settings.brand)
    script = assets.minify_script(assets.select_parts(assets.decode_file(files, "page.js"), wanted))
    return InlineParts(Markup(style), Markup(script), assets.build_policy(style, script, asked))  # noqa: S704 -- templates


def _read_stylesheet(files: Mapping[str, bytes], page: Page, sheets: Sequence[str]) -> str:
    """The stylesheet; how imported days look is only in the pages of a site that has some."""
    added = [BRAND_SHEET] if BRAND_SHEET in files else []
    names = ["status.css", *(["imported.css"] if page.shows_imported else []), *sheets, *added]
    return "".join(assets.decode_file(files, name) for name in names)
