"""The days and outages of a month that is over, short enough to be kept: what a year at a glance needs."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from constat.availability.account import Account
from constat.availability.days import build_days
from constat.availability.outages import find_outages
from constat.interval import Interval, days_of
from constat.model import Day, Evidence, Outage, Status


class YearDay(NamedTuple):
    """A day as a calendar shows it (rule 17), in seconds of all its hours.

    `down_s` and `degraded_s` lie outside announced maintenance; `length_s`: for how long the service existed.
    """

    date: date
    status: Status
    partial: bool
    down_s: int
    degraded_s: int
    announced_s: int
    observed_s: int
    length_s: int

    @property
    def existed(self) -> bool:
        """Whether the service existed on it at all."""
        return self.length_s > 0


class PastMonth(NamedTuple):
    """One service in one month that is over; `outages` are those of the agreed hours, cut at the month's edges."""

    days: tuple[YearDay, ...]
    outages: tuple[Outage, ...]


def summarise_day(day: Day) -> YearDay:
    """What a calendar shows of a day."""
    bad, announced = day.bad, day.maintenance + day.outside_maintenance
    return YearDay(
        day.date,
        day.status,
        day.partial,
        bad.down,
        bad.degraded,
        announced.window,
        day.whole.observed,
        day.whole.window,
    )


def sum_up_month(account: Account, month: Interval, evidence: Evidence) -> PastMonth:
    """Sum up a month that is over; `account` and `evidence` reach over it."""
    days = build_days(account, days_of(month, account.zone), evidence)
    return PastMonth(
        tuple(map(summarise_day, days)),
        find_outages(account, account.clip_agreed(month)),
    )


def join_outages(outages: Iterable[Outage]) -> tuple[Outage, ...]:
    """Join outages that two windows cut apart, or that both of them saw, oldest first."""
    joined: list[Outage] = []
    for outage in sorted(outages, key=lambda each: (each.start, each.end)):
        if joined and outage.start <= joined[-1].end:
            joined[-1] = _join(joined[-1], outage)
        else:
            joined.append(outage)
    return tuple(joined)


def _join(first: Outage, second: Outage) -> Outage:
    """One outage of two that meet or overlap; where they overlap, the longer one knows more of its maintenance."""
    meet = first.end == second.start
    maintenance = (first.maintenance_s, second.maintenance_s)
    later = second if second.end >= first.end else first
    return Outage(
        first.start,
        later.end,
        sum(maintenance) if meet else max(maintenance),
        first.reason,
        later.recovered,
        later.cut_off,
    )


def find_longest(outages: Iterable[Outage], count: int) -> tuple[Outage, ...]:
    """The longest outages, the longest first; of equally long ones, the newest first."""
    return tuple(sorted(outages, key=lambda each: (-each.seconds, -each.start))[:count])


def keep_for_year(outages: Sequence[Outage], month: Interval, count: int) -> tuple[Outage, ...]:
    """Those outages of a month that can be among the longest of a year: the longest, and those at its edges."""
    longest = set(find_longest(outages, count))
    return tuple(
        outage
        for outage in outages
        if outage in longest or outage.start == month.start or outage.end == month.end
    )


def list_runs(days: Sequence[YearDay]) -> Iterator[tuple[YearDay, int]]:
    """Consecutive days that differ in nothing but their date: the first of them, and how many they are."""
    starts = [
        index
        for index, day in enumerate(days)
        if not index or day._replace(date=days[index - 1].date) != days[index - 1]
    ]
    for first, after in pairwise((*starts, len(days))):
        yield days[first], after - first
