"""Charts of a service, drawn at build time as inline SVG: its response times."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from markupsafe import Markup

from constat.i18n import Language
from constat.interval import HOUR_S, MINUTE_S, local_date
from constat.model import Day, Latency, Status
from constat.page import Hour, ShownService
from constat.render.day_bars import css_class

WIDTH, HEIGHT = 718, 160
"""The units of a chart: one for each pixel of the page's column."""
_KNOWN_NUMBERS = 4096
"""The numbers whose text is kept: all charts have the same places from left to right."""
_ROUND_STEPS = (1, 2, 5)
MOST_LISTED, SLOWEST_LISTED = 24, 10
"""Up to so many hours are all listed beside the chart; of more spans, so many of the slowest."""


class Reading(NamedTuple):
    """What a chart says of one day or hour: its place (left edge and width), its name, both percentiles in words, and all of it."""

    x: str
    width: str
    label: str
    median: str
    slow: str
    words: Markup


class Chart(NamedTuple):
    """A chart of response times: `median` is a line, `spread` the area from it up to the 95th percentile, as SVG paths.

    `readings`: every day or hour with answers, oldest first; `listed`: those for the list beside the chart, the slowest first
    where not all are. `bands`: where the service was down or not measured, each with x, width and CSS class. `scale`: the lines of the grid,
    each with y and label. `ends`: the labels at both ends of the axis. `words`: a description of the chart.
    """

    median: str
    spread: str
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


def draw_daily_latency(service: ShownService, language: Language) -> Chart | None:
    """The response times of a service over the shown days, `None` if there are none."""
    days = service.days
    spans = [_Span(language.day(day.date), day.latency, ((day.status, 1),)) for day in days]
    ends = language.day(days[0].date), language.day(days[-1].date)
    return _draw(spans, ends, partial(_describe_days, language, days), language)


def _describe_days(language: Language, days: Sequence[Day], slowest: int, median: str, slow: str) -> Markup:
    return language.say(
        "On a typical day, half of the answers came within %(median)s; on the slowest, %(day)s, 95 of 100 came within %(slow)s.",
        median=median,
        day=language.weekday(days[slowest].date),
        slow=slow,
    )


def draw_hourly_latency(service: ShownService, language: Language) -> Chart | None:
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
    return _draw(spans, (start, language.clock(end)), partial(_describe_hours, language, hours), language)


def _describe_hours(
    language: Language, hours: Sequence[Hour], slowest: int, median: str, slow: str
) -> Markup:
    return language.say(
        "In a typical hour, half of the answers came within %(median)s; in the slowest, from %(time)s, 95 of 100 came within %(slow)s.",
        median=median,
        time=language.clock(hours[slowest].start),
        slow=slow,
    )


def _draw(
    spans: Sequence[_Span],
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
    top = _round_up(latencies[slowest].p95)
    step = WIDTH / len(spans)

    def compute_y(value: int) -> float:
        return HEIGHT - value / top * HEIGHT

    median, slow = _compute_lower_median(latencies.values()), latencies[slowest].p95
    readings = tuple(_read(spans, step, language))
    return Chart(
        median=_draw_line(spans, step, lambda latency: compute_y(latency.p50)),
        spread=_draw_spread(spans, step, compute_y),
        readings=readings,
        listed=_choose_listed(readings, [latency.p95 for latency in latencies.values()]),
        bands=tuple(_draw_bands((status for span in spans for status in span.statuses), step)),
        scale=tuple(
            (_format_number(compute_y(value)), language.milliseconds(value)) for value in (top // 2, top)
        ),
        ends=ends,
        words=describe(slowest, language.milliseconds(median), language.milliseconds(slow)),
    )


def _compute_lower_median(latencies: Iterable[Latency]) -> int:
    """The median of the median response times; of an even number, the lower of the two in the middle."""
    medians = sorted(latency.p50 for latency in latencies)
    return medians[(len(medians) - 1) // 2]


def _round_up(value: int) -> int:
    """The next round number: 1, 2 or 5 times a power of ten."""
    power = 1
    while True:
        for step in _ROUND_STEPS:
            if step * power >= value and step * power > 1:
                return step * power
        power *= 10


@lru_cache(maxsize=_KNOWN_NUMBERS)
def _format_number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _draw_line(spans: Sequence[_Span], step: float, compute_y: Callable[[Latency], float]) -> str:
    """An SVG path with a gap where nothing was measured; a single point becomes a short stroke."""
    parts: list[str] = []
    is_pen_down = False
    for index, span in enumerate(spans):
        if span.latency is None:
            is_pen_down = False
            continue
        x, y = _format_number((index + 0.5) * step), _format_number(compute_y(span.latency))
        parts.append(f"{'L' if is_pen_down else f'M{x} {y}h.1M'}{x} {y}")
        is_pen_down = True
    return "".join(parts)


def _draw_spread(spans: Sequence[_Span], step: float, compute_y: Callable[[int], float]) -> str:
    """The area between both percentiles, one for each stretch without a gap; a single point becomes a narrow one."""
    areas = []
    for is_measured, members in groupby(enumerate(spans), key=lambda item: item[1].latency is not None):
        if is_measured:
            known = [(index, span.latency) for index, span in members if span.latency is not None]
            over = [_place(index, step, compute_y(latency.p95)) for index, latency in known]
            under = [_place(index, step, compute_y(latency.p50)) for index, latency in reversed(known)]
            areas.append(f"M{'L'.join(over)}h.1L{'L'.join(under)}z")
    return "".join(areas)


def _place(index: int, step: float, y: float) -> str:
    return f"{_format_number((index + 0.5) * step)} {_format_number(y)}"


def _read(spans: Sequence[_Span], step: float, language: Language) -> Iterable[Reading]:
    """What the chart says at each place, for whoever points at it or listens to it."""
    for index, span in enumerate(spans):
        if span.latency is not None:
            median, slow = map(language.milliseconds, (span.latency.p50, span.latency.p95))
            yield Reading(
                _format_number(index * step),
                _format_number(step),
                span.label,
                median,
                slow,
                language.say(
                    "%(when)s: half of the answers within %(median)s, 95 of 100 within %(slow)s",
                    when=span.label,
                    median=median,
                    slow=slow,
                ),
            )


def _choose_listed(readings: Sequence[Reading], slowness: Sequence[int]) -> tuple[Reading, ...]:
    """All readings of a day; of a longer time, the slowest, the slowest first."""
    if len(readings) <= MOST_LISTED:
        return tuple(readings)
    slowest = sorted(zip(slowness, readings, strict=True), key=itemgetter(0), reverse=True)
    return tuple(reading for _, reading in slowest[:SLOWEST_LISTED])


def _draw_bands(statuses: Iterable[tuple[Status, float]], step: float) -> Iterable[tuple[str, str, str]]:
    """The stretches in which the service was down or not measured: x, width and CSS class of each."""
    x = 0.0
    for status, members in groupby(statuses, key=itemgetter(0)):
        spans = sum(length for _, length in members)
        if status in (Status.OUTAGE, Status.NO_DATA):
            yield _format_number(x * step), _format_number(spans * step), css_class(status)
        x += spans
