"""How to reach support, when it is open, and what it promises."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup

from constat.i18n import Language
from constat.interval import Instant, Interval, local, local_date
from constat.model import WEEKDAYS, Contact, Hours, LevelFigures
from constat.page import Page
from constat.render.labels import region_label
from constat.support import find_opening

_LOOK_AHEAD_DAYS = 15


class RegionHours(NamedTuple):
    """The opening hours of a region: its name, whether it is open now and until when, and its hours.

    `promised`: the hours in the time zone of the contract; `here`: in that of the page, empty if it is the same.
    """

    name: str | Markup
    is_open: bool
    now: Markup
    promised: Markup
    here: Markup


def _list_openings(hours: Hours, now: Instant, language: Language) -> tuple[Interval, ...]:
    """The openings that are not over yet, as far ahead as the longest holidays."""
    today = local_date(now, language.zone)
    intervals = (find_opening(hours, today + timedelta(days=ahead)) for ahead in range(-1, _LOOK_AHEAD_DAYS))
    return tuple(interval for interval in intervals if interval.seconds and interval.end > now)


def list_regions(page: Page, language: Language) -> tuple[RegionHours, ...]:
    """The opening hours of every region."""
    return tuple(
        _build_region(hours, page, language) for hours in (page.support.hours if page.support else ())
    )


def _build_region(hours: Hours, page: Page, language: Language) -> RegionHours:
    upcoming = _list_openings(hours, page.now, language)
    is_open = bool(upcoming) and upcoming[0].start <= page.now
    return RegionHours(
        name=region_label(hours.region, language),
        is_open=is_open,
        now=_describe_now(upcoming, is_open, language),
        promised=describe_weekly_hours(hours, language),
        here=_format_local_hours(hours, upcoming, language),
    )


def _describe_now(upcoming: tuple[Interval, ...], is_open: bool, language: Language) -> Markup:
    if not upcoming:
        return language.say("closed")
    if is_open:
        return language.say("open, %(until)s", until=language.until(upcoming[0].end))
    return language.say("closed, opens %(at)s", at=language.at(upcoming[0].start, announced=True))


def describe_weekly_hours(hours: Hours, language: Language) -> Markup:
    """Hours of the week as written in the contract: `Monday to Friday, 08:00 to 17:00 (GMT+1)`."""
    days, zone = _list_weekdays(hours.days, language), _name_zone(hours)
    if hours.start == hours.to:
        return language.say("%(days)s, all day (%(zone)s)", days=days, zone=zone)
    return language.say(
        "%(days)s, %(start)s to %(end)s (%(zone)s)",
        days=days,
        start=language.wall_clock(hours.start),
        end=language.wall_clock(hours.to),
        zone=zone,
    )


def _name_zone(hours: Hours) -> str:
    """A named zone as it is, a fixed offset as people write it: `GMT+1`."""
    if hours.zone[0] not in "+-":
        return hours.zone
    return f"GMT{hours.zone.removesuffix(':00').replace('+0', '+').replace('-0', '-')}"


def _list_weekdays(days: Sequence[int], language: Language) -> Markup:
    """Days of the week (0 is Monday) in words: three and more in a row as a range, the others one by one."""
    if len(days) == len(WEEKDAYS):
        return language.say("every day")
    runs = ([day for _, day in run] for _, run in groupby(enumerate(days), lambda pair: pair[1] - pair[0]))
    return language.listing(words for run in runs for words in _name_run(run, language))


def _name_run(days: Sequence[int], language: Language) -> Iterator[Markup]:
    """Days in a row: as a range if that is shorter."""
    monday = date(2024, 1, 1)
    names = [language.day_name(monday + timedelta(days=day)) for day in days]
    if len(names) > 2:  # noqa: PLR2004 -- two of them are named
        yield language.say("%(first)s to %(last)s", first=names[0], last=names[-1])
    else:
        yield from (language.say("%(weekday)s", weekday=name) for name in names)


def _format_local_hours(hours: Hours, upcoming: tuple[Interval, ...], language: Language) -> Markup:
    """The next opening in the page's time zone, empty if it reads the same as the promised hours."""
    if not upcoming or local(upcoming[0].start, language.zone).time() == hours.start:
        return Markup()
    opened = upcoming[0]
    return language.say(
        "These days, in %(zone)s: %(start)s to %(end)s",
        zone=language.zone_name,
        start=language.clock(opened.start, announced=True),
        end=language.clock(opened.end, announced=True),
    )


def has_drifting_hours(page: Page) -> bool:
    """Whether some hours have a fixed UTC offset while the page's time zone has daylight saving time."""
    winter, summer = (
        local(page.now, page.settings.timezone).replace(month=month, day=15) for month in (1, 7)
    )
    fixed = any(hours.zone[0] in "+-" for hours in (page.support.hours if page.support else ()))
    return fixed and winter.utcoffset() != summer.utcoffset()


def group_contacts(page: Page) -> tuple[tuple[str, tuple[Contact, ...]], ...]:
    """The contacts by channel, in the order of `status.yml`."""
    contacts = page.support.contacts if page.support else ()
    order = dict.fromkeys(contact.channel for contact in contacts)
    return tuple(
        (channel, tuple(contact for contact in contacts if contact.channel == channel)) for channel in order
    )


def find_last_month(page: Page, level: str) -> LevelFigures | None:
    """The figures of a level in the newest finished month, `None` without a ticket."""
    finished = (month for month in page.statements if month.statement.window.end <= page.now)
    newest = next(finished, None)
    if newest is None:
        return None
    return next(
        (figures for figures in newest.statement.support if figures.level == level and figures.tickets), None
    )
