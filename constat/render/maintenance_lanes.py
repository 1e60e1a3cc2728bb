"""A maintenance as announced and as it really was: two rows of its time line."""

from collections.abc import Iterator
from typing import NamedTuple

from markupsafe import Markup

from constat.i18n import Language
from constat.interval import Instant
from constat.model import UNDER_WAY_STATES
from constat.page import ShownNotice
from constat.render.notice_texts import format_span


class ActualWindow(NamedTuple):
    """The actual window of a maintenance, as our team reported it. `end` is `None` while it lasts."""

    start: Instant
    end: Instant | None


class Lane(NamedTuple):
    """A row of the time line: what it says, and from when to when its bar reaches; `None` without a bar."""

    words: Markup
    start: Instant
    end: Instant | None
    css: str


def find_actual_window(shown_notice: ShownNotice) -> ActualWindow | None:
    """Find the actual window of a maintenance; `None` if it has not begun, or nobody has reported on it."""
    under_way = [update.at for update in shown_notice.notice.updates if update.state in UNDER_WAY_STATES]
    was_ended = shown_notice.state == "completed" and not shown_notice.as_announced
    if shown_notice.phase == "upcoming" or not (under_way or was_ended):
        return None
    start = min(under_way, default=shown_notice.notice.starts)
    return ActualWindow(start, shown_notice.ends if was_ended else None)


def list_lanes(shown_notice: ShownNotice, language: Language) -> Iterator[Lane]:
    """Both rows of a maintenance that has begun; none of anything else."""
    notice = shown_notice.notice
    if notice.kind != "maintenance" or notice.ends is None or shown_notice.phase == "upcoming":
        return
    window = format_span(notice.starts, notice.ends, language, announced=True)
    yield Lane(language.say("As announced: %(times)s", times=window), notice.starts, notice.ends, "frame")
    actual = find_actual_window(shown_notice)
    if shown_notice.state == "cancelled":
        yield Lane(language.say("It was cancelled."), notice.starts, None, "actual")
    elif actual is None:
        words = (
            language.say("Our team has reported nothing yet.")
            if shown_notice.phase == "open"
            else language.say("As it was: our team reported nothing else.")
        )
        yield Lane(words, notice.starts, None, "actual")
    elif actual.end is None:
        words = language.say("Under way: %(since)s", since=language.since(actual.start))
        yield Lane(words, actual.start, language.now, "actual")
    else:
        times = format_span(actual.start, actual.end, language)
        yield Lane(language.say("As it was: %(times)s", times=times), actual.start, actual.end, "actual")
