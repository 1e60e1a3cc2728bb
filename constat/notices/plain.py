"""Sanitised HTML as plain text, for mail, chat, calendars and programs."""

import re
from html import unescape
from typing import Final

_TAG: Final = re.compile(r'<(/?)([a-z0-9]+)((?:[^>"]|"[^"]*")*)>')
_BLOCKS: Final = frozenset({"p", "ul", "ol", "blockquote", "pre", "table", "tr", "h3", "h4", "h5", "h6"})
_LINK: Final = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_CELLS: Final = re.compile(r"</t[hd]>\s*(?=<t[hd]>)")
_ROWS: Final = re.compile(r"\s*(</?(?:thead|tbody|tr)>)\s*")
_ALT: Final = re.compile(r'<img[^>]*\salt="([^"]*)"[^>]*>')


def to_plain_text(html: str) -> str:
    """Convert sanitised HTML: paragraphs apart, list items after a hyphen, table rows on a line, URLs in brackets."""
    text = _LINK.sub(_replace_link, html) if "<a " in html else html
    text = _ALT.sub(r"\1", text) if "<img" in text else text
    text = _ROWS.sub(r"\1", _CELLS.sub(" | ", text)) if "<table" in text else text
    text = unescape(_TAG.sub(_replace_tag, text))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _replace_link(match: re.Match[str]) -> str:
    target, words = match[1], match[2]
    if target.removeprefix("mailto:") == words or not re.match(r"https?:", target):
        return words
    return f"{words} ({target})"


def _replace_tag(match: re.Match[str]) -> str:
    closing, tag = match[1], match[2]
    if tag == "li" and not closing:
        return "- "
    return "\n" if tag in _BLOCKS and closing else ""
