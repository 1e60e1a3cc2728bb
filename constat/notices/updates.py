"""The updates of a notice: headings, changes, and the order in which they may come."""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from itertools import pairwise
from typing import Final, NamedTuple, cast

from constat.interval import Instant
from constat.model import CLOSING_STATES, IMPACTS, STATES, Impact, NoticeKind, State
from constat.notices.context import NoticeContext
from constat.notices.front import check_service, read_time_at
from constat.notices.source import UPDATE_KEYS, NoticeSource, Problems, Section
from constat.text.suggest import did_you_mean

RETURNS: Final = {
    ("monitoring", "investigating"),
    ("monitoring", "identified"),
    ("identified", "investigating"),
    ("verifying", "in_progress"),
    ("rescheduled", "scheduled"),
}
"""The steps backwards that are allowed: a fix that did not work, a cause that turned out to be wrong."""


OVER: Final = frozenset({"resolved", "completed", "cancelled"})
"""The states that need no text."""
WITHOUT_TEXT: Final = "an update without a text"
"""The message about an update without a text; drafts may contain one, to be filled in."""

_LIKE_A_CHANGE: Final = re.compile(r"([A-Za-z]{3,10}):[ \t]")


class ParsedUpdate(NamedTuple):
    """An update as read, not yet rendered. `impact` and `services` are `None` where it does not change them."""

    at: Instant
    state: State
    section: Section
    impact: Impact | None
    services: tuple[str, ...] | None
    next: Instant | None


def read_updates(
    sections: Iterable[Section], kind: NoticeKind, problems: Problems, context: NoticeContext
) -> tuple[ParsedUpdate, ...]:
    """Read every update, oldest first, and note its problems."""
    read = [_read(section, kind, problems, context) for section in sections]
    updates = sorted((update for update in read if update), key=lambda update: update.at)
    _check_order(updates, kind, problems)
    _check_texts(updates, problems)
    return tuple(updates)


def guess_kind(sections: Iterable[Section]) -> NoticeKind:
    """Guess the kind from the states in the headings, for a notice that does not say what it is."""
    named = {word for section in sections for word in section.heading.split()[-1:]}
    return "maintenance" if named.intersection(STATES["maintenance"]) else "incident"


def require_start(source: NoticeSource, kind: NoticeKind, problems: Problems) -> None:
    """Note an incident without a start: it begins with its first update, or at the time that it states."""
    written = source.front.data if source.front else ""
    if kind == "incident" and not source.updates and isinstance(written, dict) and "starts" not in written:
        hint = "write an update, ## TIME investigating, or starts: TIME at the top"
        problems.error(2, "neither an update nor a start time", hint)


def read_heading(
    section: Section, kind: NoticeKind, problems: Problems, context: NoticeContext
) -> tuple[Instant, State] | None:
    """Read the time and the state of a heading; `None`, with a problem noted, where one of them is wrong."""
    words = section.heading.split()
    line = section.heading_line
    if len(words) == 3 and ":" in words[1]:  # noqa: PLR2004 - a date, a time and a state
        words = [f"{words[0]}T{words[1]}", words[2]]
    if len(words) != 2 or not words[0][0].isdigit():  # noqa: PLR2004 - a time and a state
        hint = "write ## 2026-12-01T22:00+01:00 STATE; for a heading inside a text use ###"
        problems.error(line, "a heading that is not an update", hint)
        return None
    at = read_time_at(words[0], (line, 4), problems, context.zone)
    state = next((known for known in STATES[kind] if known == words[1]), None)
    if state is None:
        _note_unknown_state(words[1], kind, (line, 4 + section.heading.rindex(words[1])), problems)
    return None if at is None or state is None else (at, state)


def _note_unknown_state(state: str, kind: NoticeKind, place: tuple[int, int], problems: Problems) -> None:
    other = next((name for name, states in STATES.items() if state in states), "")
    states = ", ".join(STATES[kind])
    if other:
        article = {"incident": "an incident", "maintenance": "maintenance"}
        message, hint = f"{state} is a state of {article[other]}", f"{article[kind]} has {states}"
    else:
        message, hint = f"unknown state {state}", did_you_mean(state, STATES[kind])
    problems.error(place[0], message, hint, place[1])


def _read(
    section: Section, kind: NoticeKind, problems: Problems, context: NoticeContext
) -> ParsedUpdate | None:
    heading = read_heading(section, kind, problems, context)
    _warn_of_misspelt_change(section, problems)
    impact = _read_impact(section, kind, problems)
    services = _read_services(section, kind, problems, context)
    following = None
    if "next" in section.changes:
        line, value = section.changes["next"]
        following = read_time_at(value, (line, 7), problems, context.zone)
    return ParsedUpdate(*heading, section, impact, services, following) if heading else None


def _warn_of_misspelt_change(section: Section, problems: Problems) -> None:
    """Warn of a line below the heading that looks like a change but is read as text, probably by mistake."""
    match = _LIKE_A_CHANGE.match(section.text)
    close = get_close_matches(match[1].lower(), UPDATE_KEYS, n=1, cutoff=0.7) if match else []
    if match and close:
        hint = f"did you mean {close[0]}, right below the heading?"
        problems.warning(section.line, f"{match[1]}: is read as text", hint)


def _read_impact(section: Section, kind: NoticeKind, problems: Problems) -> Impact | None:
    if "impact" not in section.changes:
        return None
    line, value = section.changes["impact"]
    if kind == "maintenance":
        problems.error(line, "maintenance has no impact", "remove the line")
    elif value not in IMPACTS:
        problems.error(line, f"unknown impact {value}", did_you_mean(value, IMPACTS), len("impact: ") + 1)
    return cast("Impact", value)


def _read_services(
    section: Section, kind: NoticeKind, problems: Problems, context: NoticeContext
) -> tuple[str, ...] | None:
    if "services" not in section.changes:
        return None
    line, value = section.changes["services"]
    names = tuple(name for name in value.strip("[]").replace(",", " ").split() if name)
    if kind == "maintenance":
        hint = "change services: at the top, and say so in an update: ## TIME rescheduled"
        problems.error(line, "an update of maintenance cannot change its services", hint)
    elif not names and value.replace(" ", "") != "[]":
        problems.error(line, "no service", "write services: [smtp, api], or [] for the page as a whole")
    for name in names:
        check_service(name, (line, 11), problems, context.services)
    return tuple(dict.fromkeys(names))


def _check_order(updates: Sequence[ParsedUpdate], kind: NoticeKind, problems: Problems) -> None:
    for before, after in pairwise(updates):
        line = after.section.heading_line
        if before.at == after.at:
            hint = "an update is identified by its time: change one by a minute"
            problems.error(
                line, f"two updates at the same time (lines {before.section.heading_line} and {line})", hint
            )
        elif before.state in CLOSING_STATES:
            _check_after_end(before, after, kind, problems)
        elif is_backwards(before.state, after.state, kind):
            message = f"{after.state} comes after {before.state}, on line {before.section.heading_line}"
            problems.soft_error(line, message, "correct the times: states do not go backwards")


def _check_after_end(before: ParsedUpdate, after: ParsedUpdate, kind: NoticeKind, problems: Problems) -> None:
    if after.state == "postmortem":
        return
    where = f"{before.state}, on line {before.section.heading_line}"
    hint = "open a new notice, or correct the times"
    if kind == "incident":
        hint = f"only a postmortem may follow; {hint}"
    problems.soft_error(after.section.heading_line, f"{after.state} comes after {where}", hint)


def _check_texts(updates: Sequence[ParsedUpdate], problems: Problems) -> None:
    """Note updates without a text, except the first one and those whose state needs none.

    The first may leave the words to the announcement above it.
    """
    for update in updates[1:]:
        if not update.section.text.strip() and update.state not in OVER:
            hint = "write below the heading what customers should know"
            problems.soft_error(update.section.heading_line, WITHOUT_TEXT, hint)


def is_backwards(before: State, after: State, kind: NoticeKind) -> bool:
    """Whether a state leads back to one that usually comes earlier, and is not allowed to."""
    order = STATES[kind]
    return (
        after != "rescheduled" and (before, after) not in RETURNS and order.index(after) < order.index(before)
    )
