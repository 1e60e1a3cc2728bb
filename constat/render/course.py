"""The course of a notice: a strip of what was measured, with flags where something was said, and both as one chronological list."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from markupsafe import Markup

from constat.i18n import Language
from constat.interval import MINUTE_S, Instant, Interval
from constat.model import Status
from constat.page import Page, ShownNotice
from constat.page.said_and_measured import MOST_BARS, Measured
from constat.render.clauses import join_clauses
from constat.render.day_bars import css_class
from constat.render.links import Links
from constat.render.maintenance_lanes import Lane, list_lanes
from constat.render.notice_texts import ShownUpdate, list_updates
from constat.render.reasons import describe_reason
from constat.render.strip_paths import Paths, place_in_percent

PITCH, BAR = 12, 10
"""Units from one bar to the next, and the width of a bar: 60 bars fill the column."""
_CLOSEST_FLAGS = 4
"""Percent of the width; updates closer than this share a flag."""
_TIMES = 4
"""The number of times on the axis."""


class Flag(NamedTuple):
    """A flag where something was said: its place in percent, and the number of the update, or numbers of several."""

    at: str
    label: str


class Moment(NamedTuple):
    """One entry of the list: something measured (with an icon), or an update (with its number).

    `bad`: the service was down just before.
    """

    at: Instant
    css: str
    words: Markup
    update: ShownUpdate | None = None
    number: int = 0
    bad: bool = False


class Row(NamedTuple):
    """A row of a maintenance: what it says, the CSS class of its bar, and the place of the bar as (x, width), if it has one."""

    words: Markup
    css: str
    bar: tuple[int, int] | None


class CourseStrip(NamedTuple):
    """The strip: paths by CSS class, the rows of a maintenance below it, flags, times, and a sentence."""

    paths: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    flags: tuple[Flag, ...]
    times: tuple[tuple[str, str], ...]
    label: Markup
    caption: Markup
    width: int


def draw_course(shown_notice: ShownNotice, language: Language) -> CourseStrip | None:
    """Draw what was measured around a notice; `None` where nothing was."""
    measured = shown_notice.measured
    if measured is None or shown_notice.phase == "upcoming":
        return None
    paths = Paths(PITCH, BAR)
    for place, status in enumerate(measured.bars):
        paths.add_minute(place, css_class(status))
    width = MOST_BARS * PITCH - (PITCH - BAR)
    return CourseStrip(
        paths.list_paths(),
        tuple(
            Row(lane.words, lane.css, _place(lane, measured)) for lane in list_lanes(shown_notice, language)
        ),
        tuple(_place_flags(shown_notice, measured, language)),
        tuple(_list_times(measured, language)),
        _describe_bars(measured, language),
        _describe_scale(measured, language),
        width,
    )


def _to_x(at: Instant, measured: Measured) -> float:
    return (at - measured.start) / measured.bar_s * PITCH


def _to_percent(at: Instant, measured: Measured, language: Language) -> str:
    whole = MOST_BARS * PITCH - (PITCH - BAR)
    return place_in_percent(_to_x(at, measured), whole, is_mirrored=language.direction == "rtl")


def _place(lane: Lane, measured: Measured) -> tuple[int, int] | None:
    """The place of the bar of a row, as far as it is on the strip."""
    if lane.end is None:
        return None
    first = max(0, round(_to_x(lane.start, measured)))
    last = min(round(_to_x(measured.end, measured)), round(_to_x(lane.end, measured)))
    return (first, last - first) if last > first else None


def _place_flags(shown_notice: ShownNotice, measured: Measured, language: Language) -> Iterator[Flag]:
    """A flag for each update on the strip; neighbours too close to stand apart share one."""
    spots: list[tuple[str, list[int]]] = []
    for number, update in enumerate(shown_notice.notice.updates, 1):
        if not measured.start <= update.at < measured.end:
            continue
        at = _to_percent(update.at, measured, language)
        if spots and abs(float(at) - float(spots[-1][0])) < _CLOSEST_FLAGS:
            spots[-1][1].append(number)
        else:
            spots.append((at, [number]))
    for at, numbers in spots:
        label = str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}\u2013{numbers[-1]}"
        yield Flag(at, label)


def _list_times(measured: Measured, language: Language) -> Iterator[tuple[str, str]]:
    """A few times along the strip."""
    step = max(1, len(measured.bars) // _TIMES)
    for place in range(0, len(measured.bars) - step // 2, step):
        at = measured.start + place * measured.bar_s
        yield _to_percent(at, measured, language), language.clock(at)


def _describe_scale(measured: Measured, language: Language) -> Markup:
    if measured.bar_s == MINUTE_S:
        return language.say("What our checks saw, one bar a minute.")
    return language.say(
        "What our checks saw, one bar every %(duration)s.", duration=language.duration(measured.bar_s)
    )


def _describe_bars(measured: Measured, language: Language) -> Markup:
    """Say how long each state was seen, for readers who cannot see the bars."""
    words = {
        Status.OUTAGE: language.say("down"),
        Status.DEGRADED: language.say("not working normally"),
        Status.NO_DATA: language.say("not measured"),
    }
    lengths = {status: measured.bars.count(status) * measured.bar_s for status in words}
    seen = [
        language.say("%(service)s: %(what)s", service=words[status], what=language.duration(length))
        for status, length in lengths.items()
        if length
    ]
    return join_clauses(seen, language) or language.say("no problem")


def list_moments(
    shown_notice: ShownNotice, page: Page, language: Language, links: Links
) -> tuple[Moment, ...]:
    """List what was said and what was measured, newest first."""
    updates = list_updates(shown_notice, language, links)
    moments = [
        Moment(update.at, "", update.state, update, len(updates) - place)
        for place, update in enumerate(updates)
    ]
    moments += _list_measured(shown_notice, page, language)
    ordered = sorted(moments, key=lambda moment: (moment.at, moment.number), reverse=True)
    down = [Interval(each.outage.start, each.outage.end) for each in shown_notice.outages]
    before = [any(moment.at in span for span in down) for moment in ordered[1:]]
    return tuple(moment._replace(bad=bad) for moment, bad in zip(ordered, [*before, False], strict=True))


def _list_measured(shown_notice: ShownNotice, page: Page, language: Language) -> Iterable[Moment]:
    """The times at which a service went down, with what our checks saw, and was back."""
    for each in shown_notice.outages:
        name = page.service_name(each.service, language.code)
        reason = describe_reason(each.outage.reason, language) if each.outage.reason else ""
        words = (
            language.say("Our checks: %(service)s down (%(reason)s).", service=name, reason=reason)
            if reason
            else language.say("Our checks: %(service)s down.", service=name)
        )
        yield Moment(each.outage.start, "outage", words)
        if each.outage.recovered:
            yield Moment(
                each.outage.end,
                "up",
                language.say(
                    "Our checks: %(service)s working again, after %(duration)s.",
                    service=name,
                    duration=language.duration(each.outage.seconds),
                ),
            )


def describe_telling(shown_notice: ShownNotice, language: Language) -> Markup:
    """Say how soon we wrote about an incident; empty where there is nothing to compare, and for maintenance, which is announced before."""
    if shown_notice.notice.kind != "incident":
        return Markup()
    first, last = shown_notice.telling
    if first is None:
        return Markup()
    words = [_describe_first_word(first, language)]
    if last is not None:
        words.append(_describe_last_word(last, language))
    return Markup("{}.").format(join_clauses(words, language))


def _describe_first_word(after_s: int, language: Language) -> Markup:
    if abs(after_s) < MINUTE_S:
        return language.say("First word within a minute of the first failed check")
    duration = language.duration(abs(after_s))
    if after_s > 0:
        return language.say("First word %(duration)s after the first failed check", duration=duration)
    return language.say("First word %(duration)s before the first failed check", duration=duration)


def _describe_last_word(after_s: int, language: Language) -> Markup:
    if abs(after_s) < MINUTE_S:
        return language.say("said to be over within a minute of its end")
    duration = language.duration(abs(after_s))
    if after_s > 0:
        return language.say("said to be over %(duration)s after it was", duration=duration)
    return language.say("said to be over %(duration)s before it was", duration=duration)
