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


def find_announced_in_time(versions: Versions, service: str, notice_s: int) -> tuple[Interval, ...]:
    """The seconds that were announced early enough for a service, before any cap is applied."""
    spans = (
        span
        for published in versions.values()
        if published[0].at <= published[0].starts - notice_s
        for span in _announced_by(published, service, notice_s)
    )
    return merge(spans)


def _announced_by(published: Sequence[MaintenanceVersion], service: str, notice_s: int) -> Iterator[Interval]:
    """A version decides the seconds `t` for which it was in force at `t - notice`."""
    turns = [*(version.at + notice_s for version in published), EVER.end]
    for (begins, ends), version in zip(pairwise(turns), published, strict=True):
        if service in version.services and not version.cancelled:
            yield Interval(max(begins, version.starts), min(ends, version.ends))


def list_months(window: Interval, zone: ZoneInfo) -> Iterator[Interval]:
    """The calendar months that a window overlaps, each in full."""
    at = window.start
    while at < window.end:
        month = month_interval(month_of(at, zone), zone)
        yield month
        at = month.end


def find_announced(
    versions: Versions,
    service: str,
    existence: Sequence[Interval],
    months: Iterable[tuple[Interval, MaintenanceRules]],
) -> tuple[Interval, ...]:
    """The announced seconds of a service's existence, month by month, with the notice and cap of each month."""
    spans: list[Interval] = []
    for month, terms in months:
        within = intersect(clip(find_announced_in_time(versions, service, terms.notice_s), month), existence)
        spans += within if terms.cap_s is None else take_earliest(within, terms.cap_s)
    return merge(spans)


def take_earliest(spans: Iterable[Interval], cap_s: int) -> Iterator[Interval]:
    """The first seconds of merged intervals, up to a cap."""
    left = cap_s
    for span in spans:
        if left <= 0:
            return
        kept = Interval(span.start, min(span.end, span.start + left))
        left -= kept.seconds
        yield kept
