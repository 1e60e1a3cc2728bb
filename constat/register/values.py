"""The plain values in the JSON of registers and statements: each is validated, since anyone may have written it."""

import re
from decimal import Decimal
from typing import cast, get_args

from constat.model import Affects, Require

_LONGEST_WHY = 200
"""The most characters of a reason that quotes the input."""
_NUMBER = re.compile(r"\d{1,3}(\.\d{1,12})?")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def describe_fault(error: Exception) -> str:
    """Say why a value was refused, cut short: the reason may quote the value, which may be of any length."""
    return str(error)[:_LONGEST_WHY]


def read_text(value: object) -> str:
    """A text."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def read_flag(value: object) -> bool:
    """A truth value."""
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def read_whole(value: object, *, at_least: int = 0) -> int:
    """A whole number."""
    if not isinstance(value, int) or isinstance(value, bool) or value < at_least:
        raise ValueError(f"{value!r} is not a whole number of at least {at_least}")
    return value


def read_hash(value: object) -> str:
    """A SHA-256 in hexadecimal."""
    text = read_text(value)
    if not _SHA256.fullmatch(text):
        raise ValueError(f"{text!r} is not a SHA-256 in hexadecimal")
    return text


def read_percentage(value: object) -> Decimal:
    """A percentage, which is written as text."""
    text = read_text(value)
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is not a percentage")
    return Decimal(text)


def read_affects(value: object) -> Affects:
    """What a check affects."""
    for choice in get_args(Affects):
        if value == choice:
            return cast("Affects", choice)
    raise ValueError(f"{value!r} is not one of {', '.join(get_args(Affects))}")


def read_require(value: object) -> Require:
    """Whether all checks are required, or any."""
    for choice in get_args(Require):
        if value == choice:
            return cast("Require", choice)
    raise ValueError(f"{value!r} is not one of {', '.join(get_args(Require))}")
