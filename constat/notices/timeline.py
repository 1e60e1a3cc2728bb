"""Checks of the times of a notice: those out of order, and those still to come."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from constat.interval import DAY_S, Instant, format_instant, local_date
from constat.notices.front import Front
from constat.notices.source import NoticeSource, Problems
from constat.notices.updates import ParsedUpdate

FAR_FROM_ITS_NAME_S: Final = 180 * DAY_S
"""A window is never moved this far from the date in the file name: one of the two must have the wrong year."""

_EPOCH: Final = date(1970, 1, 1)
_LATER: Final = "write a later time"


def check_order(
    source: NoticeSource, front: Front, updates: Sequence[ParsedUpdate], problems: Problems
) -> None:
    """Note times that are out of order."""
    starts = find_start(front, updates)
    if front.kind == "incident" and updates and front.starts is not None and front.starts > updates[0].at:
        message = f"it starts after its first update, on line {updates[0].section.heading_line}"
        line, column = _find_place(source, "starts")
        problems.soft_error(line, message, "write the earlier time, or remove the line", column)
    if starts is not None and front.next is not None and front.next <= starts:
        line, column = _find_place(source, "next")
        problems.soft_error(line, "the next news was due before it started", _LATER, column)
    for update in updates:
        if update.next is not None and update.next <= update.at:
            message = f"the next news was due before this update, on line {update.section.heading_line}"
            problems.soft_error(update.section.changes["next"][0], message, _LATER)


def find_start(front: Front, updates: Sequence[ParsedUpdate]) -> Instant | None:
    """Find when a notice begins: at the time that it states, else with its first update."""
    if front.starts is not None:
        return front.starts
    return updates[0].at if updates else None


def check_name_date(
    stem: str, starts: Instant, source: NoticeSource, problems: Problems, zone: ZoneInfo
) -> None:
    """Warn of a name with another year. A name begins with the date of the first start, and is kept when the start moves."""
    named = (date.fromisoformat(stem[:10]) - _EPOCH).days * DAY_S
    if abs(starts - named) > FAR_FROM_ITS_NAME_S:
        line, column = _find_place(source, "starts")
        began = local_date(starts, zone).isoformat()
        problems.warning(
            line, f"the file name says {stem[:10]}, but it starts on {began}", "is the year right?", column
        )


def find_updates_to_come(
    source: NoticeSource, front: Front, updates: Sequence[ParsedUpdate], problems: Problems, now: Instant
) -> None:
    """Note what is not shown yet: later updates, and an incident that has not begun."""
    if front.kind == "incident" and front.starts is not None and front.starts > now:
        line, _ = _find_place(source, "starts")
        problems.note(line, f"not shown before {format_instant(front.starts)}")
    for update in updates:
        if update.at > now:
            problems.note(update.section.heading_line, f"not shown before {format_instant(update.at)}")


def _find_place(source: NoticeSource, key: str) -> tuple[int, int]:
    return source.front.place((key,)) if source.front else (1, 0)
