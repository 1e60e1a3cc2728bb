"""How to reach support, when it is open, and what it promised."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup

from constat.i18n import Language
from constat.interval import Instant, Interval, local, local_date
from constat.model import Contact, Hours, LevelFigures
from constat.page import Page
from constat.render.labels import region
from constat.support import opening

_LOOK_AHEAD_DAYS = 15


class Region(NamedTuple):
    """One region's hours: its name, whether it is open now, what that means, and its times as promised and as the page's zone has them."""

    name: str | Markup
    is_open: bool
    now: Markup
    promised: Markup
    here: Markup


def openings(hours: Hours, now: Instant, language: Language) -> tuple[Interval, ...]:
    """The openings from yesterday on, as far ahead as the longest holidays."""
    today = local_date(now, language.zone)
    spans = (opening(hours, today + timedelta(days=ahead)) for ahead in range(-1, _LOOK_AHEAD_DAYS))
    return tuple(span for span in spans if span.seconds and span.end > now)


def regions(page: Page, language: Language) -> tuple[Region, ...]:
    """Every region's hours."""
    return tuple(_region(hours, page, language) for hours in (page.support.hours if page.support else ()))


def _region(hours: Hours, page: Page, language: Language) -> Region:
    coming = openings(hours, page.now, language)
    is_open = bool(coming) and coming[0].start <= page.now
    return Region(
        name=region(hours.region, language),
        is_open=is_open,
        now=_now(coming, is_open, language),
        promised=_promised(hours, language),
        here=_here(hours, coming, language),
    )


def _now(coming: tuple[Interval, ...], is_open: bool, language: Language) -> Markup:
    if not coming:
        return language.say("closed")
    if is_open:
        return language.say("open, %(until)s", until=language.until(coming[0].end))
    return language.say("closed, opens %(at)s", at=language.at(coming[0].start, announced=True))


def _promised(hours: Hours, language: Language) -> Markup:
    """The hours as the contract has them: `Monday to Friday, 08:00 to 17:00 (GMT+1)`."""
    return language.say(
        "%(days)s, %(start)s to %(end)s (%(zone)s)",
        days=_weekdays(hours.days, language),
        start=language.wall_clock(hours.start),
        end=language.wall_clock(hours.to),
        zone=f"GMT{hours.zone.removesuffix(':00').replace('+0', '+').replace('-0', '-')}"
        if hours.zone[0] in "+-"
        else hours.zone,
    )


def _weekdays(days: Iterable[int], language: Language) -> Markup:
    """Days side by side as a span, the others one by one."""
    monday = date(2024, 1, 1)
    runs = [
        [day for _, day in members] for _, members in groupby(enumerate(days), lambda pair: pair[1] - pair[0])
    ]

    def name(day: int) -> str:
        return language.day_name(monday + timedelta(days=day))

    return language.listing(
        language.say("%(first)s to %(last)s", first=name(run[0]), last=name(run[-1]))
        if len(run) > 1
        else name(run[0])
        for run in runs
    )


def _here(hours: Hours, coming: tuple[Interval, ...], language: Language) -> Markup:
    """The next opening by the page's clock, where that is another: also in summer, when fixed offsets and clocks drift apart."""
    if not coming or local(coming[0].start, language.zone).time() == hours.start:
        return Markup()
    span = coming[0]
    return language.say(
        "These days, in %(zone)s: %(start)s to %(end)s",
        zone=language.zone_name,
        start=language.clock(span.start, announced=True),
        end=language.clock(span.end, announced=True),
    )


def drifts(page: Page) -> bool:
    """Whether some hours are fixed offsets while the page's clock changes twice a year."""
    winter, summer = (
        local(page.now, page.settings.timezone).replace(month=month, day=15) for month in (1, 7)
    )
    fixed = any(hours.zone[0] in "+-" for hours in (page.support.hours if page.support else ()))
    return fixed and winter.utcoffset() != summer.utcoffset()


def channels(page: Page) -> tuple[tuple[str, tuple[Contact, ...]], ...]:
    """The contacts by channel, in the order of `status.yml`."""
    contacts = page.support.contacts if page.support else ()
    order = dict.fromkeys(contact.channel for contact in contacts)
    return tuple((channel, tuple(one for one in contacts if one.channel == channel)) for channel in order)


def last_month(page: Page, level: str) -> LevelFigures | None:
    """What the newest finished month says of a level."""
    over = (month for month in page.statements if month.statement.window.end <= page.now)
    newest = next(over, None)
    if newest is None:
        return None
    return next((found for found in newest.statement.support if found.level == level and found.tickets), None)
