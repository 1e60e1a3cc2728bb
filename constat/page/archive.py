"""The archive: notices and outages month by month, as far back as notices, outages or statements reach."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from constat.interval import DAY_S, Instant, days_of, local_date, month_interval, month_of
from constat.page.archived import ArchiveMonth, PastDay
from constat.page.imported_past import ImportedPast, build_imported_month
from constat.page.shown_notice import ServiceOutage, ShownNotice
from constat.page.stated_month import StatedMonth

MOST_IMPORTED_S = 20 * 366 * DAY_S
"""How far back months are built for what other tools recorded: one wrong clock must not add hundreds of months."""


class Happened(NamedTuple):
    """Everything that an archive lists."""

    shown_notices: Sequence[ShownNotice]
    outages: Sequence[ServiceOutage]
    months: Sequence[StatedMonth]
    imported: Sequence[ImportedPast] = ()


def build_archive(happened: Happened, zone: ZoneInfo, now: Instant) -> tuple[ArchiveMonth, ...]:
    """Build every month from the first in which something happened to the present one, newest first.

    Outages are those of the shown days, and for months before these, those of the frozen statements.
    What other tools recorded is listed apart from them.
    """
    shown_notices, outages, months, imported = happened
    begun = [shown_notice for shown_notice in shown_notices if shown_notice.phase != "upcoming"]
    every = [*outages, *_list_stated(outages, months, now)]
    starts = [
        *(shown_notice.starts for shown_notice in begun),
        *(service_outage.outage.start for service_outage in every),
    ]
    begins = (max(past.begins, now - MOST_IMPORTED_S) for past in imported)
    names = list(_list_names(min([*starts, *begins, now]), zone, now))
    archive = []
    for index, name in enumerate(names):
        before = names[index - 1] if index else None
        after = names[index + 1] if index + 1 < len(names) else None
        days = tuple(_list_days(name, begun, every, zone, now))
        recorded = build_imported_month(imported, name, zone, now)
        archive.append(ArchiveMonth(name, days, before, after, recorded))
    return tuple(reversed(archive))


def _list_stated(
    outages: Iterable[ServiceOutage], months: Iterable[StatedMonth], now: Instant
) -> Iterator[ServiceOutage]:
    """The outages of frozen months before the shown days."""
    known = {(shown.service, shown.outage.start) for shown in outages}
    oldest = min((shown.outage.start for shown in outages), default=now)
    for month in months:
        if month.standing == "final":
            for stated in month.statement.services:
                for outage in stated.figures.outages:
                    if outage.end <= oldest and (stated.figures.service, outage.start) not in known:
                        yield ServiceOutage(stated.figures.service, outage, ongoing=False)


def _list_names(first: Instant, zone: ZoneInfo, now: Instant) -> Iterator[str]:
    """The months from that of an instant to the present one, oldest first."""
    at = first
    while at <= now:
        name = month_of(at, zone)
        yield name
        at = month_interval(name, zone).end


def _list_days(
    name: str,
    shown_notices: Iterable[ShownNotice],
    outages: Iterable[ServiceOutage],
    zone: ZoneInfo,
    now: Instant,
) -> Iterator[PastDay]:
    """The days of a month on which something began, the newest first."""
    window = month_interval(name, zone)
    began = [shown_notice for shown_notice in shown_notices if shown_notice.starts in window]
    explained = {service_outage for shown_notice in shown_notices for service_outage in shown_notice.outages}
    alone = [
        service_outage
        for service_outage in outages
        if service_outage.outage.start in window and service_outage not in explained
    ]
    for day in reversed(days_of(window, zone)):
        if day <= local_date(now, zone):
            past_day = _build_day(day, began, alone, zone)
            if past_day.notices or past_day.outages:
                yield past_day


def _build_day(
    day: date, shown_notices: Iterable[ShownNotice], outages: Iterable[ServiceOutage], zone: ZoneInfo
) -> PastDay:
    return PastDay(
        day,
        tuple(shown_notice for shown_notice in shown_notices if local_date(shown_notice.starts, zone) == day),
        tuple(
            service_outage
            for service_outage in outages
            if local_date(service_outage.outage.start, zone) == day
        ),
    )
