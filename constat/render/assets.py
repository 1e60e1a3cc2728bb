"""The parts that every page contains: the stylesheet, the script, icons and logos, and the policy that allows only these."""

import re
from base64 import b64encode
from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from constat.errors import InputError, Problem
from constat.model import Brand, Status

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACES = re.compile(r"\s+")
_TIGHT = re.compile(r"\s*([{};,])\s*|(:)\s+")
_SYMBOL = '<symbol id="i-{}" viewBox="0 0 16 16">'

TAB_ICONS = {
    Status.OPERATIONAL: ("up", "#138572"),
    Status.MAINTENANCE: ("maint", "#2f5bd0"),
    Status.DEGRADED: ("degraded", "#c38804"),
    Status.OUTAGE: ("outage", "#94131f"),
    Status.NO_DATA: ("nodata", "#8f897e"),
}
"""The icon of a status in a browser tab, and its colour."""


_PART = re.compile(r"/\*\[(\w+)\*/.*?/\*\1\]\*/", re.DOTALL)


def select_parts(text: str, wanted: Collection[str]) -> str:
    """A stylesheet or script without the parts, from `/*[name*/` to `/*name]*/`, whose names are not wanted."""
    return _PART.sub(lambda part: part[0] if part[1] in wanted else "", text)


def minify_stylesheet(stylesheet: str) -> str:
    """A stylesheet without comments and insignificant white space."""
    plain = _SPACES.sub(" ", _COMMENT.sub("", stylesheet))
    return _TIGHT.sub(lambda match: match[1] or match[2], plain).replace(";}", "}").strip()


def minify_script(script: str) -> str:
    """A script without block comments, indentation and empty lines."""
    lines = (line.strip() for line in _COMMENT.sub("", script).splitlines())
    return "\n".join(line for line in lines if line)


def _hash_source(inline: str) -> str:
    return f"'sha256-{b64encode(sha256(inline.encode()).digest()).decode()}'"


def build_policy(style: str, script: str, asked: Sequence[str] = ()) -> Markup:
    """The content security policy of a page with this inline style and script.

    `asked`: the addresses that a reader's browser may ask; the policy names their hosts.
    """
    origins = sorted({"{0.scheme}://{0.netloc}".format(urlsplit(address)) for address in asked})
    rules = {
        "default-src": "'none'",
        "style-src": _hash_source(style),
        "script-src": _hash_source(script) if script else "'none'",
        "img-src": "'self' data:",
        "connect-src": " ".join(("'self'", *origins)),
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return Markup("; ".join(f"{name} {value}" for name, value in rules.items()))  # noqa: S704 -- our own text


def build_tab_icon(icons: str, status: Status) -> Markup:
    """The icon of the browser tab as a data URL, which needs no request."""
    name, colour = TAB_ICONS[status]
    opening = _SYMBOL.format(name)
    start = icons.index(opening) + len(opening)
    drawing = icons[start : icons.index("</symbol>", start)]
    drawing = drawing.replace("currentColor", colour).replace("var(--bg)", "#fff")
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">{drawing}</svg>'
    return Markup("data:image/svg+xml," + quote(svg.replace('"', "'"), safe="'/=:,.-"))  # noqa: S704 -- our own text


LOGO_TYPES = {"svg": "image/svg+xml", "png": "image/png"}
MAX_LOGO_BYTES = 24_000
"""The most bytes of a logo, which every page contains."""


def apply_brand(style: str, brand: Brand) -> str:
    """The stylesheet with the accent colours of a brand; an accent for one theme alone leaves the other as it is."""
    light = f":root{{--accent:{brand.accent}}}" if brand.accent else ""
    # An accent for the light theme alone must not show on the dark page.
    dark_colour = brand.accent_dark or ("var(--text)" if brand.accent else "")
    dark = f"@media (prefers-color-scheme:dark){{:root{{--accent:{dark_colour}}}}}" if dark_colour else ""
    return style + light + dark


def build_logo(files: Mapping[str, bytes], name: str | None, key: str) -> Markup:
    """A logo as a data URL, empty for no name. `key` is its setting in `page.brand`.

    Raises:
        InputError: the logo is not in `templates/`, or too large.

    """
    if name is None:
        return Markup()
    if name not in files:
        raise InputError([Problem("status.yml", 0, 0, f"page.brand.{key}: there is no templates/{name}")])
    data = files[name]
    if len(data) > MAX_LOGO_BYTES:
        message = f"page.brand.{key}: templates/{name} has {len(data)} bytes"
        hint = f"use a logo of at most {MAX_LOGO_BYTES} bytes: every page contains it"
        raise InputError([Problem("status.yml", 0, 0, message, hint)])
    encoded = b64encode(data).decode()
    return Markup(f"data:{LOGO_TYPES[name.rpartition('.')[2]]};base64,{encoded}")  # noqa: S704 -- base64


def decode_file(files: Mapping[str, bytes], name: str) -> str:
    """The text of one of the template files."""
    return files[name].decode()
