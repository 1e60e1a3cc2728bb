"""Charts of a service, drawn at build time as inline SVG: its response times."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from operator import itemgetter
from typing import NamedTuple

from markupsafe import Markup

from constat.i18n import Language
from constat.interval import HOUR_S, MINUTE_S, local_date
from constat.model import Day, Latency, Status
from constat.page import Hour, Page, ShownService
from constat.render.chart_paths import draw_bands, draw_line, draw_spread, format_number, round_up

WIDTH, HEIGHT = 718, 160
"""The units of a chart: one for each pixel of the page's column."""
MOST_LISTED, SLOWEST_LISTED = 24, 10
"""Up to 24 spans are all listed beside the chart; of more, the ten slowest."""
MARKS = 4
"""The number of different dashes; with more lines the dashes repeat, and only the figures name the place."""


class Percentiles(NamedTuple):
    """Both percentiles in words, from the vantage `place`; which is empty where a chart has one line."""

    place: str
    median: str
    slow: str


class Reading(NamedTuple):
    """The figures of one day or hour on a chart: its place (left edge and width), its name, the percentiles of each line, and the whole in words."""

    x: str
    width: str
    label: str
    figures: tuple[Percentiles, ...]
    words: Markup


class Line(NamedTuple):
    """The response times from one vantage, or from all as one: `median` is a line, `spread` the area from it up to the 95th percentile.

    Both are SVG paths. `mark`: which dashes it has, from 0. `typical`: what it is on a typical day or in a typical hour.
    """

    mark: int
    median: str
    spread: str
    typical: Percentiles


class Chart(NamedTuple):
    """A chart of response times: one line, or one for each vantage where several answered.

    `readings`: every day or hour with answers, oldest first; `listed`: those for the list beside the chart, the slowest first
    where not all are. `bands`: where the service was down or not measured, each with x, width and CSS class. `scale`: the lines of the grid,
    each with y and label. `ends`: the labels at both ends of the axis. `words`: a description of the chart.
    """

    lines: tuple[Line, ...]
    readings: tuple[Reading, ...]
    listed: tuple[Reading, ...]
    bands: tuple[tuple[str, str, str], ...]
    scale: tuple[tuple[str, str], ...]
    ends: tuple[str, str]
    words: Markup


class _Span(NamedTuple):
    """A day or an hour on a chart: its name, its response times, and its statuses in order of time, each with its share."""

    label: str
    latency: Latency | None
    statuses: tuple[tuple[Status, float], ...]


class _Course(NamedTuple):
    """The response times of one line over consecutive spans; `name` is that of its vantage, empty for all as one."""

    name: str
    latencies: tuple[Latency | None, ...]

    @property
    def known(self) -> list[Latency]:
        return [latency for latency in self.latencies if latency is not None]


def draw_daily_latency(page: Page, service: ShownService, language: Language) -> Chart | None:
    """The response times of a service over the shown days, `None` if there are none."""
    days = service.days
    spans = [_Span(language.day(day.date), day.latency, ((day.status, 1),)) for day in days]
    ends = language.day(days[0].date), language.day(days[-1].date)
    courses = _follow_vantages(page, spans, language)
    return _draw(spans, courses, ends, partial(_describe_days, language, days), language)


def _describe_days(language: Language, days: Sequence[Day], slowest: int, median: str, slow: str) -> Markup:
    return language.say(
        "On a typical day, half of the answers came within %(median)s; on the slowest, %(day)s, 95 of 100 came within %(slow)s.",
        median=median,
        day=language.weekday(days[slowest].date),
        slow=slow,
    )


def draw_hourly_latency(page: Page, service: ShownService, language: Language) -> Chart | None:
    """The response times of a service over the last 24 hours, `None` if there are none."""
    hours = service.hours
    if not hours:
        return None
    spans = [
        _Span(
            language.clock(hour.start),
            hour.latency,
            tuple((run.status, run.length * MINUTE_S / HOUR_S) for run in hour.runs),
        )
        for hour in hours
    ]
    first, end = hours[0].start, hours[-1].start + HOUR_S
    day = language.day(local_date(first, language.zone))
    start = str(language.say("%(day)s, %(time)s", day=day, time=language.clock(first)))
    ends = start, language.clock(end)
    courses = _follow_vantages(page, spans, language)
    return _draw(spans, courses, ends, partial(_describe_hours, language, hours), language)


def _describe_hours(
    language: Language, hours: Sequence[Hour], slowest: int, median: str, slow: str
) -> Markup:
    return language.say(
        "In a typical hour, half of the answers came within %(median)s; in the slowest, from %(time)s, 95 of 100 came within %(slow)s.",
        median=median,
        time=language.clock(hours[slowest].start),
        slow=slow,
    )


def _follow_vantages(page: Page, spans: Sequence[_Span], language: Language) -> tuple[_Course, ...]:
    """One course for each vantage from which anything answered; a single one needs no name."""
    names = sorted({name for span in spans if span.latency for name, _ in span.latency.vantages})
    if len(names) < 2:  # noqa: PLR2004
        return (_Course("", tuple(span.latency for span in spans)),)
    return tuple(
        _Course(
            page.vantage_name(name, language.code),
            tuple(span.latency.seen_from(name) if span.latency else None for span in spans),
        )
        for name in names
    )


def _draw(
    spans: Sequence[_Span],
    courses: Sequence[_Course],
    ends: tuple[str, str],
    describe: Callable[[int, str, str], Markup],
    language: Language,
) -> Chart | None:
    """Draw a chart of consecutive spans, `None` if nothing was measured.

    `describe` words it, given the index of the slowest span, the typical median and the slowest 95th percentile.
    """
    latencies = {index: span.latency for index, span in enumerate(spans) if span.latency is not None}
    if not latencies:
        return None
    slowest = max(latencies, key=lambda index: latencies[index].p95)
    top = round_up(max(latency.p95 for course in courses for latency in course.known))
    step = WIDTH / len(spans)

    def compute_y(value: int) -> float:
        return HEIGHT - value / top * HEIGHT

    median, slow = _compute_lower_median(latencies.values()), latencies[slowest].p95
    readings = tuple(_list_readings(spans, courses, step, language))
    return Chart(
        lines=tuple(
            _draw_course(course, number % MARKS, step, compute_y, language)
            for number, course in enumerate(courses)
        ),
        readings=readings,
        listed=_choose_listed(readings, [latency.p95 for latency in latencies.values()]),
        bands=tuple(draw_bands((status for span in spans for status in span.statuses), step)),
        scale=tuple(
            (format_number(compute_y(value)), language.milliseconds(value)) for value in (top // 2, top)
        ),
        ends=ends,
        words=describe(slowest, language.milliseconds(median), language.milliseconds(slow)),
    )


def _compute_lower_median(latencies: Iterable[Latency]) -> int:
    """The median of the median response times; of an even number, the lower of the two in the middle."""
    return _choose_lower_middle(latency.p50 for latency in latencies)


def _choose_lower_middle(values: Iterable[int]) -> int:
    ordered = sorted(values)
    return ordered[(len(ordered) - 1) // 2]


def _draw_course(
    course: _Course, mark: int, step: float, compute_y: Callable[[int], float], language: Language
) -> Line:
    typical = (
        _choose_lower_middle(values)
        for values in zip(*((latency.p50, latency.p95) for latency in course.known), strict=True)
    )
    return Line(
        mark,
        draw_line(course.latencies, step, lambda latency: compute_y(latency.p50)),
        draw_spread(course.latencies, step, compute_y),
        Percentiles(course.name, *map(language.milliseconds, typical)),
    )


def _list_readings(
    spans: Sequence[_Span], courses: Sequence[_Course], step: float, language: Language
) -> Iterable[Reading]:
    """The figures at each place of the chart, for readers who point at it or have it read aloud.

    A digest of an older schema knows no vantages: its day has the figures of all answers together.
    """
    for index, span in enumerate(spans):
        figures = tuple(
            _put_into_words(course.name, latency, language)
            for course in courses
            if (latency := course.latencies[index]) is not None
        )
        if not figures and span.latency is not None:
            figures = (_put_into_words("", span.latency, language),)
        if figures:
            words = Markup("\n").join(
                _describe_figures(span.label, percentiles, language) for percentiles in figures
            )
            yield Reading(format_number(index * step), format_number(step), span.label, figures, words)


def _put_into_words(place: str, latency: Latency, language: Language) -> Percentiles:
    return Percentiles(place, language.milliseconds(latency.p50), language.milliseconds(latency.p95))


def _describe_figures(when: str, figures: Percentiles, language: Language) -> Markup:
    if not figures.place:
        return language.say(
            "%(when)s: half of the answers within %(median)s, 95 of 100 within %(slow)s",
            when=when,
            median=figures.median,
            slow=figures.slow,
        )
    return language.say(
        "%(when)s, from %(place)s: half of the answers within %(median)s, 95 of 100 within %(slow)s",
        when=when,
        place=figures.place,
        median=figures.median,
        slow=figures.slow,
    )


def describe_typical(figures: Percentiles, language: Language) -> Markup:
    """The response times from a vantage on a typical day, or in a typical hour."""
    return language.say(
        "%(place)s: typically half of the answers within %(median)s, 95 of 100 within %(slow)s",
        place=figures.place,
        median=figures.median,
        slow=figures.slow,
    )


def _choose_listed(readings: Sequence[Reading], slowness: Sequence[int]) -> tuple[Reading, ...]:
    """All readings where they are few; else the slowest ones, the slowest first."""
    if len(readings) <= MOST_LISTED:
        return tuple(readings)
    slowest = sorted(zip(slowness, readings, strict=True), key=itemgetter(0), reverse=True)
    return tuple(reading for _, reading in slowest[:SLOWEST_LISTED])
