"""Bars, figures and lists of one service. All three come from the same days and the same account."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from constat.availability import PAGE_DECIMALS
from constat.i18n import Language, message
from constat.interval import DAY_S
from constat.model import NO_SECONDS, Availability, Day, Status
from constat.page import PROBLEMS, ImportedDay, ShownService
from constat.render import imported_texts
from constat.render.shares import format_availability, format_share

BARS_PER_ROW = 30
"""On a phone."""

_CSS_CLASSES = {
    Status.OPERATIONAL: "up",
    Status.MAINTENANCE: "maint",
    Status.DEGRADED: "degraded",
    Status.OUTAGE: "outage",
    Status.NO_DATA: "nodata",
}


class Bar(NamedTuple):
    """The bar of one day: its CSS classes, and the text that the read-out line shows for it."""

    css: str
    tip: str


class Strip(NamedTuple):
    """The bars of a service in rows, each with the name of its first day, and a sentence for readers who cannot see them."""

    rows: tuple[tuple[str, tuple[Bar, ...]], ...]
    label: str


def css_class(status: Status) -> str:
    """The CSS class of a status, which is also the name of its icon."""
    return _CSS_CLASSES[status]


def compute_red_percent(day: Day) -> int:
    """The red part of an outage's bar, in steps of 5 %: the share of the day that was down, but at least a quarter."""
    return compute_red_share(day.bad.down, day.whole.window)


def compute_red_share(down: int, length: int) -> int:
    """The red part of a bar, in steps of 5 %, for so many down seconds of so many."""
    length = max(length, 1)
    return max(25, min(100, -(-down * 20 // length) * 5))


def build_bar(day: Day, language: Language, *, is_down_now: bool = False) -> Bar:
    """The bar of one day. That of a day on which the service is down right now is red from the first second on."""
    if _is_quiet(day):
        return Bar(css_class(day.status), f"{language.day(day.date)} · {language.say('no problem')}")
    is_outage = day.status is Status.OUTAGE or (is_down_now and day.bad.down > 0)
    classes = [css_class(Status.OUTAGE if is_outage else day.status)]
    if is_outage:
        classes.append(f"r{compute_red_percent(day)}")
    if day.partial and day.status is not Status.NO_DATA:
        classes.append("partial")
    return Bar(" ".join(classes), f"{language.day(day.date)} · {describe_day(day, language)}")


def _is_quiet(day: Day) -> bool:
    """Whether all that there is to say of a day is that there was no problem: so it is for most bars of most pages."""
    return (
        day.status is Status.OPERATIONAL
        and not day.partial
        and not day.seconds.down
        and not day.seconds.degraded
        and day.maintenance == day.outside == day.outside_maintenance == NO_SECONDS
    )


def _describe_problems(day: Day, language: Language) -> list[str]:
    """The problems of a day, gravest first."""
    bad, announced = day.bad, (day.maintenance + day.outside_maintenance).window
    problems = []
    if bad.down:
        problems.append(language.say("down %(duration)s", duration=language.duration(bad.down)))
        problems += _place_in_agreed_hours(day, language)
    if bad.degraded:
        problems.append(
            language.say("not working normally %(duration)s", duration=language.duration(bad.degraded))
        )
    if announced:
        problems.append(
            language.say("announced maintenance %(duration)s", duration=language.duration(announced))
        )
    return [str(problem) for problem in problems]


def _place_in_agreed_hours(day: Day, language: Language) -> list[Markup]:
    """How much of a day's downtime lies in the agreed hours; nothing where all of it does."""
    if not (day.outside - day.outside_maintenance).down:
        return []
    agreed_s = (day.seconds - day.maintenance).down
    if not agreed_s:
        return [language.say("outside the agreed hours")]
    return [language.say("of which %(duration)s in the agreed hours", duration=language.duration(agreed_s))]


def _describe_coverage(day: Day, language: Language) -> str:
    """The observed part of a day: `measured 9 h of 24`."""
    if day.whole.window == DAY_S:
        return str(
            language.say("measured %(duration)s of 24", duration=language.duration(day.whole.observed))
        )
    return str(
        language.say(
            "measured %(duration)s of %(whole)s",
            duration=language.duration(day.whole.observed),
            whole=language.duration(day.whole.window),
        )
    )


def describe_day(day: Day, language: Language) -> str:
    """A day in a few words: its problems, how much of it was measured, or that there was no problem."""
    if not day.existed:
        return str(language.say("not checked yet"))
    if not day.whole.observed:
        return str(language.say("not measured"))
    problems = _describe_problems(day, language)
    coverage = [_describe_coverage(day, language)] if day.partial else []
    if problems:
        return ", ".join([*problems, *coverage])
    if coverage:
        return str(language.say("%(measured)s; no outage seen", measured=coverage[0]))
    return str(language.say("no problem"))


def count_days(service: ShownService) -> int:
    """On how many of the shown days the service existed."""
    return sum(day.existed for day in service.days)


def describe_availability(service: ShownService, language: Language) -> Markup:
    """The availability of a service, with its period and its coverage."""
    figures, count = service.figures, count_days(service)
    if figures.counted.availability is None or figures.all.coverage is None:
        return language.say("Not checked yet") if service.first is None else language.say("Not measured")
    words = (
        message("%(figure)s in the agreed hours of %(period)s, %(coverage)s of them checked")
        if service.rules.hours
        else message("%(figure)s over %(period)s, %(coverage)s of it checked")
    )
    return language.say(
        words,
        figure=_format(service, figures.counted, language),
        period=language.say_many("1 day", "%(n)s days", count),
        coverage=format_share(figures.all.coverage, language, PAGE_DECIMALS),
    )


def describe_other_figure(service: ShownService, language: Language) -> Markup:
    """The availability that the promise is not held to; empty if it prints the same as the one that counts."""
    figures = service.figures
    counted, other = figures.all, figures.without_maintenance
    if figures.counts == "without_maintenance":
        counted, other = other, counted
    figure = _format(service, other, language)
    if other.availability is None or figure == _format(service, counted, language):
        return Markup()
    if figures.counts == "all":
        return language.say("%(figure)s without maintenance announced in advance", figure=figure)
    return language.say("%(figure)s counting announced maintenance", figure=figure)


def _format(service: ShownService, availability: Availability, language: Language) -> str:
    return format_availability(service.figures, availability, language, PAGE_DECIMALS)


def _build_service_bar(service: ShownService, day: Day, language: Language, *, is_down_now: bool) -> Bar:
    """The bar of a day: as we measured it, or as another tool recorded it before we looked ourselves."""
    recorded = service.imported_days.get(day.date)
    if recorded is not None:
        return build_imported_bar(recorded, language)
    return build_bar(day, language, is_down_now=is_down_now)


def build_imported_bar(day: ImportedDay, language: Language) -> Bar:
    """The bar of a day as another tool recorded it: outlined and hatched, whatever its colour."""
    classes = ["was", css_class(day.status)]
    if day.status is Status.OUTAGE:
        classes.append(f"r{compute_red_share(day.down_s, day.length_s)}")
    if day.partial:
        classes.append("thin")
    tip = f"{language.day(day.date)} · {imported_texts.describe_day(day, language)}"
    return Bar(" ".join(classes), tip)


def build_imported_bars(days: Sequence[ImportedDay], language: Language) -> tuple[Bar, ...]:
    """The bars of the days of one month, with an empty place for each day before the last that nobody recorded."""
    bars = {day.date.day: build_imported_bar(day, language) for day in days}
    return tuple(bars.get(number, Bar("none", "")) for number in range(1, max(bars, default=0) + 1))


def build_strip(service: ShownService, language: Language) -> Strip:
    """The bars of a service."""
    is_down, today = service.standing.status is Status.OUTAGE, service.days[-1].date
    bars = tuple(
        _build_service_bar(service, day, language, is_down_now=is_down and day.date == today)
        for day in service.days
    )
    rows = tuple(
        (language.day(service.days[first].date), bars[first : first + BARS_PER_ROW])
        for first in range(0, len(bars), BARS_PER_ROW)
    )
    return Strip(rows, str(describe_strip(service, language)))


def describe_strip(service: ShownService, language: Language) -> Markup:
    """The sentence that replaces the bars for readers who cannot see them."""
    count = len(service.problem_days)
    problems = (
        language.say_many("1 day with problems", "%(n)s days with problems", count)
        if count
        else language.say("no day with problems")
    )
    sentence = language.say(
        "%(service)s, last %(days)s days: %(summary)s; %(problems)s",
        service=language.name(service.name),
        days=len(service.days),
        summary=describe_availability(service, language),
        problems=problems,
    )
    if service.imported is None or not service.imported_days:
        return sentence
    until = imported_texts.describe_until(service.imported, language)
    return imported_texts.join_halves(sentence, until, language)


def list_imported_problems(
    service: ShownService, language: Language
) -> tuple[tuple[date, str, str, str], ...]:
    """The days on which another tool recorded problems, as `list_problem_days`."""
    return tuple(
        (
            day.date,
            css_class(day.status),
            language.weekday(day.date),
            imported_texts.describe_day(day, language),
        )
        for day in reversed(list(service.imported_days.values()))
        if day.status in PROBLEMS
    )


def list_problem_days(service: ShownService, language: Language) -> tuple[tuple[date, str, str, str], ...]:
    """The days with problems, newest first: date, CSS class, name of the day, description."""
    return tuple(
        (day.date, css_class(day.status), language.weekday(day.date), describe_day(day, language))
        for day in service.problem_days
        if day.status in PROBLEMS
    )
