"""Titles as our notices have them: one line of plain words, at most 120 characters."""

import re
from html import unescape
from typing import Final, NamedTuple

from constat.moving.html_tags import KNOWN_TAGS
from constat.notices import markup
from constat.notices.front import LONGEST_TITLE

_TAG: Final = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)(?:\s[^<>]*)?/?>|<!--.*?-->")
_OPENS_TAG: Final = re.compile(r"<(?=[A-Za-z/!])")


class Title(NamedTuple):
    """A title. `whole` is all of it where it had to be cut, else empty."""

    text: str
    whole: str


def make_title(written: str) -> Title:
    """Make a title from that of a source: entities are decoded, tags and backticks removed, every word kept."""
    words = clean_words(written)
    if len(words) <= LONGEST_TITLE:
        return Title(words, "")
    head = words[: LONGEST_TITLE - 1]
    cut = head.rfind(" ")
    return Title((head[:cut] if cut > LONGEST_TITLE // 2 else head).rstrip() + "…", words)


def clean_words(written: str) -> str:
    """Reduce a text to plain words on one line."""
    bare = unescape(_TAG.sub(_drop_known, written)).replace("`", "")
    return " ".join(_OPENS_TAG.sub("< ", strip_unseen(bare)).split())


def strip_unseen(text: str) -> str:
    """Take out what nobody sees: control, direction and invisible characters."""
    for find in (
        markup.find_control_character,
        markup.find_bidi_character,
        markup.find_invisible_character,
    ):
        match = find(text)
        while match:
            text = text.replace(match[0], "")
            match = find(text)
    return text


def _drop_known(match: re.Match[str]) -> str:
    """Drop a tag of HTML, or a comment; keep what only looks like a tag."""
    return match[0] if match[1] and match[1].lower() not in KNOWN_TAGS else ""
