"""The logo of BIMI: an SVG of the profile Tiny Portable/Secure (draft-svg-tiny-ps-abrotman)."""

import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LARGEST = 32_768
"""How many bytes large mail services accept."""
_SVG = "{http://www.w3.org/2000/svg}"
_FORBIDDEN = frozenset(
    (
        *("a", "animate", "animateColor", "animateMotion", "animateTransform", "audio", "discard", "filter"),
        *("foreignObject", "handler", "iframe", "image", "listener", "script", "set", "style", "switch"),
        "video",
    )
)
"""Elements that move, listen, load or link."""
_GZIP = b"\x1f\x8b"


class LogoError(Exception):
    """Receivers do not show this logo. `what`: the element or attribute at fault; empty if it is not SVG at all."""

    def __init__(self, what: str = "") -> None:
        super().__init__(what)
        self.what = what


def inspect_logo(document: bytes) -> bool:
    """Check a logo against the profile; return whether it is as wide as it is high.

    Raises:
        LogoError: receivers refuse it.

    """
    root = _parse(_unpack(document))
    if root.tag != f"{_SVG}svg":
        raise LogoError
    fault = next(_find_faults(root), None)
    if fault is not None:
        raise LogoError(fault)
    return _is_square(root)


def _unpack(document: bytes) -> bytes:
    """Unpack a logo, if it is compressed.

    Raises:
        LogoError: it cannot be unpacked, or is too long.

    """
    if not document.startswith(_GZIP):
        return document
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        unpacked = unpacker.decompress(document, 8 * LARGEST)
    except zlib.error as error:
        raise LogoError from error
    if not unpacker.eof:
        raise LogoError
    return unpacked


def _parse(document: bytes) -> "Element":
    """Parse the XML. A document type could declare entities that fill the memory, and no logo needs one.

    Raises:
        LogoError: it is not XML, or has a document type.

    """
    from xml.etree import ElementTree as ET

    class Plain(ET.TreeBuilder):
        """Refuses a document type before anything that it declares is used."""

        def doctype(self, *_: str | None) -> None:
            raise LogoError("DOCTYPE")

    try:
        return ET.fromstring(document, ET.XMLParser(target=Plain()))  # noqa: S314 (see above)
    except (ET.ParseError, ValueError, LookupError) as error:  # the last two: of encodings
        raise LogoError from error


def _find_faults(root: "Element") -> Iterator[str]:
    """Yield what breaks the profile, element by element."""
    if root.get("version") != "1.2":
        yield "version"
    if root.get("baseProfile") != "tiny-ps":
        yield "baseProfile"
    yield from (name for name in ("x", "y") if name in root.attrib)
    title = root.find(f"{_SVG}title")
    if title is None or not (title.text or "").strip():
        yield "title"
    for element in root.iter():
        name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if name in _FORBIDDEN:
            yield name
        yield from _find_links(element)


def _find_links(element: "Element") -> Iterator[str]:
    """Yield the attributes that lead out of the file, or run something."""
    for key, text in element.attrib.items():
        name = key.rpartition("}")[2]
        if (name == "href" and not text.startswith("#")) or name.lower().startswith("on"):
            yield name


def _is_square(root: "Element") -> bool:
    """Whether the sides of the view are equal, as 64 and 64.0 are; true if the logo does not give them."""
    view = (root.get("viewBox") or "").replace(",", " ").split()
    if len(view) < 4:  # noqa: PLR2004 - two corners of two numbers
        return True
    try:
        return float(view[2]) == float(view[3])
    except ValueError:
        return False
