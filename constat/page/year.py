"""A year of one service at a glance: a calendar of weeks, and the longest outages."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from constat.availability import PastMonth, YearDay, find_longest, join_outages, summarise_day
from constat.interval import midnight, month_interval, month_of
from constat.model import Day, Outage

WEEKS = 53
"""A year of whole weeks, including the present one."""
DAYS_A_WEEK = 7
LONGEST_OUTAGES = 3


class Year(NamedTuple):
    """The days of a year, oldest first, from a Monday to today, and its longest outages, the longest first."""

    days: tuple[YearDay, ...]
    longest: tuple[Outage, ...]

    @property
    def watched(self) -> tuple[YearDay, ...]:
        """The days on which the service existed."""
        return tuple(day for day in self.days if day.existed)


def find_first_day(today: date) -> date:
    """The first day of a year at a glance: the Monday with which the oldest of its weeks begins."""
    return today - timedelta(days=today.weekday() + DAYS_A_WEEK * (WEEKS - 1))


def list_past_months(today: date, first_shown: date, zone: ZoneInfo) -> tuple[str, ...]:
    """The months of a year that are at least in part before the shown days, oldest first. All of them are over."""
    months = []
    at, end = midnight(find_first_day(today), zone), midnight(first_shown, zone)
    while at < end:
        months.append(month_of(at, zone))
        at = month_interval(months[-1], zone).end
    return tuple(months)


def build_year(
    shown: Sequence[Day], outages: Iterable[Outage], past: Iterable[PastMonth | None], zone: ZoneInfo
) -> Year | None:
    """Build the year of a service from its shown days (the last of them today), their outages, and its months before.

    `None` if it did not exist before the shown days: a year would add nothing to them.
    """
    first = find_first_day(shown[-1].date)
    months = [month for month in past if month is not None]
    begins = midnight(first, zone)
    known: Mapping[date, YearDay] = {
        **{day.date: day for month in months for day in month.days if first <= day.date < shown[0].date},
        **{day.date: summarise_day(day) for day in shown},
    }
    if not any(day.existed for day in known.values() if day.date < shown[0].date):
        return None
    every = join_outages([*(outage for month in months for outage in month.outages), *outages])
    return Year(
        tuple(known[day] for day in sorted(known)),
        find_longest((outage for outage in every if outage.end > begins), LONGEST_OUTAGES),
    )
