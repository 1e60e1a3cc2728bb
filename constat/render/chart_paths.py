"""The shapes of a chart of response times, as SVG paths: lines, areas, and the bands behind them."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from constat.model import Latency, Status
from constat.render.day_bars import css_class

_ROUND_STEPS = (1, 2, 5)


def round_up(value: int) -> int:
    """The next round number: 1, 2 or 5 times a power of ten."""
    power = 1
    while True:
        for step in _ROUND_STEPS:
            if step * power >= value and step * power > 1:
                return step * power
        power *= 10


@lru_cache(maxsize=4096)  # all charts have the same positions from left to right
def format_number(value: float) -> str:
    """A coordinate, to a tenth."""
    return f"{value:.1f}".removesuffix(".0")


def draw_line(latencies: Iterable[Latency | None], step: float, compute_y: Callable[[Latency], float]) -> str:
    """An SVG path with a gap where nothing was measured; a single point becomes a short stroke."""
    parts: list[str] = []
    is_pen_down = False
    for index, latency in enumerate(latencies):
        if latency is None:
            is_pen_down = False
            continue
        x, y = format_number((index + 0.5) * step), format_number(compute_y(latency))
        parts.append(f"{'L' if is_pen_down else f'M{x} {y}h.1M'}{x} {y}")
        is_pen_down = True
    return "".join(parts)


def draw_spread(latencies: Iterable[Latency | None], step: float, compute_y: Callable[[int], float]) -> str:
    """The area between both percentiles, one for each stretch without a gap; a single point becomes a narrow one."""
    areas = []
    for is_measured, members in groupby(enumerate(latencies), key=lambda item: item[1] is not None):
        if is_measured:
            known = [(index, latency) for index, latency in members if latency is not None]
            over = [_place(index, step, compute_y(latency.p95)) for index, latency in known]
            under = [_place(index, step, compute_y(latency.p50)) for index, latency in reversed(known)]
            areas.append(f"M{'L'.join(over)}h.1L{'L'.join(under)}z")
    return "".join(areas)


def _place(index: int, step: float, y: float) -> str:
    return f"{format_number((index + 0.5) * step)} {format_number(y)}"


def draw_bands(statuses: Iterable[tuple[Status, float]], step: float) -> Iterable[tuple[str, str, str]]:
    """The stretches in which the service was down or not measured: x, width and CSS class of each."""
    x = 0.0
    for status, members in groupby(statuses, key=itemgetter(0)):
        spans = sum(length for _, length in members)
        if status in (Status.OUTAGE, Status.NO_DATA):
            yield format_number(x * step), format_number(spans * step), css_class(status)
        x += spans
