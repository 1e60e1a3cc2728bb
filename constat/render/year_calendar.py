"""A year of a service as a calendar: a column is a week, Monday at the top, in two halves, side by side or one below the other.

The shapes are those of the bars and differ without colour: a small square (no problem), a triangle (not working normally), a
crossed square (down), a hollow square (maintenance), half a square (measured in part), a dash (not measured), a dot (not
watched yet). Today is framed.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Literal, NamedTuple

from markupsafe import Markup

from constat.availability import YearDay
from constat.i18n import Language
from constat.interval import DAY_S
from constat.model import Status
from constat.page import PROBLEMS, ServiceOutage, ShownService
from constat.page.year import DAYS_A_WEEK, Year
from constat.render.day_bars import css_class

PITCH, SQUARE = 13, 7
"""Units from one day to the next, and the side of a square."""
HALF_WEEKS = 27
WIDTH, HEIGHT = HALF_WEEKS * PITCH, 107
TOP = 18
"""The top of the first row, below the names of the months."""
_ROOM_FOR_A_MONTH = 2
"""Weeks that the name of a month takes."""

Shape = Literal["up", "degraded", "outage", "maint", "part", "none", "unborn"]


class Mark(NamedTuple):
    """A day that has words: its place, and the words."""

    x: int
    y: int
    words: str


class MonthName(NamedTuple):
    """The name of a month above the week with its first day."""

    x: int
    words: str


class Half(NamedTuple):
    """Half a year: paths by CSS class, the names of its months, the days that have words, and a sentence for all of it."""

    paths: tuple[tuple[str, str], ...]
    months: tuple[MonthName, ...]
    marks: tuple[Mark, ...]
    label: Markup


class Calendar(NamedTuple):
    """A year: its halves, a sentence that sums it up, and its days with problems, newest first, as bars list them."""

    halves: tuple[Half, ...]
    words: Markup
    problem_days: tuple[tuple[date, str, str, str], ...]
    shapes: tuple[tuple[str, Markup], ...]


def draw_year(service: ShownService, language: Language) -> Calendar | None:
    """Draw the year of a service, `None` for one that began within the shown days."""
    if service.year is None:
        return None
    days = service.year.days
    first = days[0].date.toordinal() - days[0].date.weekday()
    weeks = groupby(days, key=lambda day: (day.date.toordinal() - first) // DAYS_A_WEEK // HALF_WEEKS)
    problems = [day for day in reversed(days) if day.status in PROBLEMS and day.existed]
    return Calendar(
        tuple(_draw_half(list(half), days[-1].date, language) for _, half in weeks),
        describe_year(service.year, language),
        tuple(
            (day.date, css_class(day.status), language.full_day(day.date), describe_year_day(day, language))
            for day in problems
        ),
        tuple(_list_shapes(days, language)),
    )


def _draw_half(days: Sequence[YearDay], today: date, language: Language) -> Half:
    monday = days[0].date.toordinal() - days[0].date.weekday()
    places = [(_place(day.date, monday, language), day) for day in days]
    paths: dict[str, str] = {}
    for shape, members in groupby(places, key=lambda place: (find_shape(place[1]), place[0][0])):
        column = [place for place, _ in members]
        drawn = _draw_column(shape[0], column)
        paths[shape[0]] = paths.get(shape[0], "") + drawn
    crosses = "".join(_draw_cross(*place) for place, day in places if find_shape(day) == "outage")
    frame = "".join(f"M{x - 3.5:g} {y - 3.5:g}h14v14h-14z" for (x, y), day in places if day.date == today)
    paths.update({css: path for css, path in (("cross", crosses), ("today", frame)) if path})
    return Half(
        tuple(paths.items()),
        tuple(_name_months(places, language)),
        tuple(Mark(x - 3, y - 3, _describe_mark(day, language)) for (x, y), day in places if _has_words(day)),
        _describe_half(days, language),
    )


def _place(day: date, monday: int, language: Language) -> tuple[int, int]:
    """The upper left corner of a day's square; weeks go from right to left where the language does."""
    week, row = divmod(day.toordinal() - monday, DAYS_A_WEEK)
    x = week * PITCH + 2
    return (WIDTH - SQUARE - x if language.direction == "rtl" else x), TOP + row * PITCH


def find_shape(day: YearDay) -> Shape:
    """The shape of a day."""
    if not day.existed:
        return "unborn"
    if day.status is Status.OPERATIONAL:
        return "part" if day.partial else "up"
    shapes: dict[Status, Shape] = {
        Status.OUTAGE: "outage",
        Status.DEGRADED: "degraded",
        Status.MAINTENANCE: "maint",
        Status.NO_DATA: "none",
    }
    return shapes[day.status]


def _draw_column(shape: Shape, places: Sequence[tuple[int, int]]) -> str:
    """The days of one shape in a row of one week. Squares, halves, dashes and dots are a single dashed stroke."""
    (x, top), (_, bottom) = places[0], places[-1]
    length = bottom - top + SQUARE
    if shape in {"up", "part", "none", "unborn"}:
        return f"M{x + SQUARE / 2:g} {top}v{length}"
    return "".join(_draw_day(shape, *place) for place in places)


def _draw_day(shape: Shape, x: int, y: int) -> str:
    if shape == "outage":
        return f"M{x - 2} {y - 2}h11v11h-11z"
    if shape == "degraded":
        return f"M{x + 3.5:g} {y - 1.5:g}l5 10h-10z"
    return f"M{x - 0.8:g} {y - 0.8:g}h8.6v8.6h-8.6z"


def _draw_cross(x: int, y: int) -> str:
    return f"M{x + 1} {y + 1}l5 5m0-5-5 5"


def _name_months(
    places: Sequence[tuple[tuple[int, int], YearDay]], language: Language
) -> Iterator[MonthName]:
    """The names of months above the weeks in which they begin, and of the first one if there is room."""
    starts = [(place, day) for place, day in places if day.date.day == 1]
    first = places[0]
    room = _ROOM_FOR_A_MONTH * PITCH
    if not starts or abs(starts[0][0][0] - first[0][0]) >= room:
        starts.insert(0, first)
    is_mirrored = language.direction == "rtl"
    for (x, _), day in starts:
        is_year_new = day.date.month == 1 and day.date.day == 1
        words = (
            language.short_month(f"{day.date:%Y-%m}", with_year=False)
            if not is_year_new
            else f"{day.date:%Y}"
        )
        yield MonthName(x + SQUARE if is_mirrored else x, words)


def _has_words(day: YearDay) -> bool:
    return day.existed and find_shape(day) != "up"


def _describe_mark(day: YearDay, language: Language) -> str:
    return f"{language.full_day(day.date)} · {describe_year_day(day, language)}"


def describe_year_day(day: YearDay, language: Language) -> str:
    """A day in a few words, as the bars do."""
    say = language.say
    parts = [
        say("down %(duration)s", duration=language.duration(day.down_s)) if day.down_s else "",
        say("not working normally %(duration)s", duration=language.duration(day.degraded_s))
        if day.degraded_s
        else "",
        say("announced maintenance %(duration)s", duration=language.duration(day.announced_s))
        if day.announced_s
        else "",
    ]
    if day.partial or not day.observed_s:
        parts.append(_describe_measured(day, language))
    return ", ".join(str(part) for part in parts if part)


def _describe_measured(day: YearDay, language: Language) -> Markup:
    if not day.observed_s:
        return language.say("not measured")
    duration = language.duration(day.observed_s)
    if day.length_s == DAY_S:
        return language.say("measured %(duration)s of 24", duration=duration)
    return language.say(
        "measured %(duration)s of %(whole)s", duration=duration, whole=language.duration(day.length_s)
    )


def _describe_half(days: Sequence[YearDay], language: Language) -> Markup:
    """The first and last day of a half year, and how many days had problems."""
    return language.say(
        "%(start)s to %(end)s: %(what)s",
        start=language.dated(days[0].date),
        end=language.dated(days[-1].date),
        what=_count_problems(days, language),
    )


def _count_problems(days: Iterable[YearDay], language: Language) -> Markup:
    count = sum(day.existed and day.status in PROBLEMS for day in days)
    if not count:
        return language.say("no day with problems")
    return language.say_many("1 day with problems", "%(n)s days with problems", count)


def describe_year(year: Year, language: Language) -> Markup:
    """Say how many days were watched, since when, and how many of them had problems, maintenance or no measurement."""
    watched = year.watched
    counts = [_count_problems(watched, language)]
    maintained = sum(day.announced_s > 0 for day in watched)
    if maintained:
        counts.append(language.say_many("1 with maintenance", "%(n)s with maintenance", maintained))
    unseen = sum(day.status is Status.NO_DATA for day in watched)
    if unseen:
        counts.append(language.say_many("1 not measured", "%(n)s not measured", unseen))
    return language.say(
        "%(days)s watched, since %(day)s: %(what)s. Today is framed.",
        days=language.say_many("1 day", "%(n)s days", len(watched)),
        day=language.dated(watched[0].date),
        what=language.listing([str(count) for count in counts]),
    )


def _list_shapes(days: Iterable[YearDay], language: Language) -> Iterator[tuple[str, Markup]]:
    """The shapes that occur in a year, with their meaning."""
    say = language.say
    meanings: dict[Shape, Markup] = {
        "up": say("no problem"),
        "degraded": say("not working normally"),
        "outage": say("down"),
        "maint": say("announced maintenance"),
        "part": say("partly measured"),
        "none": say("not measured"),
        "unborn": say("not checked yet"),
    }
    occurring = {find_shape(day) for day in days}
    for shape, meaning in meanings.items():
        if shape in occurring:
            yield shape, meaning


def draw_shape(shape: Shape) -> tuple[tuple[str, str], ...]:
    """The paths of one shape alone, in a square of 11 units, for the key."""
    cross = (("cross", _draw_cross(2, 2)),) if shape == "outage" else ()
    return ((shape, _draw_column(shape, [(2, 2)])), *cross)


def list_longest(service: ShownService) -> tuple[ServiceOutage, ...]:
    """The longest outages of the year, the longest first; none for a service without a year."""
    longest = service.year.longest if service.year else ()
    known = {each.outage.start: each for each in service.outages}
    return tuple(
        known.get(outage.start, ServiceOutage(service.id, outage, ongoing=False)) for outage in longest
    )
