"""Reasons as cells of the evidence: people can read them, and every CSV reader takes each for one cell.

In a cell, a per cent sign, a comma and a double quote are written %25, %2C and %22, so that a line can be split at its
commas. Whoever shows a reason decodes it, and escapes it as its own format asks.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import groupby
from typing import Final

LONGEST: Final = 200
"""The most characters of a reason that are kept."""

_CODES: Final = {"%": "%25", ",": "%2C", '"': "%22"}
_ENCODED: Final = re.compile(r"%(?:25|2C|22)")
_DECODED: Final = {code: letter for letter, code in _CODES.items()}
_SPACES: Final = re.compile(r"\s+")
_FORMULA: Final = "=+-@ "
"""Characters that a spreadsheet would take for the beginning of a formula, and the space, which nobody would see."""


def make_printable(text: str) -> str:
    """Reduce foreign text to printable characters in NFC, on one line.

    Format characters (direction, joining) are left out; others that cannot be printed become a question mark.
    """
    if text.isascii() and text.isprintable():
        return _SPACES.sub(" ", text).strip()
    one_line = _SPACES.sub(" ", unicodedata.normalize("NFC", text))
    runs = (
        "".join(letters) if fit else _replace_unprintable(letters)
        for fit, letters in groupby(one_line, str.isprintable)
    )
    return "".join(runs).strip()


def _replace_unprintable(unprintable: Iterable[str]) -> str:
    """The replacement for a run of characters that cannot be printed."""
    return "" if all(unicodedata.category(letter) == "Cf" for letter in unprintable) else "?"


def encode_reason(reason: str) -> str:
    """Encode a reason as a cell."""
    kept = make_printable(reason).lstrip(_FORMULA)[:LONGEST].rstrip()
    return "".join(_CODES.get(letter, letter) for letter in kept)


def decode_reason(cell: str) -> str:
    """Decode the cell of a reason."""
    return _ENCODED.sub(lambda code: _DECODED[code[0]], cell) if "%" in cell else cell
