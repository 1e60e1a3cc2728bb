"""Tables of the shapes that addresses may have: which name an address belongs to, and what its parts are."""

import re
from collections.abc import Mapping

Marks = Mapping[str, re.Pattern[str]]
"""A name -> the shape of its addresses, with a named group for each part."""


def find_name(marks: Marks, address: str) -> str | None:
    """The name that an address belongs to, if it has one of the shapes."""
    return next((name for name, mark in marks.items() if mark.fullmatch(address)), None)


def find_part(marks: Marks, address: str, part: str) -> str:
    """A part of an address; empty where it has none."""
    matches = (mark.fullmatch(address) for mark in marks.values())
    match = next(filter(None, matches), None)
    return (match.groupdict().get(part) or "") if match else ""
