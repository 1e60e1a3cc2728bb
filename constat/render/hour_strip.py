"""The last 24 hours of a service: one strip of hours, and those with problems minute by minute.

The drawing follows the bars of days: low where we measured, with what went wrong above. An hour is 28 units wide and
2 apart, a minute 10 and 2, so that both fill the column of 718 pixels.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup

from constat.i18n import Language
from constat.interval import HOUR_S, MINUTE_S, local
from constat.model import Status, worst
from constat.page import Hour, Minutes, ShownService
from constat.render.clauses import join_clauses
from constat.render.day_bars import css_class
from constat.render.strip_paths import Paths, place_in_percent

HOUR_PITCH, HOUR_BAR = 30, 28
MINUTE_PITCH, MINUTE_BAR = 12, 10
"""Units from one bar to the next, and the width of a bar."""
MINUTES = 60
LABELLED_HOURS = 3
"""Every third hour has its time under it."""
OPENED = 2
"""Up to this many hours with problems are all unfolded at first."""
_TROUBLES = frozenset({Status.OUTAGE, Status.DEGRADED, Status.MAINTENANCE, Status.NO_DATA})
_PART_OF_10 = 9
"""An hour of which fewer tenths than this were measured is drawn as measured in part."""


class Label(NamedTuple):
    """A word on an axis: its place in percent from the left, its anchor in SVG, and the word."""

    at: str
    anchor: str
    words: str


class TroubledHour(NamedTuple):
    """An hour with problems: its anchor, its time, its gravest status as CSS class, and what happened, in order of time.

    `paths` draw it minute by minute, by CSS class; none where it has one status throughout. `is_open`: unfolded at first.
    """

    anchor: str
    label: str
    css: str
    words: Markup
    paths: tuple[tuple[str, str], ...]
    is_open: bool


class HourStrip(NamedTuple):
    """The strip of hours as paths by CSS class, the words on its axis, and a sentence for readers who cannot see it.

    `troubled`: the hours with problems, newest first.
    """

    paths: tuple[tuple[str, str], ...]
    axis: tuple[Label, ...]
    label: Markup
    troubled: tuple[TroubledHour, ...]


def draw_hours(service: ShownService, language: Language) -> HourStrip:
    """Draw the last 24 hours; hours that were over before the first check of the service stay empty."""
    first = service.first or 0
    hours = [(index, hour) for index, hour in enumerate(service.hours) if hour.start + HOUR_S > first]
    troubled = list(_list_troubled([hour for _, hour in hours], language))
    return HourStrip(
        paths=_draw(hours),
        axis=tuple(_build_axis(service.hours, language)),
        label=_describe(troubled, language),
        troubled=tuple(
            hour._replace(is_open=len(troubled) <= OPENED or place == 0)
            for place, hour in enumerate(reversed(troubled))
        ),
    )


def _describe(troubled: Sequence[TroubledHour], language: Language) -> Markup:
    what = (
        language.say_many("1 hour with problems", "%(n)s hours with problems", len(troubled))
        if troubled
        else language.say("no problem")
    )
    return language.say("%(service)s: %(what)s", service=language.say("The last 24 hours"), what=what)


def _draw(hours: Iterable[tuple[int, Hour]]) -> tuple[tuple[str, str], ...]:
    paths = Paths(HOUR_PITCH, HOUR_BAR)
    for index, hour in hours:
        counts = _count_minutes(hour.runs)
        status = worst(*counts)
        down = counts.get(Status.OUTAGE, 0)
        measured = sum(counts.values()) - counts.get(Status.NO_DATA, 0)
        is_part = measured * 10 < _PART_OF_10 * sum(counts.values())
        if status is Status.MAINTENANCE:
            paths.add_hollow(index)
        elif status is Status.DEGRADED:
            paths.add_amber(index)
        else:
            paths.add_base(index, "none" if not measured else "part" if is_part else "up")
        if down:
            paths.add_red(index, down * MINUTE_S)
    return paths.list_paths()


def _count_minutes(runs: Iterable[Minutes]) -> dict[Status, int]:
    counts: dict[Status, int] = {}
    for run in runs:
        counts[run.status] = counts.get(run.status, 0) + run.length
    return counts


def _build_axis(hours: Sequence[Hour], language: Language) -> Iterator[Label]:
    """The time under every third hour but the last, and `now` at the end, which needs that room in some languages."""
    is_mirrored = language.direction == "rtl"
    for index in range(0, len(hours) - LABELLED_HOURS, LABELLED_HOURS):
        at = place_in_percent(index * HOUR_PITCH, len(hours) * HOUR_PITCH, is_mirrored=is_mirrored)
        yield Label(at, "start", language.clock(hours[index].start))
    yield Label("0" if is_mirrored else "100", "end", str(language.say("now")))


def build_minute_axis(language: Language) -> tuple[Label, ...]:
    """The axis of an hour: every quarter."""
    is_mirrored = language.direction == "rtl"
    whole = MINUTES * MINUTE_PITCH
    quarters = tuple(
        Label(
            place_in_percent(minute * MINUTE_PITCH, whole, is_mirrored=is_mirrored),
            "start",
            language.number(minute),
        )
        for minute in (0, 15, 30, 45)
    )
    return (*quarters, Label("0" if is_mirrored else "100", "end", language.minutes(MINUTES)))


def _list_troubled(hours: Sequence[Hour], language: Language) -> Iterator[TroubledHour]:
    """The hours with problems, oldest first. Consecutive hours with the same single status are listed as one."""
    for status, members in groupby(hours, key=_find_only_status):
        if status is None:
            yield from (_build_troubled(hour, language) for hour in members if _has_trouble(hour))
        elif status in _TROUBLES:
            same = list(members)
            minutes = sum(run.length for hour in same for run in hour.runs)
            words = _describe_run(same[0], Minutes(0, minutes, status), language)
            yield _build(same[0], status, words, (), language)


def _find_only_status(hour: Hour) -> Status | None:
    """The status that an hour has throughout, `None` if it has several."""
    return hour.runs[0].status if len(hour.runs) == 1 else None


def _has_trouble(hour: Hour) -> bool:
    return any(run.status in _TROUBLES for run in hour.runs)


def _build_troubled(hour: Hour, language: Language) -> TroubledHour:
    paths = Paths(MINUTE_PITCH, MINUTE_BAR)
    for run in hour.runs:
        for minute in range(run.first, run.first + run.length):
            paths.add_minute(minute, css_class(run.status))
    happened = [run for run in hour.runs if run.status in _TROUBLES]
    words = join_clauses((_describe_run(hour, run, language) for run in happened), language)
    return _build(hour, worst(*(run.status for run in happened)), words, paths.list_paths(), language)


def _build(
    hour: Hour, status: Status, words: Markup, paths: tuple[tuple[str, str], ...], language: Language
) -> TroubledHour:
    anchor = f"h{local(hour.start, language.zone):%Y-%m-%dT%H%z}".replace("+", "p")
    label = language.clock(hour.start)
    return TroubledHour(anchor, label, css_class(status), words, paths, is_open=False)


def _describe_run(hour: Hour, run: Minutes, language: Language) -> Markup:
    """Say what happened, since when, and for how long."""
    say = language.say
    words = {
        Status.OUTAGE: say("down"),
        Status.DEGRADED: say("not working normally"),
        Status.MAINTENANCE: say("announced maintenance"),
        Status.NO_DATA: say("not measured"),
    }
    return say(
        "%(what)s from %(time)s, %(duration)s",
        what=words[run.status],
        time=language.clock(hour.start + run.first * MINUTE_S),
        duration=language.duration(run.length * MINUTE_S),
    )
