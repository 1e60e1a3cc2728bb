"""The scope of a month: its time zone, its promise of support, and the day files that may speak of it."""

import re
from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from constat.availability import build_rules_track, find_promise
from constat.errors import EvidenceError, UsageError
from constat.history import DAY_FILE, REGISTER, build_day_path
from constat.interval import (
    DAY_S,
    FIRST_YEAR,
    LAST_YEAR,
    UTC_ZONE,
    Instant,
    Interval,
    days_of,
    month_interval,
    parse_instant,
)
from constat.model import RecordedPage, Register
from constat.register.support_promise import read_promise
from constat.support import RecordedPromise

EVIDENCE_PATH = re.compile(
    rf"{DAY_FILE.pattern}|{re.escape(REGISTER)}|" + r"statements/\d{4}-\d{2}\.tickets\.csv"
)
"""The paths that the evidence of a statement may name; no other file is opened for it."""

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_ZONE = re.compile(r"[A-Za-z0-9_+-]{1,40}(/[A-Za-z0-9_+-]{1,40}){0,2}")


def is_month(text: str) -> bool:
    """Whether a text is a month, such as `2026-10`."""
    return _MONTH.fullmatch(text) is not None and FIRST_YEAR <= int(text[:4]) <= LAST_YEAR


def parse_month(month: str, zone: ZoneInfo) -> Interval:
    """The seconds of a month.

    Raises:
        UsageError: the text is not a valid month.

    """
    if not is_month(month):
        raise UsageError(f"{month} is not a valid month", tip="write it as 2026-10")
    return month_interval(month, zone)


def parse_zone(name: str) -> ZoneInfo:
    """The time zone with a name that may come from anyone.

    Raises:
        EvidenceError: there is no such zone.

    """
    try:
        return ZoneInfo(name if _ZONE.fullmatch(name) else "")
    except (KeyError, ValueError, OSError):
        raise EvidenceError(f"there is no time zone {name!r}") from None


def find_zone(register: Register, month: str) -> ZoneInfo | None:
    """The page's time zone when a month began, by the register; `None` if it records none."""
    line = _find_in_force(register.pages, parse_instant(f"{month}-01T00:00:00Z"))
    return None if line is None else parse_zone(line.timezone)


def promises_availability(register: Register, month: Interval, zone: ZoneInfo, now: Instant) -> bool:
    """Whether the rules at the beginning of a month have a target for any service: otherwise it has no statement."""
    named = {line.service for line in register.services if line.rules is not None}
    tracks = (build_rules_track(register.services, service, now) for service in named)
    return any(find_promise(track, month.start, zone).target is not None for track in tracks)


def list_support_promises(register: Register) -> tuple[RecordedPromise, ...]:
    """The promises of support over time, by the register.

    Raises:
        EvidenceError: a line has no valid promise.

    """
    try:
        return tuple(RecordedPromise(line.at, read_promise(line.text)) for line in register.support)
    except (ValueError, LookupError) as error:
        raise EvidenceError(f"the register's promise of support cannot be read: {error}") from error


def _find_in_force(lines: Sequence[RecordedPage], at: Instant) -> RecordedPage | None:
    """The line in force at an instant; the first one also applies before it was recorded."""
    earlier = [line for line in lines if line.at <= at]
    return max(earlier, key=lambda line: line.at) if earlier else next(iter(lines), None)


def list_evidence_days(window: Interval, register: Register) -> tuple[str, ...]:
    """The paths of the day files that may speak of a month, oldest first.

    Those of its UTC days and of the day before; where a check runs less often than twice a day, also those of as
    many earlier days as its samples speak for.
    """
    intervals = (
        check.interval_s
        for recorded in register.services
        if recorded.rules is not None
        for check in recorded.rules.checks.values()
    )
    reach = max(DAY_S, 2 * max(intervals, default=0))
    first, *rest = days_of(window, UTC_ZONE)
    before = -(-reach // DAY_S)
    return tuple(
        build_day_path(day)
        for day in (*(first - timedelta(days=n) for n in range(before, 0, -1)), first, *rest)
    )
