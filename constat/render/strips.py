"""The geometry of the bars: a strip of days as a few SVG paths, low where we measured, with what went wrong above it.

A day is 6 units wide and 2 apart, so that 90 of them fill the column of 718 pixels, or 359 in half size. A stretch of equal
days is one dashed stroke; a day that differs has strokes of its own. Shapes repeat what colours say: 12 units where the
day was measured, 5 where in part, 2 where not at all; red is drawn above in four heights, amber is one taller bar,
announced maintenance is hollow.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Literal, NamedTuple

from constat.i18n import Language
from constat.interval import HOUR_S, MINUTE_S

PITCH, BAR = 8, 6
"""Units from one day to the next, and the width of a day's bar."""
HEIGHT = 32
"""Units of a strip, from its top to the ground."""

Base = Literal["up", "part", "none", ""]
"""What was measured of a day: all of it, a part, nothing; empty before the service was watched."""
Above = Literal["degraded", "outage", "maint", ""]
"""What went wrong, or was announced, on a day."""

BASE_LINES = {"up": "26", "part": "29.5", "none": "31"}
"""The y of the middle of a stroke of 12, 5 or 2 units at the foot of a strip."""
RED_STEPS = ((10 * MINUTE_S, 5), (HOUR_S, 9), (4 * HOUR_S, 13))
"""(seconds, units): an outage shorter than the seconds is that high. In proportion to 24 h, 42 min and 3 h would look alike."""
RED_LONGEST = 18


class DayShape(NamedTuple):
    """What is drawn of one day, and the words for it where it is not simply a day without a problem.

    `red`: the height of an outage. `recorded`: whether another tool recorded it, not we.
    """

    date: date
    base: Base
    above: Above = ""
    red: int = 0
    words: str = ""
    recorded: bool = False


class Spot(NamedTuple):
    """A place on a strip that has words: its left edge, its width, and the words."""

    x: int
    width: int
    words: str


class Strip(NamedTuple):
    """The drawing of a strip: its width in units, paths by CSS class, and the places that have words.

    `label` is the sentence for readers who cannot see it. `start` is its first day.
    """

    width: int
    paths: tuple[tuple[str, str], ...]
    spots: tuple[Spot, ...]
    label: str
    start: date


class AxisLabel(NamedTuple):
    """A name on the axis of the days: its place in percent from the left, and its offset in pixels."""

    at: str
    words: str
    is_month: bool
    shift: int


def choose_red(down_s: int) -> int:
    """The height of the red above a day's bar, in units, by the seconds of downtime."""
    return next((height for limit, height in RED_STEPS if down_s < limit), RED_LONGEST)


def draw_strip(shapes: Sequence[DayShape], label: str, language: Language) -> Strip:
    """Draw consecutive days."""
    width = len(shapes) * PITCH - (PITCH - BAR)
    paths = (*_draw_months(shapes), *_draw_bases(shapes), *_draw_aboves(shapes))
    return Strip(width, paths, tuple(_find_spots(shapes, language)), label, shapes[0].date)


def _draw_months(shapes: Sequence[DayShape]) -> Iterable[tuple[str, str]]:
    """A line before the first day of each month."""
    lines = "".join(
        f"M{index * PITCH - 1} 0V{HEIGHT}"
        for index, shape in enumerate(shapes)
        if index and shape.date.day == 1
    )
    return [("month", lines)] if lines else []


def _find_base(shape: DayShape) -> tuple[Base, bool]:
    """The stroke at the foot of a day; none under hollow bars, and none under amber ones unless the day was measured in part."""
    stands_alone = shape.above == "maint" or (shape.above == "degraded" and shape.base == "up")
    return ("" if stands_alone else shape.base), shape.recorded


def _draw_bases(shapes: Sequence[DayShape]) -> Iterable[tuple[str, str]]:
    """A path for each kind of base, with one stroke for each stretch of days that have it."""
    strokes: dict[str, str] = {}
    for (base, recorded), stretch in groupby(enumerate(shapes), key=lambda item: _find_base(item[1])):
        if not base:
            continue
        places = [index for index, _ in stretch]
        first, last = places[0] * PITCH, places[-1] * PITCH + BAR
        css = f"{base} was" if recorded else base
        strokes[css] = f"{strokes.get(css, '')}M{first} {BASE_LINES[base]}H{last}"
    return strokes.items()


def _draw_aboves(shapes: Sequence[DayShape]) -> Iterable[tuple[str, str]]:
    """A path for each kind of trouble, with one stroke for each day that has it."""
    strokes: dict[str, str] = {}
    for index, shape in enumerate(shapes):
        if shape.above:
            css = f"{shape.above} was" if shape.recorded else shape.above
            strokes[css] = strokes.get(css, "") + _draw_above(index * PITCH, shape)
    return strokes.items()


def _draw_above(x: int, shape: DayShape) -> str:
    if shape.above == "maint":
        return f"M{x + 1} 17.8h4v13.4h-4z"
    if shape.above == "outage":
        return f"M{x + 3} 19v-{shape.red}"
    return f"M{x + 3} {HEIGHT}v-17" if shape.base == "up" else f"M{x + 3} 25v-10"


def _find_spots(shapes: Sequence[DayShape], language: Language) -> Iterable[Spot]:
    """The days with words; neighbouring days with the same words share a place."""
    for words, stretch in groupby(enumerate(shapes), key=lambda item: item[1].words):
        if not words:
            continue
        days = list(stretch)
        (first, begins), (last, ends) = days[0], days[-1]
        names = dict.fromkeys((language.day(begins.date), language.day(ends.date)))
        yield Spot(first * PITCH - 1, (last - first + 1) * PITCH, " \u2013 ".join(names) + f" · {words}")


FIRST_MONTH_AT, LAST_MONTH_AT = 16, 74
"""Percent of the width: between these, the name of a month has room beside those of the first day and of today."""


def build_axis(days: Sequence[date], language: Language) -> tuple[AxisLabel, ...]:
    """The first day, and each month that begins, on an axis of consecutive days."""
    whole = len(days) * PITCH - (PITCH - BAR)
    labels = [_build_label(0, language.day(days[0]), language, is_month=False)]
    for index, day in enumerate(days):
        percent = (index * PITCH - 1) / whole * 100
        if index and day.day == 1:
            has_room = FIRST_MONTH_AT <= percent <= LAST_MONTH_AT
            words = language.short_month(f"{day:%Y-%m}", with_year=False) if has_room else ""
            labels.append(_build_label(percent, words, language, is_month=True))
    return tuple(labels)


def _build_label(percent: float, words: str, language: Language, *, is_month: bool) -> AxisLabel:
    """Build a label, placed from the right where the language is read from right to left."""
    is_mirrored = language.direction == "rtl"
    at = f"{100 - percent if is_mirrored else percent:.2f}".rstrip("0").rstrip(".")
    shift = (-4 if is_mirrored else 4) if is_month else 0
    return AxisLabel(at, words, is_month, shift)


def merge_shapes(rows: Sequence[Sequence[DayShape]]) -> tuple[DayShape, ...]:
    """The days of several services as one: each day as the worst of them, without words of its own."""
    return tuple(max(day, key=_weigh)._replace(words="") for day in zip(*rows, strict=True))


_GRAVITY = {"outage": 4, "degraded": 3, "maint": 1, "": 0}
_UNSEEN = {"none": 2, "part": 1, "up": 0, "": -1}


def _weigh(shape: DayShape) -> tuple[int, int, int]:
    return _GRAVITY[shape.above], shape.red, _UNSEEN[shape.base]
