"""The times of notices: always with an offset; a hint says what to write where it is missing."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from constat.interval import FIRST_YEAR, LAST_YEAR, MINUTE_S, Instant, local, parse_instant

_SHAPE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?")


class TimeError(ValueError):
    """A time that cannot be read: what is wrong with it, and what to write instead."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def read_time(text: str, zone: ZoneInfo) -> Instant:
    """Read a time such as `2026-12-01T22:00+01:00`.

    Raises:
        TimeError: it is not a valid time, has no offset, or does not exist.

    """
    match = _SHAPE.fullmatch(text)
    if not match:
        raise TimeError(f"{text!r} is not a valid time", "write it as 2026-12-01T22:00+01:00")
    moment = _parse_moment(text)
    if not match[2]:
        raise TimeError(f"{text!r} has no offset", f"write {format_with_offset(moment, zone)}")
    return parse_instant(text)


def read_clock(text: str, zone: ZoneInfo) -> Instant:
    """Read a time with an offset, or a local time of the zone, which must occur there exactly once.

    Raises:
        TimeError: it is not a valid time, does not exist, or is ambiguous because the clocks change.

    """
    match = _SHAPE.fullmatch(text)
    if not match or match[2]:
        return read_time(text, zone)
    clock = _parse_moment(text)
    first, second = (int(clock.replace(tzinfo=zone, fold=fold).timestamp()) for fold in (0, 1))
    if local(first, zone).replace(tzinfo=None) != clock:
        raise TimeError(
            f"{text} does not exist in {zone.key}: the clocks change", f"write {format_written(first, zone)}"
        )
    if first != second:
        hint = f"write {format_written(first, zone)} or {format_written(second, zone)}"
        raise TimeError(f"{text} occurs twice in {zone.key}: the clocks change", hint)
    return first


def _parse_moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise TimeError(f"{text!r} does not exist: {error}", "write a date and a time that exist") from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise TimeError(f"{text!r} is out of range", f"write a year from {FIRST_YEAR} to {LAST_YEAR}")
    return moment


def format_written(at: Instant, zone: ZoneInfo) -> str:
    """Format an instant with the zone's offset, with seconds only where they are not zero."""
    return local(at, zone).isoformat(timespec="seconds" if at % MINUTE_S else "minutes")


def format_with_offset(moment: datetime, zone: ZoneInfo) -> str:
    """Format a local time of the zone with its offset."""
    there = moment.replace(tzinfo=zone)
    return there.isoformat(timespec="seconds" if there.second else "minutes")


def find_foreign_offset(text: str, zone: ZoneInfo) -> str:
    """Write a time in the zone of the page, if its offset differs from that of the zone and it is not in UTC; else empty."""
    moment = datetime.fromisoformat(text)
    if text.endswith("Z") or moment.utcoffset() == moment.astimezone(zone).utcoffset():
        return ""
    return format_written(int(moment.timestamp()), zone)
