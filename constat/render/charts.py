"""Drawings of a service, made at build time: its last 24 hours and its response times, as shapes of an inline SVG."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from constat.interval import local
from constat.model import Day, Latency, Status
from constat.page import Hour, ShownService
from constat.render.days import css
from constat.words import Language

WIDTH, HEIGHT = 718, 160
"""The chart's own units: as many as the column has pixels."""
_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class HourRow:
    """An hour: its anchor, its label, its runs of minutes (first, length, class), and what they say."""

    anchor: str
    label: str
    runs: tuple[tuple[int, int, str], ...]
    words: Markup


def hour_rows(service: ShownService, language: Language) -> tuple[HourRow, ...]:
    """The last 24 hours, the newest first."""
    return tuple(_hour(hour, language) for hour in reversed(service.hours))


def _hour(hour: Hour, language: Language) -> HourRow:
    anchor = f"h{local(hour.start, language.zone):%Y-%m-%dT%H%z}".replace("+", "p")
    runs = tuple((run.first, run.length, css(run.status)) for run in hour.runs)
    return HourRow(anchor, language.clock(hour.start), runs, _hour_words(hour, language))


def _hour_words(hour: Hour, language: Language) -> Markup:
    """What an hour was like, in the order of time."""
    say = language.say
    words = {
        Status.OUTAGE: say("down"),
        Status.DEGRADED: say("not working normally"),
        Status.MAINTENANCE: say("announced maintenance"),
        Status.NO_DATA: say("not measured"),
    }
    parts = [
        say(
            "%(what)s from %(time)s, %(duration)s",
            what=words[run.status],
            time=language.clock(hour.start + run.first * 60),
            duration=language.duration(run.length * 60),
        )
        for run in hour.runs
        if run.status in words
    ]
    return Markup("; ").join(parts) if parts else say("no problem")


@dataclass(frozen=True, slots=True)
class Chart:
    """Response times of the shown days: lines as SVG paths, bands where something was wrong or nothing was seen.

    `scale`: lines of the grid, each its height in the drawing and its label. `ends`: the first and the last day.
    """

    median: str
    slow: str
    bands: tuple[tuple[str, str, str], ...]
    scale: tuple[tuple[str, str], ...]
    ends: tuple[str, str]
    words: Markup


def latency(service: ShownService, language: Language) -> Chart | None:
    """The chart of a service's response times, `None` where there are none."""
    known = [day.latency for day in service.days if day.latency is not None]
    if not known:
        return None
    top = _ceiling(max(each.p95 for each in known))
    step = WIDTH / len(service.days)

    def place(value: int) -> float:
        return HEIGHT - value / top * HEIGHT

    return Chart(
        median=_path(service.days, step, lambda each: place(each.p50)),
        slow=_path(service.days, step, lambda each: place(each.p95)),
        bands=tuple(_bands(service.days, step)),
        scale=tuple((_number(place(value)), language.milliseconds(value)) for value in (top // 2, top)),
        ends=(language.day(service.days[0].date), language.day(service.days[-1].date)),
        words=_words(known, service.days, language),
    )


def _words(known: Sequence[Latency], days: Sequence[Day], language: Language) -> Markup:
    """The text that stands for the chart."""
    middle = sorted(each.p50 for each in known)[(len(known) - 1) // 2]
    slowest = max((day for day in days if day.latency), key=lambda day: day.latency.p95 if day.latency else 0)
    return language.say(
        "Half of the answers came within %(median)s on an ordinary day; the slowest day was %(day)s, with 95 of 100 answers within %(slow)s.",
        median=language.milliseconds(middle),
        day=language.weekday(slowest.date),
        slow=language.milliseconds(slowest.latency.p95 if slowest.latency else 0),
    )


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


def _path(days: Sequence[Day], step: float, height: Callable[[Latency], float]) -> str:
    """A line that breaks where nothing was measured; a day alone is a short stroke."""
    parts: list[str] = []
    pen_down = False
    for index, day in enumerate(days):
        if day.latency is None:
            pen_down = False
            continue
        x, y = _number((index + 0.5) * step), _number(height(day.latency))
        parts.append(f"{'L' if pen_down else f'M{x} {y}h.1M'}{x} {y}")
        pen_down = True
    return "".join(parts)


def _bands(days: Sequence[Day], step: float) -> Iterable[tuple[str, str, str]]:
    """Where to shade: runs of days on which the service was down, or nothing was seen."""
    marked = [day.status if day.status in (Status.OUTAGE, Status.NO_DATA) else None for day in days]
    at = 0
    for status, members in groupby(marked):
        length = len(list(members))
        if status is not None:
            yield _number(at * step), _number(length * step), css(status)
        at += length
