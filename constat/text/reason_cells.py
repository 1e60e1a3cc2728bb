"""Reasons as cells of the evidence: what people read keeps its letters, and no reader of CSV can take it for anything else.

In a cell, a per cent sign, a comma and a double quote are written %25, %2C and %22, so that a line can be split at its
commas. Whoever shows a reason decodes it, and escapes it as its own format asks.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import groupby
from typing import Final

LONGEST: Final = 200
"""So many characters of a reason are kept."""

_CODES: Final = {"%": "%25", ",": "%2C", '"': "%22"}
_ENCODED: Final = re.compile(r"%(?:25|2C|22)")
_MEANT: Final = {code: letter for letter, code in _CODES.items()}
_SPACES: Final = re.compile(r"\s+")
_FORMULA: Final = "=+-@ "
"""What a spreadsheet would take for the beginning of a formula, or a person not see."""


def make_printable(text: str) -> str:
    """Reduce foreign text to printable characters in NFC, on one line.

    Characters that only steer (direction, joining) are left out, others that nobody can print become a question mark.
    """
    if text.isascii() and text.isprintable():
        return _SPACES.sub(" ", text).strip()
    one_line = _SPACES.sub(" ", unicodedata.normalize("NFC", text))
    runs = (
        "".join(letters) if fit else _stand_in(letters) for fit, letters in groupby(one_line, str.isprintable)
    )
    return "".join(runs).strip()


def _stand_in(unprintable: Iterable[str]) -> str:
    """What stands for characters that cannot be printed."""
    return "" if all(unicodedata.category(letter) == "Cf" for letter in unprintable) else "?"


def encode_reason(reason: str) -> str:
    """Write a reason as a cell."""
    kept = make_printable(reason).lstrip(_FORMULA)[:LONGEST].rstrip()
    return "".join(_CODES.get(letter, letter) for letter in kept)


def decode_reason(cell: str) -> str:
    """Read the cell of a reason as people do."""
    return _ENCODED.sub(lambda code: _MEANT[code[0]], cell) if "%" in cell else cell
