"""Rule 9: which seconds are announced maintenance, and how a cap counts agreed hours (rule 18)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from zoneinfo import ZoneInfo

from constat.availability.in_force import EVER
from constat.interval import Interval, clip, intersect, merge, month_interval, month_of, subtract
from constat.model import Hours, MaintenanceVersion, ServiceRules, group_versions
from constat.opening import find_openings

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
        for span in _list_decided(published, service, notice_s)
    )
    return merge(spans)


def _list_decided(published: Sequence[MaintenanceVersion], service: str, notice_s: int) -> Iterator[Interval]:
    """Yield the seconds that each version decides: those at which it was in force `notice_s` earlier. Some may be empty."""
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
    months: Iterable[tuple[Interval, ServiceRules]],
) -> tuple[Interval, ...]:
    """The announced seconds of a service's existence, month by month, by the rules that hold for each month.

    The cap counts agreed seconds only (rule 18): those outside neither use it up nor are cut by it.
    """
    spans: list[Interval] = []
    for month, rules in months:
        terms = rules.maintenance
        within = intersect(clip(find_announced_in_time(versions, service, terms.notice_s), month), existence)
        if terms.cap_s is None:
            spans += within
            continue
        agreed = limit_to_hours(within, rules.hours, month)
        spans += [*take_earliest(agreed, terms.cap_s), *subtract(within, agreed)]
    return merge(spans)


def limit_to_hours(
    spans: Sequence[Interval], hours: tuple[Hours, ...], window: Interval
) -> tuple[Interval, ...]:
    """The agreed seconds of merged intervals that lie in a window: all of them where no hours are agreed (rule 18)."""
    return intersect(spans, find_openings(hours, window)) if hours else tuple(spans)


def take_earliest(spans: Iterable[Interval], cap_s: int) -> Iterator[Interval]:
    """The first seconds of merged intervals, up to a cap."""
    left = cap_s
    for span in spans:
        if left <= 0:
            return
        kept = Interval(span.start, min(span.end, span.start + left))
        left -= kept.seconds
        yield kept
