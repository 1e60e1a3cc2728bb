"""The figures of support levels, month by month."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from constat.interval import Instant, Interval, month_interval, month_of
from constat.model import Hours, Level, LevelFigures, LevelVerdict, Support, Ticket
from constat.opening import (
    count_opening_seconds,
    find_due_time,
    find_nth_closing,
    get_zone,
    select_hours,
)


class RecordedPromise(NamedTuple):
    """The promise of support as it was recorded at a time; `None` if nothing is promised from then on."""

    at: Instant
    support: Support | None


def find_promise(promises: Iterable[RecordedPromise], at: Instant, zone: ZoneInfo) -> Support | None:
    """The promise for tickets opened at an instant: the one in force when that month began.

    The first recorded promise also applies before it was recorded.
    """
    ordered = sorted(promises, key=lambda recorded: recorded.at)
    began = month_interval(month_of(at, zone), zone).start
    in_force = [recorded.support for recorded in ordered if recorded.at <= began]
    return in_force[-1] if in_force else next((recorded.support for recorded in ordered), None)


class Judged(NamedTuple):
    """One ticket, judged by its promise. `elapsed_s`: opening seconds until its answer, `None` while unanswered."""

    ticket: Ticket
    due: Instant
    late: bool
    elapsed_s: int | None


def compute_support_figures(
    promises: Sequence[RecordedPromise],
    tickets: Iterable[Ticket],
    month: Interval,
    zone: ZoneInfo,
    freeze: Instant,
) -> tuple[LevelFigures, ...]:
    """Compute the figures of every level in a month, in the order of the promise when the month began.

    Tickets answered after the freeze count as unanswered. In a month in progress (`freeze` before its end) only tickets
    that are due or answered count.
    """
    promised = find_promise(promises, month.start, zone)
    judged = select_tickets_due(promises, tickets, month, zone, freeze)
    in_progress = freeze < month.end
    return tuple(
        _compute_level(
            level, [ticket for ticket in judged if ticket.ticket.level == level.id], in_progress=in_progress
        )
        for level in (promised.levels if promised else ())
    )


def select_tickets_due(
    promises: Sequence[RecordedPromise],
    tickets: Iterable[Ticket],
    month: Interval,
    zone: ZoneInfo,
    freeze: Instant,
) -> tuple[Judged, ...]:
    """Judge the tickets that are due in a month and decided at its freeze."""
    judged_tickets = (
        judged
        for ticket in tickets
        if ticket.opened_at < month.end
        if (support := find_promise(promises, ticket.opened_at, zone))
        if (judged := _judge(support, ticket, freeze))
    )
    return tuple(
        judged
        for judged in judged_tickets
        if judged.due in month and (judged.due <= freeze or judged.elapsed_s is not None)
    )


def _judge(support: Support, ticket: Ticket, freeze: Instant) -> Judged | None:
    """Judge a ticket by its promise; `None` if nothing was promised for its level."""
    level = next((level for level in support.levels if level.id == ticket.level), None)
    hours = select_hours(support, ticket.region)
    due = _find_due(level, hours, ticket, support) if level else None
    if level is None or due is None:
        return None
    answered = ticket.first_response_at
    if answered is None or answered > freeze:
        return Judged(ticket, due, late=True, elapsed_s=None)
    took = count_opening_seconds(hours, ticket.opened_at, answered)
    late = took > level.target_s if level.target_s is not None else answered > due
    return Judged(ticket, due, late=late, elapsed_s=took)


def _find_due(level: Level, hours: tuple[Hours, ...], ticket: Ticket, support: Support) -> Instant | None:
    if level.target_s is not None:
        return find_due_time(hours, ticket.opened_at, level.target_s)
    own = next((region for region in support.hours if region.region == ticket.region), None)
    if own is None or level.target_days is None:
        return None
    opened_on = datetime.fromtimestamp(ticket.opened_at, get_zone(own)).date()
    return find_nth_closing(hours, opened_on, level.target_days)


def _compute_level(level: Level, judged: Sequence[Judged], *, in_progress: bool) -> LevelFigures:
    late = sum(ticket.late for ticket in judged)
    took = sorted(ticket.elapsed_s for ticket in judged if ticket.elapsed_s is not None)
    return LevelFigures(
        level=level.id,
        target=level.target,
        tickets=len(judged),
        late=late,
        in_time=Fraction(len(judged) - late, len(judged)) if judged else None,
        median_s=took[(len(took) - 1) // 2] if took else None,
        longest_s=took[-1] if took else None,
        verdict=_decide_verdict(len(judged), late, in_progress=in_progress),
    )


def _decide_verdict(tickets: int, late: int, *, in_progress: bool) -> LevelVerdict | None:
    if late:
        return "missed"
    if in_progress:
        return None
    return "met" if tickets else "no_data"
