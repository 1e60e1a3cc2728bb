"""The last 24 hours of a service, minute by minute."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from zoneinfo import ZoneInfo

from constat.interval import HOUR_S, MINUTE_S, Instant, Interval, Stretch, clip, clip_track, clock_hours
from constat.model import GRAVEST_FIRST, OUTCOME_STATUS, Latency, Outcome, Status
from constat.page.types import Hour, Minutes

HOURS = 24
MINUTES = HOUR_S // MINUTE_S


def build_hours(
    states: Sequence[Stretch[Outcome]],
    announced: Iterable[Interval],
    zone: ZoneInfo,
    now: Instant,
    latency: Mapping[Instant, Latency] | None = None,
) -> tuple[Hour, ...]:
    """Build the hours of the page's clock up to the present one, oldest first.

    A minute shows the gravest outcome seen in it; a minute of announced maintenance shows maintenance (rule 17).
    `latency`: the response times of each hour by its start.
    """
    spans = clock_hours(now, zone, HOURS)
    window = Interval(spans[0].start, spans[-1].end)
    minutes = _fill_minutes(clip_track(states, Interval(window.start, now)), window)
    for span in clip(announced, Interval(window.start, now)):
        first, last = _find_overlap(span, window)
        minutes[first:last] = [Status.MAINTENANCE] * (last - first)
    known = -(-(now - window.start) // MINUTE_S)
    return tuple(
        Hour(
            span.start,
            _group_minutes(minutes[first : min(first + MINUTES, known)]),
            (latency or {}).get(span.start),
        )
        for span, first in zip(spans, range(0, HOURS * MINUTES, MINUTES), strict=True)
    )


def _find_overlap(span: Interval, window: Interval) -> tuple[int, int]:
    """The minutes of a window that a span overlaps."""
    return (span.start - window.start) // MINUTE_S, -(-(span.end - window.start) // MINUTE_S)


def _fill_minutes(track: Iterable[Stretch[Outcome]], window: Interval) -> list[Status]:
    """The status of every minute."""
    gravest = [Outcome.UNKNOWN] * (window.seconds // MINUTE_S)
    for start, end, outcome in track:
        first, last = _find_overlap(Interval(start, end), window)
        shared = min(
            gravest[first], outcome, key=GRAVEST_FIRST.index
        )  # the minute may be shared with the stretch before it
        gravest[first:last] = [shared, *[outcome] * (last - first - 1)]
    return [OUTCOME_STATUS[outcome] for outcome in gravest]


def _group_minutes(minutes: Sequence[Status]) -> tuple[Minutes, ...]:
    runs, first = [], 0
    for status, members in groupby(minutes):
        length = len(list(members))
        runs.append(Minutes(first, length, status))
        first += length
    return tuple(runs)
