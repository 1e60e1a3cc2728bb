"""What every page carries inside itself: the stylesheet, the icons, the policy that allows no more than that."""

import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import quote

from markupsafe import Markup

from constat.errors import InputError, Problem
from constat.model import Brand, Status

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACES = re.compile(r"\s+")
_TIGHT = re.compile(r"\s*([{};,])\s*|(:)\s+")
_SYMBOL = '<symbol id="i-{}" viewBox="0 0 16 16">'

COLOURS = {
    Status.OPERATIONAL: ("up", "#138572"),
    Status.MAINTENANCE: ("maint", "#2f5bd0"),
    Status.DEGRADED: ("degraded", "#c38804"),
    Status.OUTAGE: ("outage", "#94131f"),
    Status.NO_DATA: ("nodata", "#8a92a0"),
}
"""The icon of a status and its colour in a browser's tab."""


def compress(stylesheet: str) -> str:
    """A stylesheet without comments and spaces that mean nothing."""
    plain = _SPACES.sub(" ", _COMMENT.sub("", stylesheet))
    return _TIGHT.sub(lambda found: found[1] or found[2], plain).replace(";}", "}").strip()


def compress_script(script: str) -> str:
    """A script without comments that stand by themselves, indents and empty lines."""
    lines = (line.strip() for line in _COMMENT.sub("", script).splitlines())
    return "\n".join(line for line in lines if line)


def _hash(inline: str) -> str:
    return f"'sha256-{b64encode(sha256(inline.encode()).digest()).decode()}'"


def policy(style: str, script: str) -> Markup:
    """The content security policy of a page with this style and script, which the page itself obeys."""
    rules = {
        "default-src": "'none'",
        "style-src": _hash(style),
        "script-src": _hash(script) if script else "'none'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return Markup("; ".join(f"{name} {value}" for name, value in rules.items()))  # noqa: S704 -- our own text


def tab_icon(icons: str, status: Status) -> Markup:
    """The icon of the browser's tab, as an address that needs no request."""
    name, colour = COLOURS[status]
    opening = _SYMBOL.format(name)
    start = icons.index(opening) + len(opening)
    drawing = icons[start : icons.index("</symbol>", start)]
    drawing = drawing.replace("currentColor", colour).replace("var(--bg)", "#fff")
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">{drawing}</svg>'
    return Markup("data:image/svg+xml," + quote(svg.replace('"', "'"), safe="'/=:,.-"))  # noqa: S704 -- our own text


TYPES = {"svg": "image/svg+xml", "png": "image/png"}
LARGEST_LOGO = 24_000
"""Bytes. A logo stands in every page."""


def themed(style: str, brand: Brand) -> str:
    """The stylesheet with the colours of a brand."""
    own = f":root{{--link:{brand.accent}}}" if brand.accent else ""
    dark = (
        f"@media (prefers-color-scheme:dark){{:root{{--link:{brand.accent_dark}}}}}"
        if brand.accent_dark
        else ""
    )
    return style + (own + (dark or _dark_again(own)))


def _dark_again(own: str) -> str:
    """An accent for light pages alone must not darken links on dark ones."""
    return "@media (prefers-color-scheme:dark){:root{--link:#8ab8ff}}" if own else ""


def picture(files: Mapping[str, bytes], name: str | None, key: str) -> Markup:
    """A logo as an address that needs no request; empty where there is none.

    Raises:
        InputError: it is not in `templates/`, or too large to stand in every page.

    """
    if name is None:
        return Markup()
    if name not in files:
        raise InputError([Problem("status.yml", 0, 0, f"page.brand.{key}: there is no templates/{name}")])
    data = files[name]
    if len(data) > LARGEST_LOGO:
        told = f"page.brand.{key}: templates/{name} has {len(data)} bytes"
        hint = f"at most {LARGEST_LOGO}: it stands in every page"
        raise InputError([Problem("status.yml", 0, 0, told, hint)])
    encoded = b64encode(data).decode()
    return Markup(f"data:{TYPES[name.rpartition('.')[2]]};base64,{encoded}")  # noqa: S704 -- base64


def text(files: Mapping[str, bytes], name: str) -> str:
    """A file of the templates as text."""
    return files[name].decode()
