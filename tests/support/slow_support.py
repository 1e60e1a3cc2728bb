"""The support clock, minute by minute: slow, obvious, and sharing no code with the product.

Regions open and close on whole minutes, so a minute is open or closed as a whole; seconds are counted within it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from constat.model import Hours, Level, Support, Ticket

MINUTE = 60


def find_zone(hours: Hours) -> tzinfo:
    """`+01:00` or a named zone."""
    if hours.zone[0] not in "+-":
        return ZoneInfo(hours.zone)
    minutes = int(hours.zone[1:3]) * 60 + int(hours.zone[4:6])
    return timezone(timedelta(minutes=-minutes if hours.zone[0] == "-" else minutes))


def works_on(hours: Hours, day: date) -> bool:
    """Whether a region opens on a day."""
    return day.weekday() in hours.days and day not in hours.holidays


def is_open(hours: Hours, second: int) -> bool:
    """Whether a region is open, by its local time: opened today, or still open from yesterday."""
    here = datetime.fromtimestamp(second, find_zone(hours))
    today, yesterday = here.date(), here.date() - timedelta(days=1)
    clock = here.time()
    if hours.start < hours.to:
        return works_on(hours, today) and hours.start <= clock < hours.to
    return (works_on(hours, today) and clock >= hours.start) or (
        works_on(hours, yesterday) and clock < hours.to
    )


@dataclass
class SlowSupport:
    """One promise of support."""

    support: Support

    def counting(self, region: str) -> list[Hours]:
        """The regions whose hours count."""
        return [each for each in self.support.hours if self.support.clock == "union" or each.region == region]

    def count_opening_seconds(self, region: str, start: int, end: int) -> int:
        """The open seconds of `[start, end)`."""
        seconds, second = 0, start
        while second < end:
            following = min(end, (second // MINUTE + 1) * MINUTE)
            if any(is_open(hours, second) for hours in self.counting(region)):
                seconds += following - second
            second = following
        return seconds

    def compute_due(self, ticket: Ticket, level: Level) -> int:
        """The instant at which a ticket is due."""
        if level.target_s is not None:
            return self._due_in_opening_time(ticket, level.target_s)
        assert level.target_days is not None
        own = next(hours for hours in self.support.hours if hours.region == ticket.region)
        day = datetime.fromtimestamp(ticket.opened_at, find_zone(own)).date()
        counting = self.counting(ticket.region)
        for _ in range(level.target_days):
            day += timedelta(days=1)
            while not any(works_on(hours, day) for hours in counting):
                day += timedelta(days=1)
        return max(_find_closing(hours, day) for hours in counting if works_on(hours, day))

    def _due_in_opening_time(self, ticket: Ticket, target_s: int) -> int:
        second, left = ticket.opened_at, target_s
        while left > 0:
            following = (second // MINUTE + 1) * MINUTE
            if any(is_open(hours, second) for hours in self.counting(ticket.region)):
                if left <= following - second:
                    return second + left
                left -= following - second
            second = following
        return second

    def compute_month(self, tickets: list[Ticket], start: int, end: int, freeze: int) -> list[dict[str, Any]]:
        """Every level of a month that is over."""
        return [self._level(level, tickets, start, end, freeze) for level in self.support.levels]

    def _level(
        self, level: Level, tickets: list[Ticket], start: int, end: int, freeze: int
    ) -> dict[str, Any]:
        late, took, count = 0, [], 0
        for ticket in tickets:
            if ticket.level != level.id or not start <= self.compute_due(ticket, level) < end:
                continue
            count += 1
            answered = ticket.first_response_at
            if answered is None or answered > freeze:
                late += 1
                continue
            seconds = self.count_opening_seconds(ticket.region, ticket.opened_at, answered)
            took.append(seconds)
            if level.target_s is not None:
                late += seconds > level.target_s
            else:
                late += answered > self.compute_due(ticket, level)
        took.sort()
        return {
            "level": level.id,
            "tickets": count,
            "late": late,
            "median_s": _lower_middle(took),
            "longest_s": max(took, default=None),
            "verdict": "no_data" if count == 0 else ("missed" if late else "met"),
        }


def _lower_middle(values: list[int]) -> int | None:
    """The lower median."""
    while len(values) > 2:
        values = values[1:-1]
    return values[0] if values else None


def _find_closing(hours: Hours, day: date) -> int:
    """Find the first minute after the opening of a day at which the local time is the closing time."""
    minute = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) - 15 * 3600
    while (datetime.fromtimestamp(minute, find_zone(hours)).date(), _read_clock(hours, minute)) != (
        day,
        hours.start,
    ):
        minute += MINUTE
    minute += MINUTE
    while _read_clock(hours, minute) != hours.to:
        minute += MINUTE
    return minute


def _read_clock(hours: Hours, second: int) -> time:
    return datetime.fromtimestamp(second, find_zone(hours)).time()
