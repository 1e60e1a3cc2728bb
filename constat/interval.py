"""Time: instants, half-open intervals and step functions over them. The only place where time arithmetic happens.

An instant is an `int`: seconds since 1970-01-01T00:00:00Z (leap seconds do not exist here, as in POSIX).
An interval is half-open, `[start, end)`. A track is a sequence of `Stretch`es, sorted, not overlapping, and
`compact`: neighbours that touch differ in value. What no stretch covers has no value.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import Generic, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

Instant = int
"""Seconds since the epoch, UTC."""

MINUTE_S = 60
HOUR_S = 60 * MINUTE_S
DAY_S = 24 * HOUR_S
WEEK_S = 7 * DAY_S

UNITS_S: Mapping[str, int] = {"s": 1, "m": MINUTE_S, "h": HOUR_S, "d": DAY_S}
"""The units of a written duration, in seconds."""

UTC_ZONE = ZoneInfo("UTC")
"""UTC as a zone of days."""

V = TypeVar("V")

_KNOWN_DAYS = 2048
"""The days and months whose beginning is remembered: a page asks for the same ones for every service."""


class Interval(NamedTuple):
    """Half-open `[start, end)` in seconds since the epoch, UTC."""

    start: Instant
    end: Instant

    @property
    def seconds(self) -> int:
        """The length in seconds; 0 if the interval is empty or its end comes first."""
        return max(0, self.end - self.start)

    def __contains__(self, at: object) -> bool:
        return isinstance(at, int) and self.start <= at < self.end


class Stretch(NamedTuple, Generic[V]):
    """A value that holds over `[start, end)`."""

    start: Instant
    end: Instant
    value: V


_START, _END = itemgetter(0), itemgetter(1)
"""The edges of a stretch, for searching in a track."""


FIRST_YEAR, LAST_YEAR = 1900, 9998
"""The range of years: each of them has days and months before and after it."""


def parse_instant(text: str) -> Instant:
    """Read ISO 8601 with an offset or Z (RFC 3339, seconds optional) as an instant.

    Raises:
        ValueError: the text is not such a time, has no offset, has a fraction of a second, or is outside the range of
            years.

    """
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"{text} has no offset")
    if time.microsecond:
        raise ValueError(f"{text} has a fraction of a second")
    if not FIRST_YEAR <= time.year <= LAST_YEAR:
        raise ValueError(f"{text} is too far away")
    return int(time.timestamp())


def format_instant(at: Instant) -> str:
    """Write an instant as `2026-11-23T09:40:00Z`."""
    return f"{datetime.fromtimestamp(at, UTC).isoformat()[:19]}Z"


def parse_seconds(text: str) -> int:
    """Read a duration such as `90s`, `5m`, `4h` or `14d`.

    Raises:
        ValueError: the text is not such a duration.

    """
    number, unit = text[:-1], text[-1:]
    if unit not in UNITS_S:
        raise ValueError(f"{text!r} has no unit")
    return int(number) * UNITS_S[unit]


def format_seconds(seconds: int) -> str:
    """Write a duration in the largest unit that divides it: `4h`, `90m`."""
    for unit in ("d", "h", "m"):
        if seconds and seconds % UNITS_S[unit] == 0:
            return f"{seconds // UNITS_S[unit]}{unit}"
    return f"{seconds}s"


def local(at: Instant, zone: ZoneInfo) -> datetime:
    """The wall clock of a zone at an instant."""
    return datetime.fromtimestamp(at, zone)


def write_offset_if_needed(at: Instant, zone: ZoneInfo) -> str:
    """The offset of an instant whose time of day the clock of a zone shows twice, as ` UTC+2`; else nothing.

    It is written after such a time everywhere: when clocks are set back, 02:30 alone could mean either.
    """
    moment = local(at, zone)
    offset = moment.utcoffset()
    if offset is None or moment.replace(fold=1 - moment.fold).utcoffset() == offset:
        return ""
    hours, minutes = divmod(abs(int(offset.total_seconds())) // MINUTE_S, 60)
    sign = "+" if offset >= timedelta() else "-"
    return f" UTC{sign}{hours}{f':{minutes:02d}' if minutes else ''}"


def local_date(at: Instant, zone: ZoneInfo) -> date:
    """The date of a zone at an instant."""
    return local(at, zone).date()


@lru_cache(maxsize=_KNOWN_DAYS)
def midnight(day: date, zone: ZoneInfo) -> Instant:
    """The instant at which a day begins in a zone: the first midnight, if the clock shows two.

    If the clock skips midnight, the day begins at the change of clocks.
    """
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


def day_interval(day: date, zone: ZoneInfo) -> Interval:
    """A calendar day of a zone, of 23, 24 or 25 hours (rule 15)."""
    return Interval(midnight(day, zone), midnight(day + timedelta(days=1), zone))


def clock_hours(now: Instant, zone: ZoneInfo, count: int) -> tuple[Interval, ...]:
    """The last hours of a zone's clock, oldest first; the last one is that of `now`."""
    clock = local(now, zone)
    end = now - clock.minute * MINUTE_S - clock.second + HOUR_S
    return tuple(Interval(end - ago * HOUR_S, end - (ago - 1) * HOUR_S) for ago in range(count, 0, -1))


@lru_cache(maxsize=_KNOWN_DAYS)
def month_interval(month: str, zone: ZoneInfo) -> Interval:
    """The calendar month `YYYY-MM` of a zone."""
    first = date.fromisoformat(f"{month}-01")
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return Interval(midnight(first, zone), midnight(following, zone))


def month_of(at: Instant, zone: ZoneInfo) -> str:
    """The calendar month `YYYY-MM` of an instant."""
    return local(at, zone).strftime("%Y-%m")


def days_of(window: Interval, zone: ZoneInfo) -> list[date]:
    """The calendar days of a zone that overlap a window, oldest first."""
    if not window.seconds:
        return []
    first, last = local_date(window.start, zone), local_date(window.end - 1, zone)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def merge(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Sort intervals, drop empty ones, join those that touch or overlap."""
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if start >= end:
            continue
        if merged and start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, end))
        else:
            merged.append(Interval(start, end))
    return tuple(merged)


def clip(intervals: Iterable[Interval], window: Interval) -> tuple[Interval, ...]:
    """The parts of merged intervals that lie in a window."""
    first, last = window
    cut: list[Interval] = []
    for start, end in intervals:  # the comparisons come first: most of many intervals lie outside
        if start < last and end > first and (low := max(start, first)) < (high := min(end, last)):
            cut.append(Interval(low, high))
    return tuple(cut)


def intersect(first: Sequence[Interval], second: Sequence[Interval]) -> tuple[Interval, ...]:
    """The seconds that are in both of two merged sequences."""
    common: list[Interval] = []
    i = j = 0
    while i < len(first) and j < len(second):
        start, end = max(first[i].start, second[j].start), min(first[i].end, second[j].end)
        if start < end:
            common.append(Interval(start, end))
        if first[i].end < second[j].end:
            i += 1
        else:
            j += 1
    return tuple(common)


def subtract(intervals: Sequence[Interval], removed: Sequence[Interval]) -> tuple[Interval, ...]:
    """The seconds of a merged sequence that are not in another."""
    left: list[Interval] = []
    first = 0
    for at, end in intervals:
        while first < len(removed) and removed[first].end <= at:
            first += 1
        following = first
        while following < len(removed) and removed[following].start < end:
            left.append(Interval(at, removed[following].start))
            at = removed[following].end  # noqa: PLW2901 - what is left begins after the cut
            following += 1
        left.append(Interval(at, end))
    return tuple(span for span in left if span.seconds)


def total(intervals: Iterable[Interval]) -> int:
    """The number of seconds in merged intervals."""
    return sum(interval.seconds for interval in intervals)


def compact(stretches: Iterable[Stretch[V]]) -> tuple[Stretch[V], ...]:
    """Join sorted stretches that touch and have the same value, and drop empty ones."""
    joined: list[Stretch[V]] = []
    for stretch in stretches:
        if stretch.start >= stretch.end:
            continue
        if joined and joined[-1].end == stretch.start and joined[-1].value == stretch.value:
            joined[-1] = Stretch(joined[-1].start, stretch.end, stretch.value)
        else:
            joined.append(stretch)
    return tuple(joined)


def clip_track(track: Sequence[Stretch[V]], window: Interval) -> tuple[Stretch[V], ...]:
    """The part of a track that is in a window."""
    begins, ends = window
    cut: list[Stretch[V]] = []
    for index in range(bisect_right(track, begins, key=_END), len(track)):
        start, end, value = track[index]
        if start >= ends:
            break
        if (low := max(start, begins)) < (high := min(end, ends)):
            cut.append(Stretch(low, high, value))
    return tuple(cut)


def where(track: Iterable[Stretch[V]], value: V) -> tuple[Interval, ...]:
    """The intervals in which a track has a value."""
    return merge(Interval(start, end) for start, end, current in track if current == value)


def value_at(track: Sequence[Stretch[V]], at: Instant) -> V | None:
    """The value of a track at an instant, `None` if it has none."""
    index = bisect_right(track, at, key=_START) - 1
    return track[index].value if index >= 0 and at < track[index].end else None


def overlay(
    tracks: Sequence[Sequence[Stretch[V]]], window: Interval
) -> Iterator[Stretch[tuple[V | None, ...]]]:
    """Walk several tracks at once: for every stretch of a window, the value of each track (`None` if it has none)."""
    edges: list[tuple[Instant, int, V | None]] = []
    for index, track in enumerate(tracks):
        previous_end: Instant | None = None
        for start, end, value in clip_track(track, window):
            if previous_end is not None and previous_end < start:
                edges.append((previous_end, index, None))
            edges.append((start, index, value))
            previous_end = end
        if previous_end is not None:
            edges.append((previous_end, index, None))
    edges.sort(key=lambda edge: edge[0])
    values: list[V | None] = [None] * len(tracks)
    at = window.start
    for edge_at, index, edge_value in edges:
        if edge_at > at:
            yield Stretch(at, min(edge_at, window.end), tuple(values))
            at = edge_at
        values[index] = edge_value
    if at < window.end:
        yield Stretch(at, window.end, tuple(values))
