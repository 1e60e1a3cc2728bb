"""Bodies that are plain text with a few HTML tags: what looks like Markdown in them may be meant literally."""

import re
from html import unescape
from typing import Final

from constat.moving.html_scan import Sort, scan
from constat.moving.html_tags import KNOWN_TAGS
from constat.moving.prose import Prose, tidy, to_markdown
from constat.notices.markup import Renderer, find_excess

_TAG: Final = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)(?:[\s/][^<>]*)?>|<!--.*?-->", re.DOTALL)
_BULLET: Final = re.compile(r"^\s*(?:[-*+•]|\d{1,9}[.)])\s+", re.MULTILINE)
_SOFT_BREAK: Final = re.compile(r"(?<=\S)[ \t]*\n(?=[ \t]*\S)")
_SPECIAL: Final = re.compile(r"([\\`*_\[\]#|])")
_LEADING: Final = re.compile(r"^([ \t]*)([-+=]|\d{1,9}(?=[.)])|&gt;|>)", re.MULTILINE)


class PlainBodies:
    """Turns plain bodies into Markdown that shows the same words."""

    def __init__(self) -> None:
        self._renderer = Renderer()

    def convert(self, body: str) -> Prose:
        """Turn a body into Markdown; it is read as Markdown only if every word of it is then still shown."""
        text = _SOFT_BREAK.sub("  \n", tidy(body))
        prose = to_markdown(text)
        if self._shows_all_words(prose.text, body):
            return prose
        return to_markdown(_escape(text))

    def _shows_all_words(self, markdown: str, body: str) -> bool:
        if find_excess(markdown):
            return True
        return _extract_letters(self._renderer.render(markdown).text) == _extract_letters(_strip_tags(body))


def _strip_tags(body: str) -> str:
    return unescape(
        _TAG.sub(lambda match: " " if not match[1] or match[1].lower() in KNOWN_TAGS else match[0], body)
    )


def _extract_letters(text: str) -> str:
    """The letters of a text without spaces and the marks of lists, which are written in different ways."""
    return "".join(_BULLET.sub("", text).replace("\ufeff", "").split())


def _escape(text: str) -> str:
    """Escape what Markdown would take for marks, outside of tags."""
    parts = []
    for piece in scan(text):
        if piece.sort in (Sort.OPENING, Sort.CLOSING):
            parts.append(f"<{'/' * (piece.sort is Sort.CLOSING)}{piece.name}{piece.text}>")
        elif piece.sort is Sort.COMMENT:
            parts.append(f"<!--{piece.text}-->")
        elif piece.text.startswith("<") and piece.sort is Sort.CODE:
            parts.append(piece.text)
        else:
            parts.append(_SPECIAL.sub(r"\\\1", piece.text))
    escaped = re.sub(r"^[ \t]+", "", "".join(parts), flags=re.MULTILINE)
    return _LEADING.sub(_escape_leading, escaped)


def _escape_leading(match: re.Match[str]) -> str:
    mark = match[2]
    if mark.isdigit():
        return f"{match[1]}{mark}\\"
    return f"{match[1]}\\{mark}" if mark in "-+=" else f"{match[1]}&gt;"
