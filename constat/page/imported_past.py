"""What another tool recorded before our own checks began (rule 20): its days, outages and months, for the page alone."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from constat.imported import DayCounts, ImportedFile, RecordedSpans, find_spans, parse_counts
from constat.interval import (
    MINUTE_S,
    UTC_ZONE,
    Instant,
    Interval,
    day_interval,
    days_of,
    local_date,
    month_interval,
)
from constat.model import Status
from constat.model.imported import ImportedRow

LOOKED_PERCENT = 90
"""In percent of a day: the bar shows a day without a problem only where samples cover at least this much of it."""


class RecordedCounts(NamedTuple):
    """The samples that a tool counted on a day (UTC)."""

    title: str
    counts: DayCounts


class ImportedDay(NamedTuple):
    """A day as other tools recorded it, in seconds. `told`: whether any of it was recorded at all."""

    date: date
    status: Status
    titles: tuple[str, ...]
    length_s: int
    down_s: int = 0
    degraded_s: int = 0
    looked_s: int = 0
    told: bool = True
    counts: tuple[RecordedCounts, ...] = ()

    @property
    def partial(self) -> bool:
        """Whether samples cover less than nine tenths of the day."""
        return 100 * self.looked_s < LOOKED_PERCENT * self.length_s


class RecordedOutage(NamedTuple):
    """A stretch of time for which a tool recorded a service as down."""

    service: str
    start: Instant
    end: Instant
    titles: tuple[str, ...]


class ImportedPast(NamedTuple):
    """What other tools recorded of a service before `first`, our own first sample, `None` if there is none yet.

    They know something from `begins` up to `until`.
    """

    service: str
    titles: tuple[str, ...]
    spans: RecordedSpans
    begins: Instant
    until: Instant
    first: Instant | None
    counts: Mapping[date, tuple[RecordedCounts, ...]] = {}

    def find_day(self, day: date, zone: ZoneInfo) -> ImportedDay | None:
        """The day as they recorded it; `None` if our own checks had begun, or they knew nothing yet or no longer did."""
        window = day_interval(day, zone)
        looked_ourselves = self.first is not None and self.first < window.end
        if looked_ourselves or window.end <= self.begins or self.until <= window.start:
            return None
        down, degraded = _count_seconds(self.spans.down, window), _count_seconds(self.spans.degraded, window)
        looked = _count_seconds(self.spans.looked, window)
        told = bool(looked or _count_seconds(self.spans.told, window))
        status = _decide_status(down, degraded, looked, window)
        seconds = (window.seconds, down, degraded, looked)
        return ImportedDay(day, status, self.titles, *seconds, told=told, counts=self.counts.get(day, ()))

    @property
    def outages(self) -> tuple[RecordedOutage, ...]:
        """The outages that began before our own checks, oldest first."""
        return tuple(
            RecordedOutage(self.service, span.start, span.end, self.titles)
            for span in self.spans.down
            if self.first is None or span.start < self.first
        )


def _count_seconds(spans: Sequence[Interval], window: Interval) -> int:
    """The seconds of a window that lie in merged spans."""
    seconds = 0
    for index in range(bisect_right(spans, window.start, key=lambda span: span.end), len(spans)):
        if spans[index].start >= window.end:
            break
        seconds += min(spans[index].end, window.end) - max(spans[index].start, window.start)
    return seconds


def _decide_status(down: int, degraded: int, looked: int, window: Interval) -> Status:
    """Decide as in rule 17, but call a day operational only where samples cover nine tenths of it."""
    if down >= MINUTE_S:
        return Status.OUTAGE
    if degraded >= MINUTE_S or down:
        return Status.DEGRADED
    return Status.OPERATIONAL if 100 * looked >= LOOKED_PERCENT * window.seconds else Status.NO_DATA


def find_imported_past(
    files: Iterable[ImportedFile], service: str, first: Instant | None
) -> ImportedPast | None:
    """Find what other tools recorded of a service before our own `first` sample; `None` if nothing."""
    own = [(file.title, file.rows[service]) for file in files if service in file.rows]
    rows = [row for _, file_rows in own for row in file_rows]
    begins = min((row.start for row in rows), default=None)
    if begins is None or (first is not None and first <= begins):
        return None
    counts: dict[date, tuple[RecordedCounts, ...]] = {}
    for title, file_rows in own:
        for row in file_rows:
            if row.basis == "counts" and (counted := parse_counts(row.reason)):
                day = local_date(row.start, UTC_ZONE)
                counts[day] = _add_counts(counts.get(day, ()), RecordedCounts(title, counted))
    until = max(_find_end(row) for row in rows)
    titles = tuple(dict.fromkeys(title for title, _ in own))
    return ImportedPast(service, titles, find_spans(rows), begins, until, first, counts)


def _add_counts(known: tuple[RecordedCounts, ...], added: RecordedCounts) -> tuple[RecordedCounts, ...]:
    """Add the counts of a tool to those of a day; of several by one tool only the largest is kept, which came last."""
    same = [recorded for recorded in known if recorded.title == added.title]
    others = tuple(recorded for recorded in known if recorded.title != added.title)
    largest = max([*same, added], key=lambda recorded: recorded.counts.up + recorded.counts.down)
    return (*others, largest)


def _find_end(row: ImportedRow) -> Instant:
    """The second up to which a row knows anything; counts know their day, but not when on it the tool stopped."""
    return row.start + 1 if row.end is None or row.basis == "counts" else row.end


class ImportedMonth(NamedTuple):
    """A month as other tools recorded it: for each service its days, and the outages that began in it."""

    services: tuple[tuple[str, tuple[ImportedDay, ...]], ...]
    outages: tuple[RecordedOutage, ...]


def build_imported_month(
    pasts: Iterable[ImportedPast], name: str, zone: ZoneInfo, now: Instant
) -> ImportedMonth | None:
    """Build a month of what other tools recorded, up to `now`; `None` if they recorded nothing in it."""
    window = month_interval(name, zone)
    dates = days_of(Interval(window.start, min(window.end, now)), zone)
    services, outages = [], []
    for past in pasts:
        days = tuple(past_day for day in dates if (past_day := past.find_day(day, zone)) is not None)
        if days:
            services.append((past.service, days))
        outages += [outage for outage in past.outages if outage.start in window]
    if not services and not outages:
        return None
    return ImportedMonth(tuple(services), tuple(sorted(outages, key=lambda outage: outage.start)))
