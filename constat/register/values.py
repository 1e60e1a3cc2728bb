"""The plain values in the register's JSON: each is validated, since a line may have been written by anyone."""

import re
from decimal import Decimal
from typing import cast, get_args

from constat.model import Affects, Require

_NUMBER = re.compile(r"\d{1,3}(\.\d{1,12})?")


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
