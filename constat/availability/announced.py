"""Rule 9: which seconds are announced maintenance."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from zoneinfo import ZoneInfo

from constat.availability.in_force import EVER
from constat.interval import Interval, clip, intersect, merge, month_interval, month_of
from constat.model import MaintenanceRules, MaintenanceVersion, group_versions

Versions = Mapping[str, Sequence[MaintenanceVersion]]


def order_versions(lines: Iterable[MaintenanceVersion]) -> dict[str, tuple[MaintenanceVersion, ...]]:
    """The versions of each notice by its stem, in the order in which they were published."""
    return group_versions(sorted(lines, key=lambda line: line.at))


def told(versions: Versions, service: str, notice_s: int) -> tuple[Interval, ...]:
    """The seconds that notices announced early enough for a service, whatever the month and the cap."""
    spans = (
        span
        for published in versions.values()
        if published[0].at <= published[0].starts - notice_s
        for span in _told_by(published, service, notice_s)
    )
    return merge(spans)


def _told_by(published: Sequence[MaintenanceVersion], service: str, notice_s: int) -> Iterator[Interval]:
    """A version rules the seconds t for which it was in force at `t - notice`."""
    turns = [*(version.at + notice_s for version in published), EVER.end]
    for (begins, ends), version in zip(pairwise(turns), published, strict=True):
        if service in version.services and not version.cancelled:
            yield Interval(max(begins, version.starts), min(ends, version.ends))


def months_of(window: Interval, zone: ZoneInfo) -> Iterator[Interval]:
    """The calendar months that a window meets, whole."""
    at = window.start
    while at < window.end:
        month = month_interval(month_of(at, zone), zone)
        yield month
        at = month.end


def find_announced(
    versions: Versions,
    service: str,
    lives: Sequence[Interval],
    months: Iterable[tuple[Interval, MaintenanceRules]],
) -> tuple[Interval, ...]:
    """The announced seconds of a service's existence, month by month under that month's notice and cap."""
    spans: list[Interval] = []
    for month, terms in months:
        within = intersect(clip(told(versions, service, terms.notice_s), month), lives)
        spans += within if terms.cap_s is None else earliest(within, terms.cap_s)
    return merge(spans)


def earliest(spans: Iterable[Interval], cap_s: int) -> Iterator[Interval]:
    """The first seconds of merged intervals, up to a cap."""
    left = cap_s
    for span in spans:
        if left <= 0:
            return
        kept = Interval(span.start, min(span.end, span.start + left))
        left -= kept.seconds
        yield kept
