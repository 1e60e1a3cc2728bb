"""The last 24 hours of a service, minute by minute."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from zoneinfo import ZoneInfo

from constat.interval import Instant, Interval, Stretch, clip, clip_track, local
from constat.model import Outcome, Status
from constat.page.types import Hour, Minutes

HOURS = 24
HOUR_S, MINUTE_S = 3600, 60

_GRAVITY = (None, Outcome.UNKNOWN, Outcome.UP, Outcome.DEGRADED, Outcome.DOWN)
_SHOWN = {
    None: Status.NO_DATA,
    Outcome.UNKNOWN: Status.NO_DATA,
    Outcome.UP: Status.OPERATIONAL,
    Outcome.DEGRADED: Status.DEGRADED,
    Outcome.DOWN: Status.OUTAGE,
}


def hours(
    states: Sequence[Stretch[Outcome]], announced: Iterable[Interval], zone: ZoneInfo, now: Instant
) -> tuple[Hour, ...]:
    """The hours of the page's clock up to this one, oldest first.

    A minute shows the gravest that was seen in it; one of announced maintenance shows that, as a day does (rule 17).
    """
    clock = local(now, zone)
    end = now - clock.minute * MINUTE_S - clock.second + HOUR_S
    window = Interval(end - HOURS * HOUR_S, end)
    minutes = _minutes(clip_track(states, Interval(window.start, now)), window)
    for span in clip(announced, Interval(window.start, now)):
        first, last = _meeting(span, window)
        minutes[first:last] = [Status.MAINTENANCE] * (last - first)
    known = -(-(now - window.start) // MINUTE_S)
    return tuple(
        Hour(window.start + first * MINUTE_S, _runs(minutes[first : min(first + 60, known)]))
        for first in range(0, HOURS * 60, 60)
    )


def _meeting(span: Interval, window: Interval) -> tuple[int, int]:
    """The minutes of a window that a span meets."""
    return (span.start - window.start) // MINUTE_S, -(-(span.end - window.start) // MINUTE_S)


def _minutes(track: Iterable[Stretch[Outcome]], window: Interval) -> list[Status]:
    """The status of every minute."""
    gravest: list[Outcome | None] = [None] * (window.seconds // MINUTE_S)
    for start, end, outcome in track:
        first, last = _meeting(Interval(start, end), window)
        for minute in range(first, last):
            gravest[minute] = max(gravest[minute], outcome, key=_GRAVITY.index)
    return [_SHOWN[outcome] for outcome in gravest]


def _runs(minutes: Sequence[Status]) -> tuple[Minutes, ...]:
    runs, first = [], 0
    for status, members in groupby(minutes):
        length = len(list(members))
        runs.append(Minutes(first, length, status))
        first += length
    return tuple(runs)
