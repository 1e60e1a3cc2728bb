"""Slugs as Upptime makes them: camel case split into words, anything but letters and digits replaced by a hyphen."""

import re
import unicodedata
from typing import Final

_NAMED: Final = {"&": " and ", "🦄": " unicorn ", "♥": " love "}
_LETTERS: Final = {
    "ß": "ss",
    "æ": "ae",
    "Æ": "AE",
    "ø": "o",
    "Ø": "O",
    "đ": "d",
    "Đ": "D",
    "ł": "l",
    "Ł": "L",
    "þ": "th",
    "Þ": "TH",
    "ð": "d",
    "œ": "oe",
    "Œ": "OE",
}
_UMLAUT: Final = re.compile("([aouAOU])\u0308")
"""A letter followed by a combining diaeresis, which German writes as an `e` after the letter."""
_CAMEL: Final = (
    re.compile(r"(?<=[A-Z]{2})(?=\d)"),
    re.compile(r"(?<=[a-z\d])(?=[A-Z])"),
    re.compile(r"(?<=[A-Z])(?=[A-Z][a-rt-z\d])"),
)
"""Where a word ends: before digits behind capitals, before a capital, and before the last of several capitals unless an
`s` follows it (a plural, as in `APIs`)."""


def make_slug(name: str) -> str:
    """Make the slug of a name: `GitHub` is `git-hub`, `MySQL` `my-sql`."""
    for letter, words in {**_NAMED, **_LETTERS}.items():
        name = name.replace(letter, words)
    parted = _UMLAUT.sub(r"\1e", unicodedata.normalize("NFKD", name))
    plain = "".join(letter for letter in parted if not unicodedata.combining(letter))
    for boundary in _CAMEL:
        plain = boundary.sub(" ", plain)
    plain = re.sub(r"([a-z\d]+)'([ts])(?=\s|$)", r"\1\2", plain.lower())
    return re.sub(r"[^a-z\d]+", "-", plain).strip("-")
