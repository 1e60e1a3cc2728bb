"""Texts of other tools as Markdown that our notices can hold: no raw HTML, no comments, no heading of an update.

Every visible word is kept, and code is left as it is.
"""

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Final

from constat.moving.blocks import fit_blocks
from constat.moving.html_scan import Piece, Sort, scan
from constat.moving.html_tags import UNSEEN_TAGS
from constat.notices import markup

_MARKS: Final = {"b": "**", "strong": "**", "i": "*", "em": "*", "cite": "*"}
_STRUCK: Final = frozenset({"strike", "s", "del"})
_CODE: Final = frozenset({"code", "tt", "kbd", "samp"})
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS: Final = frozenset(
    [
        "p",
        "div",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "table",
        "section",
        "article",
        "header",
        "footer",
        "center",
        "blockquote",
        "details",
        "summary",
        "figure",
    ]
)
_ENDLESS: Final = {"br": "  \n", "hr": "\n\n---\n\n", "wbr": "", "input": "", "meta": "", "link": ""}
_KEPT: Final = (
    frozenset(_MARKS)
    | _STRUCK
    | _CODE
    | _HEADINGS
    | frozenset(["a", "p", "br", "hr", "ul", "ol", "li", "pre", "img"])
)
_MOST_OPEN: Final = 40
"""Tags inside each other; no text needs as many, and those beyond are taken out."""


@dataclass(slots=True)
class Prose:
    """A text in our Markdown, and what was taken out of it: the words of comments, and tags whose words were kept."""

    text: str = ""
    comments: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    """An element that is not closed yet."""

    name: str
    attributes: dict[str, str]
    out: list[str] = field(default_factory=list)


def to_markdown(source: str) -> Prose:
    """Turn a text with Markdown and HTML into Markdown alone."""
    writer = _Writer()
    for piece in scan(tidy(source)):
        writer.add(piece)
    text = fit_blocks(writer.finish())
    return Prose(text, writer.comments, list(dict.fromkeys(writer.dropped)))


def tidy(text: str) -> str:
    """Give a text our line ends, and take out what no text needs: control characters and byte order marks."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    while match := markup.find_control_character(text):
        text = text.replace(match[0], "")
    return text


class _Writer:
    def __init__(self) -> None:
        self.stack = [_Open("", {})]
        self.comments: list[str] = []
        self.dropped: list[str] = []

    def add(self, piece: Piece) -> None:
        """Add the next piece."""
        if piece.sort is Sort.COMMENT:
            self._note_comment(piece.text)
        elif piece.sort is Sort.OPENING:
            self._open(piece.name, _read_attributes(piece))
        elif piece.sort is Sort.CLOSING:
            self._close(piece.name)
        else:
            self.stack[-1].out.append(piece.text)

    def finish(self) -> str:
        """Return the whole text; elements that were never closed count as words."""
        while len(self.stack) > 1:
            self._merge()
        return "".join(self.stack[0].out)

    def _note_comment(self, text: str) -> None:
        words = " ".join(text.split())
        if words:
            self.comments.append(words)

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        if name not in _KEPT and name not in UNSEEN_TAGS:
            self.dropped.append(name)
        if name == "img":
            self.stack[-1].out.append(_write_picture(attributes))
        elif name in _ENDLESS:
            self.stack[-1].out.append(_ENDLESS[name])
        elif len(self.stack) <= _MOST_OPEN:
            self.stack.append(_Open(name, attributes))

    def _merge(self) -> None:
        """Give the words of an element that was never closed to the one around it."""
        inner = self.stack.pop()
        if inner.name in UNSEEN_TAGS:
            self.dropped.append(inner.name)
        self.stack[-1].out.extend(inner.out)

    def _close(self, name: str) -> None:
        if name not in (each.name for each in self.stack):
            return
        while self.stack[-1].name != name:
            self._merge()
        element = self.stack.pop()
        if name in UNSEEN_TAGS:
            self._note_comment(f"{name}: {''.join(element.out)}")
        holder = self.stack[-1].name
        self.stack[-1].out.append(_write(element, "".join(element.out), holder))


def _read_attributes(piece: Piece) -> dict[str, str]:
    attributes: dict[str, str] = {}

    class Reader(HTMLParser):
        def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
            attributes.update({name: value or "" for name, value in attrs})

    if piece.text.strip(" /"):
        Reader().feed(f"<{piece.name} {piece.text}>")
    return attributes


def _write(element: _Open, inner: str, holder: str) -> str:
    """Write an element in Markdown; of one that Markdown does not have, only the words."""
    name = element.name
    if name == "a":
        return _write_link(inner, element.attributes.get("href", ""))
    if name in _MARKS or name in _STRUCK:
        before, after = ("<del>", "</del>") if name in _STRUCK else (_MARKS[name], _MARKS[name])
        return _wrap(inner, before, after)
    if name in _CODE:
        return inner if holder == "pre" else _write_span(unescape(inner))
    if name == "pre":
        return _write_fence(unescape(inner))
    return "" if name in UNSEEN_TAGS else _write_block(name, inner, holder)


def _write_block(name: str, inner: str, holder: str) -> str:
    if name in _HEADINGS:
        return f"\n\n### {' '.join(inner.split())}\n\n"
    if name == "li":
        return f"\n{'1.' if holder == 'ol' else '-'} {' '.join(inner.split())}"
    if name in ("td", "th"):
        return f"{inner.strip()} "
    if name == "tr":
        return f"\n{inner.strip()}  "
    return f"\n\n{inner.strip()}\n\n" if name in _BLOCKS else inner


def _wrap(inner: str, before: str, after: str) -> str:
    """Put marks around words, not around the spaces beside them; marks cannot span an empty line."""
    words = inner.strip()
    if not words or "\n\n" in words:
        return inner
    lead, trail = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
    return f"{lead}{before}{words}{after}{trail}"


def _write_link(inner: str, target: str) -> str:
    words = " ".join(inner.split())
    if not target.strip() or not words or "![" in words:
        return inner
    safe = target.strip().replace(" ", "%20").replace("(", "%28").replace(")", "%29")
    return f"[{words}]({safe})"


def _write_span(inner: str) -> str:
    words = " ".join(inner.split())
    marks = "``" if "`" in words else "`"
    gap = " " if "`" in words else ""
    return f"{marks}{gap}{words}{gap}{marks}" if words else ""


def _write_fence(inner: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", inner)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"\n\n{fence}\n{inner.strip(chr(10))}\n{fence}\n\n"


def _write_picture(attributes: dict[str, str]) -> str:
    source = attributes.get("src", "").strip().replace(" ", "%20")
    words = " ".join(attributes.get("alt", "").split())
    return f"![{words}]({source})" if source else words
