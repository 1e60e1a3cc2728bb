"""Opening time: the hours of regions in their own zones, without their own holidays."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from constat.interval import DAY_S, WEEK_S, Instant, Interval, clip, merge, total
from constat.model import Hours, Support

FIRST_LOOK_AHEAD_S = 8 * DAY_S
"""The time searched first: nearly every ticket is due within it."""
LONGEST_LOOK_AHEAD_S = 40 * 366 * DAY_S
"""The longest time searched: a ticket that is not due within decades never is, since its regions never open."""


def select_hours(support: Support, region: str) -> tuple[Hours, ...]:
    """Select the hours that count for a ticket of a region: all of them, or with `clock: own` only those of the region."""
    return tuple(hours for hours in support.hours if support.clock == "union" or hours.region == region)


def get_zone(hours: Hours) -> tzinfo:
    """The time zone of some hours: a fixed offset such as `+01:00`, or a named zone."""
    return _parse_zone(hours.zone)


@cache
def _parse_zone(text: str) -> tzinfo:
    offset_match = re.fullmatch(r"([+-])(\d\d):(\d\d)", text)
    if not offset_match:
        return ZoneInfo(text)
    offset = timedelta(hours=int(offset_match[2]), minutes=int(offset_match[3]))
    return timezone(-offset if offset_match[1] == "-" else offset)


def opens_on(hours: Hours, day: date) -> bool:
    """Whether a region opens on a date of its own calendar."""
    return day.weekday() in hours.days and day not in hours.holidays


def find_opening(hours: Hours, day: date) -> Interval:
    """The opening that begins on a date, empty if there is none. One that closes after midnight belongs to its first day.

    If the clock shows a time twice, the first one is meant.
    """
    zone = get_zone(hours)
    start = datetime.combine(day, hours.start, zone)
    if not opens_on(hours, day):
        return Interval(int(start.timestamp()), int(start.timestamp()))
    closing_day = day if hours.to > hours.start else day + timedelta(days=1)
    end = datetime.combine(closing_day, hours.to, zone)
    return Interval(int(start.timestamp()), int(end.timestamp()))


def find_openings(every: tuple[Hours, ...], window: Interval) -> tuple[Interval, ...]:
    """The seconds of a window at which at least one of some regions is open."""
    weeks = range(window.start // WEEK_S, -(-window.end // WEEK_S))
    return clip(merge(span for week in weeks for span in _find_week_openings(every, week)), window)


@lru_cache(maxsize=1024)  # tickets ask for the same few weeks again and again
def _find_week_openings(every: tuple[Hours, ...], number: int) -> tuple[Interval, ...]:
    """The openings of one week since the epoch (which began on a Thursday)."""
    week = Interval(number * WEEK_S, (number + 1) * WEEK_S)
    return clip(merge(find_opening(hours, day) for hours in every for day in _list_days(hours, week)), week)


def _list_days(hours: Hours, window: Interval) -> Iterator[date]:
    """The dates of a region whose openings may overlap a window."""
    zone = get_zone(hours)
    day = datetime.fromtimestamp(window.start, zone).date() - timedelta(days=1)
    last = datetime.fromtimestamp(window.end, zone).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def count_opening_seconds(every: tuple[Hours, ...], opened: Instant, answered: Instant) -> int:
    """Count the opening seconds between a question and its answer."""
    return total(find_openings(every, Interval(opened, answered)))


def find_due_time(every: tuple[Hours, ...], opened: Instant, target_s: int) -> Instant | None:
    """The first instant at which the opening seconds since a question reach a target; `None` if they never do."""
    ahead = FIRST_LOOK_AHEAD_S
    while ahead <= LONGEST_LOOK_AHEAD_S:
        left = target_s
        for start, end in find_openings(every, Interval(opened, opened + ahead)):
            if left <= end - start:
                return start + left
            left -= end - start
        ahead *= 4
    return None


def find_nth_closing(every: tuple[Hours, ...], opened_on: date, working_days: int) -> Instant | None:
    """The latest closing time of the n-th working day after a date; `None` if there is none.

    A working day is a date on which a region opens whose hours count. A closing time belongs to the date on which that
    region opened, even if the clock already shows the next date, there or elsewhere.
    """
    day, left = opened_on, working_days
    last = opened_on + timedelta(seconds=LONGEST_LOOK_AHEAD_S)
    while left and day < last:
        day += timedelta(days=1)
        left -= any(opens_on(hours, day) for hours in every)
    if left:
        return None
    return max(find_opening(hours, day).end for hours in every if opens_on(hours, day))
