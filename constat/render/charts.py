"""Drawings of a service, made at build time: its last 24 hours and its response times, as shapes of an inline SVG."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from markupsafe import Markup

from constat.i18n import Language
from constat.interval import HOUR_S, MINUTE_S, local, local_date
from constat.model import Day, Latency, Status
from constat.page import Hour, ShownService
from constat.render.days import css

WIDTH, HEIGHT = 718, 160
"""The chart's own units: as many as the column has pixels."""
_STEPS = (1, 2, 5)


class HourRow(NamedTuple):
    """An hour: its anchor, its label, its runs of minutes (first, length, class), and what they say.

    `troubled`: they say more than that there was no problem.
    """

    anchor: str
    label: str
    runs: tuple[tuple[int, int, str], ...]
    words: Markup
    troubled: bool


def hour_rows(service: ShownService, language: Language) -> tuple[HourRow, ...]:
    """The last 24 hours, the newest first."""
    return tuple(_hour(hour, language) for hour in reversed(service.hours))


def _hour(hour: Hour, language: Language) -> HourRow:
    anchor = f"h{local(hour.start, language.zone):%Y-%m-%dT%H%z}".replace("+", "p")
    runs = tuple((run.first, run.length, css(run.status)) for run in hour.runs)
    troubles = _troubles(hour, language)
    words = Markup("; ").join(troubles) if troubles else language.say("no problem")
    return HourRow(anchor, language.clock(hour.start), runs, words, bool(troubles))


def _troubles(hour: Hour, language: Language) -> list[Markup]:
    """What was wrong in an hour, in the order of time."""
    say = language.say
    words = {
        Status.OUTAGE: say("down"),
        Status.DEGRADED: say("not working normally"),
        Status.MAINTENANCE: say("announced maintenance"),
        Status.NO_DATA: say("not measured"),
    }
    return [
        say(
            "%(what)s from %(time)s, %(duration)s",
            what=words[run.status],
            time=language.clock(hour.start + run.first * MINUTE_S),
            duration=language.duration(run.length * MINUTE_S),
        )
        for run in hour.runs
        if run.status in words
    ]


class Chart(NamedTuple):
    """Response times, drawn: lines as SVG paths, bands where something was wrong or nothing was seen.

    `scale`: lines of the grid, each its height in the drawing and its label. `ends`: what stands at both ends.
    """

    median: str
    slow: str
    bands: tuple[tuple[str, str, str], ...]
    scale: tuple[tuple[str, str], ...]
    ends: tuple[str, str]
    words: Markup


class _Span(NamedTuple):
    """A day or an hour on a chart: its response times, and what it was like, as parts of it in the order of time."""

    latency: Latency | None
    statuses: tuple[tuple[Status, float], ...]


def latency(service: ShownService, language: Language) -> Chart | None:
    """The response times of a service over the shown days, `None` where there are none."""
    days = service.days
    spans = [_Span(day.latency, ((day.status, 1),)) for day in days]
    ends = language.day(days[0].date), language.day(days[-1].date)
    return _chart(spans, ends, partial(_of_days, language, days), language)


def _of_days(language: Language, days: Sequence[Day], slowest: int, median: str, slow: str) -> Markup:
    return language.say(
        "Half of the answers came within %(median)s on an ordinary day; the slowest day was %(day)s, with 95 of 100 answers within %(slow)s.",
        median=median,
        day=language.weekday(days[slowest].date),
        slow=slow,
    )


def hourly_latency(service: ShownService, language: Language) -> Chart | None:
    """The response times of a service hour by hour over the last 24, `None` where there are none."""
    hours = service.hours
    if not hours:
        return None
    spans = [
        _Span(hour.latency, tuple((run.status, run.length * MINUTE_S / HOUR_S) for run in hour.runs))
        for hour in hours
    ]
    first, end = hours[0].start, hours[-1].start + HOUR_S
    day = language.day(local_date(first, language.zone))
    began = str(language.say("%(day)s, %(time)s", day=day, time=language.clock(first)))
    return _chart(spans, (began, language.clock(end)), partial(_of_hours, language, hours), language)


def _of_hours(language: Language, hours: Sequence[Hour], slowest: int, median: str, slow: str) -> Markup:
    return language.say(
        "Half of the answers came within %(median)s in an ordinary hour; the slowest hour began at %(time)s, with 95 of 100 answers within %(slow)s.",
        median=median,
        time=language.clock(hours[slowest].start),
        slow=slow,
    )


def _chart(
    spans: Sequence[_Span], ends: tuple[str, str], say: Callable[[int, str, str], Markup], language: Language
) -> Chart | None:
    """A chart of following spans of time; `say` puts the slowest span (by its place), the median and the slow into words."""
    known = {place: span.latency for place, span in enumerate(spans) if span.latency is not None}
    if not known:
        return None
    slowest = max(known, key=lambda place: known[place].p95)
    top = _ceiling(known[slowest].p95)
    step = WIDTH / len(spans)

    def height(value: int) -> float:
        return HEIGHT - value / top * HEIGHT

    median, slow = _middle(known.values()), known[slowest].p95
    return Chart(
        median=_path(spans, step, lambda each: height(each.p50)),
        slow=_path(spans, step, lambda each: height(each.p95)),
        bands=tuple(_bands((status for span in spans for status in span.statuses), step)),
        scale=tuple((_number(height(value)), language.milliseconds(value)) for value in (top // 2, top)),
        ends=ends,
        words=say(slowest, language.milliseconds(median), language.milliseconds(slow)),
    )


def _middle(known: Iterable[Latency]) -> int:
    """The middle one of some medians."""
    medians = sorted(each.p50 for each in known)
    return medians[(len(medians) - 1) // 2]


def _ceiling(value: int) -> int:
    """The next round number: 1, 2 or 5 times a power of ten."""
    power = 1
    while True:
        for step in _STEPS:
            if step * power >= value and step * power > 1:
                return step * power
        power *= 10


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _path(spans: Sequence[_Span], step: float, height: Callable[[Latency], float]) -> str:
    """A line that breaks where nothing was measured; a point alone is a short stroke."""
    parts: list[str] = []
    pen_down = False
    for index, span in enumerate(spans):
        if span.latency is None:
            pen_down = False
            continue
        x, y = _number((index + 0.5) * step), _number(height(span.latency))
        parts.append(f"{'L' if pen_down else f'M{x} {y}h.1M'}{x} {y}")
        pen_down = True
    return "".join(parts)


def _bands(statuses: Iterable[tuple[Status, float]], step: float) -> Iterable[tuple[str, str, str]]:
    """Where to shade: the spans in which the service was down, or nothing was seen."""
    at = 0.0
    for status, members in groupby(statuses, key=itemgetter(0)):
        length = sum(spans for _, spans in members)
        if status in (Status.OUTAGE, Status.NO_DATA):
            yield _number(at * step), _number(length * step), css(status)
        at += length
