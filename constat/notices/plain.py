"""Sanitised HTML as plain text, for mail, chat, calendars and programs."""

import re
from html import unescape
from typing import Final

_TAG: Final = re.compile(r'<(/?)([a-z0-9]+)((?:[^>"]|"[^"]*")*)>')
_BLOCKS: Final = frozenset({"p", "ul", "ol", "blockquote", "pre", "table", "tr", "h3", "h4", "h5", "h6"})
_LINK: Final = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_CELLS: Final = re.compile(r"</t[hd]>\s*(?=<t[hd]>)")
_ROWS: Final = re.compile(r"\s*(</?(?:thead|tbody|tr)>)\s*")
_START: Final = re.compile(r'\bstart="(\d{1,9})"')
_NESTED: Final = "  "
_ITEMS: Final = re.compile(r"(?<=<li>)\s*<p>|(?<=[uo]l>)\s+(?=</li>)")
"""White space that would separate an item from its own marker or from the next item."""
_ALT: Final = re.compile(r'<img[^>]*\salt="([^"]*)"[^>]*>')


def to_plain_text(html: str) -> str:
    """Convert sanitised HTML: paragraphs apart, list items after a hyphen or their number, table rows on a line, URLs in brackets."""
    text = _LINK.sub(_replace_link, html) if "<a " in html else html
    text = _ALT.sub(r"\1", text) if "<img" in text else text
    text = _ROWS.sub(r"\1", _CELLS.sub(" | ", text)) if "<table" in text else text
    text = _ITEMS.sub("", text) if "<li>" in text else text
    text = unescape(_TAG.sub(_Tags().replace, text))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _replace_link(match: re.Match[str]) -> str:
    target, words = match[1], match[2]
    if words in (target.removeprefix("mailto:"), target.removeprefix("http://")) or not re.match(
        r"https?:", target
    ):
        return words
    return f"{words} ({target})"


class _Tags:
    """Replaces the tags of one text, and counts the items of the lists that are open."""

    def __init__(self) -> None:
        self._next: list[int | None] = []
        """The number of the next item of each open list; `None` for a list without numbers."""

    def replace(self, match: re.Match[str]) -> str:
        """Replace one tag."""
        closing, tag, attributes = match.groups()
        if tag in ("ul", "ol"):
            return self._close_list() if closing else self._open_list(tag, attributes)
        if tag == "li" and not closing:
            return self._begin_item()
        return "\n" if tag in _BLOCKS and closing else ""

    def _open_list(self, tag: str, attributes: str) -> str:
        start = _START.search(attributes)
        self._next.append((int(start[1]) if start else 1) if tag == "ol" else None)
        return ""

    def _close_list(self) -> str:
        if self._next:
            self._next.pop()
        return "" if self._next else "\n"

    def _begin_item(self) -> str:
        number = self._next[-1] if self._next else None
        if number is not None:
            self._next[-1] = number + 1
        return f"{_NESTED * (len(self._next) - 1)}{'-' if number is None else f'{number}.'} "
