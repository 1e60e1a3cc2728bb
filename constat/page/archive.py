"""What happened month by month, as far back as notices, outages or statements reach."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from constat.interval import Instant, days_of, local_date, month_interval, month_of
from constat.page.shown_notice import ServiceOutage, ShownNotice
from constat.page.types import ArchiveMonth, PastDay, StatedMonth


def build_archive(
    shown: Sequence[ShownNotice],
    outages: Sequence[ServiceOutage],
    months: Sequence[StatedMonth],
    zone: ZoneInfo,
    now: Instant,
) -> tuple[ArchiveMonth, ...]:
    """Every month from the first in which something happened to the present one, the newest first.

    Outages are those of the shown days; of months before, those of the frozen statement.
    """
    begun = [item for item in shown if item.phase != "upcoming"]
    every = [*outages, *_stated(outages, months, now)]
    starts = [*(item.starts for item in begun), *(found.outage.start for found in every)]
    names = list(_names(min([*starts, now]), zone, now))
    made = []
    for index, name in enumerate(names):
        before = names[index - 1] if index else None
        after = names[index + 1] if index + 1 < len(names) else None
        made.append(ArchiveMonth(name, tuple(_days(name, begun, every, zone, now)), before, after))
    return tuple(reversed(made))


def _stated(
    outages: Iterable[ServiceOutage], months: Iterable[StatedMonth], now: Instant
) -> Iterator[ServiceOutage]:
    """The outages of frozen months that the shown days do not hold."""
    known = {(found.service, found.outage.start) for found in outages}
    oldest = min((found.outage.start for found in outages), default=now)
    for month in months:
        if month.standing == "final":
            for stated in month.statement.services:
                for outage in stated.figures.outages:
                    if outage.end <= oldest and (stated.figures.service, outage.start) not in known:
                        yield ServiceOutage(stated.figures.service, outage, ongoing=False)


def _names(first: Instant, zone: ZoneInfo, now: Instant) -> Iterator[str]:
    """The months from that of an instant to the present one."""
    at = first
    while at <= now:
        name = month_of(at, zone)
        yield name
        at = month_interval(name, zone).end


def _days(
    name: str,
    shown: Iterable[ShownNotice],
    outages: Iterable[ServiceOutage],
    zone: ZoneInfo,
    now: Instant,
) -> Iterator[PastDay]:
    """The days of a month on which something began, the newest first."""
    window = month_interval(name, zone)
    began = [item for item in shown if item.starts in window]
    explained = {found for item in shown for found in item.outages}
    alone = [found for found in outages if found.outage.start in window and found not in explained]
    for day in reversed(days_of(window, zone)):
        if day <= local_date(now, zone):
            made = _day(day, began, alone, zone)
            if made.notices or made.outages:
                yield made


def _day(
    day: date, shown: Iterable[ShownNotice], outages: Iterable[ServiceOutage], zone: ZoneInfo
) -> PastDay:
    return PastDay(
        day,
        tuple(item for item in shown if local_date(item.starts, zone) == day),
        tuple(found for found in outages if local_date(found.outage.start, zone) == day),
    )
