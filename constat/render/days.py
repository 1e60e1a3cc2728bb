"""Bars, figures and lists of one service. All three are made of the same days and the same account."""

from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from constat.availability import PAGE_DECIMALS, format_percent
from constat.i18n import Language
from constat.interval import DAY_S
from constat.model import Availability, Day, Figures, Status
from constat.page import PROBLEMS, ShownService

ROW = 30
"""The bars of one row on a phone."""

_SHORT = {
    Status.OPERATIONAL: "up",
    Status.MAINTENANCE: "maint",
    Status.DEGRADED: "degraded",
    Status.OUTAGE: "outage",
    Status.NO_DATA: "nodata",
}
"""What a status is called in the stylesheet."""


class Bar(NamedTuple):
    """One bar: its classes in the stylesheet and what the read-out line says of it."""

    css: str
    tip: str


class Strip(NamedTuple):
    """The bars of a service in rows of 30, each with the day it begins with, and the sentence that stands for them."""

    rows: tuple[tuple[str, tuple[Bar, ...]], ...]
    label: str


def css(status: Status) -> str:
    """The name of a status in the stylesheet."""
    return _SHORT[status]


def red_share(day: Day) -> int:
    """How much of an outage's bar is red, in steps of 5 %: as much as the day was down, at least a quarter."""
    down, length = day.seconds.down - day.maintenance.down, max(day.seconds.window, 1)
    return max(25, min(100, -(-down * 20 // length) * 5))


def bar(day: Day, language: Language) -> Bar:
    """The bar of one day."""
    classes = [css(day.status)]
    if day.status is Status.OUTAGE:
        classes.append(f"r{red_share(day)}")
    if day.partial and day.status is not Status.NO_DATA:
        classes.append("partial")
    return Bar(" ".join(classes), f"{language.day(day.date)} · {day_sentence(day, language)}")


def _troubles(day: Day, language: Language) -> list[str]:
    """What was wrong on a day, in the order of its gravity."""
    down = day.seconds.down - day.maintenance.down
    degraded = day.seconds.degraded - day.maintenance.degraded
    announced = day.maintenance.window
    found = []
    if down:
        found.append(language.say("down %(duration)s", duration=language.duration(down)))
    if degraded:
        found.append(language.say("not working normally %(duration)s", duration=language.duration(degraded)))
    if announced:
        found.append(
            language.say("announced maintenance %(duration)s", duration=language.duration(announced))
        )
    return [str(words) for words in found]


def _measured(day: Day, language: Language) -> str:
    """How much of a day was looked at, in words: `measured 9 h of 24`."""
    if day.seconds.window == DAY_S:
        return str(
            language.say("measured %(duration)s of 24", duration=language.duration(day.seconds.observed))
        )
    return str(
        language.say(
            "measured %(duration)s of %(whole)s",
            duration=language.duration(day.seconds.observed),
            whole=language.duration(day.seconds.window),
        )
    )


def day_sentence(day: Day, language: Language) -> str:
    """What a day was like."""
    if not day.existed:
        return str(language.say("not checked yet"))
    if not day.seconds.observed:
        return str(language.say("not measured"))
    troubles = _troubles(day, language)
    partly = [_measured(day, language)] if day.partial else []
    if troubles:
        return ", ".join([*troubles, *partly])
    if partly:
        return str(language.say("%(measured)s; no outage seen", measured=partly[0]))
    return str(language.say("no problem"))


def figure(share: Availability, language: Language, minimum: Figures) -> str | None:
    """An availability as a page prints it: one figure, or its bounds where too little was observed; `None` without data."""
    if share.availability is None or share.coverage is None or share.lower is None or share.upper is None:
        return None
    if share.coverage * 100 < minimum.min_coverage:
        low, high = (
            language.percent(str(format_percent(bound, PAGE_DECIMALS)))
            for bound in (share.lower, share.upper)
        )
        return str(language.say("between %(low)s and %(high)s", low=low, high=high))
    return language.percent(str(format_percent(share.availability, PAGE_DECIMALS)))


def days_existed(service: ShownService) -> int:
    """Over how many of the shown days the service existed."""
    return sum(day.existed for day in service.days)


def summary(service: ShownService, language: Language) -> Markup:
    """The figure of a service with its period and with how much of it was looked at."""
    figures, count = service.figures, days_existed(service)
    printed = figure(figures.counted, language, figures)
    if printed is None or figures.all.coverage is None:
        return language.say("Not checked yet") if service.first is None else language.say("Not measured")
    period = language.say_many("1 day", "%(n)s days", count)
    coverage = language.percent(str(format_percent(figures.all.coverage, PAGE_DECIMALS)))
    return language.say(
        "%(figure)s over %(period)s, %(coverage)s of it checked",
        figure=printed,
        period=period,
        coverage=coverage,
    )


def other_figure(service: ShownService, language: Language) -> Markup:
    """The figure that the promise is not held to, where it differs on paper from the one that it is held to."""
    figures = service.figures
    counted, other = figures.all, figures.without_maintenance
    if figures.counts == "without_maintenance":
        counted, other = other, counted
    printed = figure(other, language, figures)
    if printed is None or printed == figure(counted, language, figures):
        return Markup()
    if figures.counts == "all":
        return language.say("%(figure)s without maintenance announced in advance", figure=printed)
    return language.say("%(figure)s counting announced maintenance", figure=printed)


def strip(service: ShownService, language: Language) -> Strip:
    """The bars of a service."""
    bars = tuple(bar(day, language) for day in service.days)
    rows = tuple(
        (language.day(service.days[first].date), bars[first : first + ROW])
        for first in range(0, len(bars), ROW)
    )
    return Strip(rows, str(label(service, language)))


def label(service: ShownService, language: Language) -> Markup:
    """The sentence that stands for the bars where they cannot be seen."""
    problems = len(service.problem_days)
    said = (
        language.say_many("1 day with problems", "%(n)s days with problems", problems)
        if problems
        else language.say("no day with problems")
    )
    return language.say(
        "%(service)s, last %(days)s days: %(summary)s; %(problems)s",
        service=language.name(service.name),
        days=len(service.days),
        summary=summary(service, language),
        problems=said,
    )


def problems(service: ShownService, language: Language) -> tuple[tuple[date, str, str, str], ...]:
    """The days with problems, newest first: date, status in the stylesheet, the day, what was wrong."""
    return tuple(
        (day.date, css(day.status), language.weekday(day.date), day_sentence(day, language))
        for day in service.problem_days
        if day.status in PROBLEMS
    )
