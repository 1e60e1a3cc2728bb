"""The demo's support tickets: a few on every working day, nearly all answered in time."""

from collections.abc import Iterator
from datetime import timedelta

from constat.interval import Instant, format_instant, local_date
from demo.story import ZONE, at

HEADER = "ticket,level,region,opened_at,first_response_at"
_TIMES = ("08:20", "09:45", "11:10", "14:30", "16:40")
_MINUTES_TO_ANSWER = (12, 34, 8, 95, 21, 61, 17, 140, 5, 48, 210)
_LATE_DAY, _LATE_MINUTES = 40, 26 * 60
"""One ticket waited longer than promised."""


def tickets_csv(now: Instant, days: int, known: Instant) -> str:
    """`support/tickets.csv` as it was at an instant: nothing personal, one row per ticket and level."""
    return "\n".join([HEADER, *_rows(now, days, known), ""])


def _rows(now: Instant, days: int, known: Instant) -> Iterator[str]:
    number = 41_000
    for days_ago in range(days - 1, -1, -1):
        if (local_date(now, ZONE) - timedelta(days=days_ago)).weekday() >= 5:  # noqa: PLR2004 (Saturday and Sunday)
            continue
        for clock in _TIMES:
            number += 1
            yield from _ticket(number, at(now, days_ago, clock), days_ago, known)


def _ticket(number: int, opened: Instant, days_ago: int, known: Instant) -> Iterator[str]:
    region = "America" if number % 4 == 0 else "Europe"
    late = days_ago in (_LATE_DAY, _LATE_DAY + 1) and number % len(_TIMES) == 0
    minutes = _LATE_MINUTES if late else _MINUTES_TO_ANSWER[number % len(_MINUTES_TO_ANSWER)]
    yield from _row(f"{number},first,{region}", opened, minutes, known)
    if number % 9 == 0:
        yield from _row(f"{number},second,{region}", opened + 3600, minutes * 2, known)
    if number % 60 == 0:
        yield from _row(f"{number},legal,{region}", opened, 1500, known)


def _row(named: str, opened: Instant, minutes: int, known: Instant) -> Iterator[str]:
    answered = opened + minutes * 60
    if opened < known:
        yield f"{named},{format_instant(opened)},{format_instant(answered) if answered < known else ''}"
