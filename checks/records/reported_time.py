"""A time that somebody else wrote: ISO 8601, as `datetime.fromisoformat` reads it, or seconds or milliseconds since 1970."""

import re
from datetime import UTC, datetime

from constat.interval import FIRST_YEAR, LAST_YEAR, Instant

_SECONDS = re.compile(r"([0-9]{9,11})(?:\.[0-9]{1,9})?")
_MILLISECONDS = re.compile(r"([0-9]{12,14})")
_LONGEST = 64


def parse_reported_time(text: str, *, assume_utc: bool = False) -> Instant:
    """Read a time, cut to the second. `assume_utc`: whether a time without an offset is taken as UTC.

    Raises:
        ValueError: it is not such a time.

    """
    text = text.strip()
    if match := _SECONDS.fullmatch(text):
        return int(match[1])
    if match := _MILLISECONDS.fullmatch(text):
        return int(match[1]) // 1000
    if len(text) > _LONGEST:
        raise ValueError("too long for a time")
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        if not assume_utc:
            raise ValueError("a time without an offset")
        time = time.replace(tzinfo=UTC)
    if not FIRST_YEAR <= time.year <= LAST_YEAR:
        raise ValueError("a year too far away")
    return int(time.timestamp())


_UNITS = (("d", 86_400), ("h", 3600), ("min", 60))
_SECONDS_ALONE_BELOW = 120


def describe_distance(seconds: int) -> str:
    """Describe how far apart two times are, in the largest unit and the one below it: `1 h 1 min`, `90 s`."""
    if seconds < _SECONDS_ALONE_BELOW:
        return f"{seconds} s"
    parts: list[tuple[int, str]] = []
    for unit, length_s in _UNITS:
        count, seconds = divmod(seconds, length_s)
        if count or parts:
            parts.append((count, unit))
    return " ".join(f"{count} {unit}" for count, unit in parts[:2] if count)
