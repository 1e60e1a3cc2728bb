"""The demo's support tickets: a few on every working day, nearly all answered in time."""

from collections.abc import Iterator
from datetime import timedelta

from constat.interval import Instant, format_instant, local_date
from demo.story import ZONE, resolve_time

HEADER = "ticket,level,region,opened_at,first_response_at"
_TIMES = ("08:20", "09:45", "11:10", "14:30", "16:40")
_MINUTES_TO_ANSWER = (12, 34, 8, 95, 21, 61, 17, 140, 5, 48, 210)
_LATE_DAY, _LATE_MINUTES = 40, 26 * 60
"""The ticket that waited longer than promised: days before now, and minutes until the answer."""


def build_tickets_csv(now: Instant, days: int, at: Instant) -> str:
    """Build `support/tickets.csv` as it was at an instant: one row per ticket and level, nothing personal."""
    return "\n".join([HEADER, *_build_rows(now, days, at), ""])


def _build_rows(now: Instant, days: int, at: Instant) -> Iterator[str]:
    number = 41_000
    for days_ago in range(days - 1, -1, -1):
        if (local_date(now, ZONE) - timedelta(days=days_ago)).weekday() >= 5:  # noqa: PLR2004 (Saturday, Sunday)
            continue
        for clock in _TIMES:
            number += 1
            yield from _build_ticket(number, resolve_time(now, days_ago, clock), days_ago, at)


def _build_ticket(number: int, opened: Instant, days_ago: int, at: Instant) -> Iterator[str]:
    region = "America" if number % 4 == 0 else "Europe"
    late = days_ago in (_LATE_DAY, _LATE_DAY + 1) and number % len(_TIMES) == 0
    minutes = _LATE_MINUTES if late else _MINUTES_TO_ANSWER[number % len(_MINUTES_TO_ANSWER)]
    yield from _build_row(f"{number},first,{region}", opened, minutes, at)
    if number % 9 == 0:
        yield from _build_row(f"{number},second,{region}", opened + 3600, minutes * 2, at)
    if number % 60 == 0:
        yield from _build_row(f"{number},legal,{region}", opened, 1500, at)


def _build_row(first_cells: str, opened: Instant, minutes: int, at: Instant) -> Iterator[str]:
    answered = opened + minutes * 60
    if opened < at:
        yield f"{first_cells},{format_instant(opened)},{format_instant(answered) if answered < at else ''}"
