"""Bars, figures and lists of one service. All three come from the same days and the same account."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date

from markupsafe import Markup

from constat.availability import PAGE_DECIMALS
from constat.i18n import Language, message
from constat.interval import DAY_S
from constat.model import Availability, Day, Status
from constat.page import PROBLEMS, Group, ImportedDay, ShownService
from constat.render import imported_texts
from constat.render.shares import format_availability, format_share
from constat.render.strips import (
    Above,
    AxisLabel,
    Base,
    DayShape,
    Strip,
    build_axis,
    choose_red,
    draw_strip,
    merge_shapes,
)

_CSS_CLASSES = {
    Status.OPERATIONAL: "up",
    Status.MAINTENANCE: "maint",
    Status.DEGRADED: "degraded",
    Status.OUTAGE: "outage",
    Status.NO_DATA: "nodata",
}
_ABOVES: Mapping[Status, Above] = {
    Status.MAINTENANCE: "maint",
    Status.DEGRADED: "degraded",
    Status.OUTAGE: "outage",
}


def css_class(status: Status) -> str:
    """The CSS class of a status, which is also the name of its icon."""
    return _CSS_CLASSES[status]


def build_shape(day: Day, language: Language, *, is_down_now: bool = False) -> DayShape:
    """The bar of one day (rule 17). If the service is down right now, the bar is red from the first second of downtime."""
    if not day.existed:
        return DayShape(day.date, "")
    above = _ABOVES.get(day.status, "")
    if is_down_now and day.bad.down:
        above = "outage"
    words = describe_day(day, language) if above or day.partial or day.status is Status.NO_DATA else ""
    red = choose_red(day.bad.down) if above == "outage" else 0
    return DayShape(day.date, _find_base(day), above, red, words)


def _find_base(day: Day) -> Base:
    if day.status is Status.NO_DATA:
        return "none"
    return "part" if day.partial else "up"


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
    """Say how much of a day's downtime is in the agreed hours; nothing where all of it is."""
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
    """Count the shown days on which the service existed."""
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
    """The availability that does not count for the promise; empty if it prints the same as the one that counts."""
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


def _build_service_shape(
    service: ShownService, day: Day, language: Language, *, is_down_now: bool
) -> DayShape:
    """The bar of a day: as we measured it, or as another tool recorded it before we did."""
    recorded = service.imported_days.get(day.date)
    if recorded is not None:
        return build_imported_shape(recorded, language)
    return build_shape(day, language, is_down_now=is_down_now)


def build_imported_shape(day: ImportedDay, language: Language) -> DayShape:
    """The bar of a day as another tool recorded it: hatched, whatever its colour."""
    words = imported_texts.describe_day(day, language)
    above = _ABOVES.get(day.status, "")
    red = choose_red(day.down_s) if above == "outage" else 0
    base: Base = "part" if day.partial else "up"
    if day.status is Status.NO_DATA:
        base = "none"
    return DayShape(day.date, base, above, red, words, recorded=True)


def draw_imported_month(days: Sequence[ImportedDay], label: str, language: Language) -> Strip:
    """The strip of a month that another tool recorded, with an empty place for each day that nobody recorded."""
    known = {day.date.day: build_imported_shape(day, language) for day in days}
    first, length = days[0].date.replace(day=1), monthrange(days[0].date.year, days[0].date.month)[1]
    shapes = [known.get(number, DayShape(first.replace(day=number), "")) for number in range(1, length + 1)]
    return draw_strip(shapes, label, language)


def build_shapes(service: ShownService, language: Language) -> tuple[DayShape, ...]:
    """The days of a service as they are drawn."""
    is_down, today = service.standing.status is Status.OUTAGE, service.days[-1].date
    return tuple(
        _build_service_shape(service, day, language, is_down_now=is_down and day.date == today)
        for day in service.days
    )


def build_strip(service: ShownService, language: Language) -> Strip:
    """The bars of a service."""
    return draw_strip(build_shapes(service, language), str(describe_strip(service, language)), language)


def build_group_strip(group: Group, language: Language) -> Strip:
    """The bars of a group: each day as that of the service with the worst one."""
    rows = [build_shapes(service, language) for service in group.services]
    return draw_strip(merge_shapes(rows), "", language)


def list_axis(service: ShownService, language: Language) -> tuple[AxisLabel, ...]:
    """The names on the axis that all strips of a page share."""
    return build_axis([day.date for day in service.days], language)


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
