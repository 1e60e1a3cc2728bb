"""Where each notice stands now, and what was measured while it ran."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from constat.interval import Instant, Interval, local_date, midnight
from constat.model import (
    CLOSING_STATES,
    UNDER_WAY_STATES,
    MaintenanceVersion,
    Notice,
    State,
    Update,
    group_versions,
)
from constat.notices import find_forgotten
from constat.page.page_inputs import PageInputs
from constat.page.shown_notice import Phase, ServiceOutage, ShownNotice
from constat.page.types import PastDay, ShownService
from constat.register import find_edits

PAST_DAYS = 14


class _Course(NamedTuple):
    """How far a notice has come."""

    phase: Phase
    state: State
    ends: Instant | None
    as_announced: bool = False


def _closed_at(updates: Sequence[Update]) -> Instant | None:
    """When the last word that closes a notice began to hold: a postmortem later does not move it."""
    closed: Instant | None = None
    for update in updates:
        if update.state not in CLOSING_STATES:
            closed = None
        elif closed is None:
            closed = update.at
    return closed


def _incident(notice: Notice) -> _Course:
    state: State = notice.state or "investigating"
    if notice.is_closed:
        return _Course("past", state, _closed_at(notice.updates))
    return _Course("open", state, None)


def _maintenance(notice: Notice, overrun: frozenset[str], now: Instant) -> _Course:
    """A maintenance goes by its updates first and by the clock where they are silent."""
    state: State = notice.state or "scheduled"
    if state == "cancelled":
        return _Course("past", state, notice.ends)
    if state == "completed":
        return _Course("past", state, _closed_at(notice.updates))
    under_way: State = state if state in UNDER_WAY_STATES else "in_progress"
    if notice.is_over(now):
        if overrun.intersection(notice.services):
            return _Course("open", under_way, notice.ends)
        return _Course("past", "completed", notice.ends, as_announced=True)
    if now >= notice.starts or state in UNDER_WAY_STATES:
        return _Course("open", under_way, notice.ends)
    return _Course("upcoming", state, notice.ends)


def _measured(
    notice: Notice, window: Interval, outages: Iterable[ServiceOutage]
) -> tuple[ServiceOutage, ...]:
    """The outages of the services that a notice names, which overlap its window."""
    named = [
        found
        for found in outages
        if found.service in notice.services
        and found.outage.start < window.end
        and window.start < found.outage.end
    ]
    return tuple(sorted(named, key=lambda found: (found.outage.start, found.service)))


def _overdue(notice: Notice, phase: Phase, now: Instant) -> bool:
    """Whether news were promised for a time that has passed, and none came since they were promised."""
    if notice.next is None or phase != "open" or now <= notice.next:
        return False
    return not notice.updates or notice.updates[-1].at < notice.next


def _show(
    notice: Notice,
    overrun: frozenset[str],
    outages: Sequence[ServiceOutage],
    versions: Mapping[str, tuple[MaintenanceVersion, ...]],
    now: Instant,
) -> ShownNotice:
    course = _incident(notice) if notice.kind == "incident" else _maintenance(notice, overrun, now)
    window = Interval(notice.starts, now if course.phase == "open" or course.ends is None else course.ends)
    return ShownNotice(
        notice=notice,
        phase=course.phase,
        state=course.state,
        starts=notice.starts,
        ends=course.ends,
        as_announced=course.as_announced,
        overdue=_overdue(notice, course.phase, now),
        outages=() if course.phase == "upcoming" else _measured(notice, window, outages),
        versions=versions.get(notice.stem, ()),
    )


def collect_outages(services: Iterable[ShownService]) -> tuple[ServiceOutage, ...]:
    """Every outage of the shown days, each with its service, oldest first."""
    return tuple(outage for service in services for outage in reversed(service.outages))


def build_noticeboard(inputs: PageInputs, services: Sequence[ShownService]) -> tuple[ShownNotice, ...]:
    """Every notice that has begun or is announced, the latest to begin first."""
    now = inputs.now
    overrun = frozenset(service.id for service in services if service.standing.overrun)
    outages = collect_outages(services)
    versions = group_versions(inputs.register.maintenance)
    edited = find_edits(inputs.register)
    up = {service.id: service.up_since for service in services}
    shown = [
        replace(
            _show(notice, overrun, outages, versions, now),
            edits=edited.get(notice.stem, {}),
            notified=inputs.notified.get(notice.stem, ()),
            forgotten=find_forgotten(notice, up, now),
        )
        for notice in inputs.notices
        if notice.kind == "maintenance" or notice.starts <= now
    ]
    return tuple(sorted(shown, key=lambda item: (-item.starts, item.notice.stem)))


def find_explaining(shown: Iterable[ShownNotice], service: str) -> ShownNotice | None:
    """The open notice that speaks of a service: an incident before a maintenance, the newest first."""
    speaking = [item for item in shown if item.phase == "open" and service in item.notice.services]
    return min(speaking, key=lambda item: (item.notice.kind != "incident", -item.changed), default=None)


def _explained(found: ServiceOutage, shown: Iterable[ShownNotice]) -> bool:
    return any(found in item.outages for item in shown)


def build_past_days(
    shown: Sequence[ShownNotice], outages: Sequence[ServiceOutage], zone: ZoneInfo, now: Instant
) -> tuple[PastDay, ...]:
    """The past 14 days, today included, newest first: what is over, and the outages that no notice explains.

    What began before the first of these days and ended on or after it stands on the first.
    """
    today = local_date(now, zone)
    first = midnight(today - timedelta(days=PAST_DAYS - 1), zone)
    over = [item for item in shown if item.phase == "past" and (item.ends or item.changed) >= first]
    alone = [found for found in outages if found.outage.end > first and not _explained(found, shown)]
    alone.sort(key=lambda found: (-found.outage.start, found.service))
    days = [today - timedelta(days=back) for back in range(PAST_DAYS)]
    made = [
        PastDay(
            day,
            tuple(item for item in over if local_date(max(item.starts, first), zone) == day),
            tuple(found for found in alone if local_date(max(found.outage.start, first), zone) == day),
        )
        for day in days
    ]
    return tuple(day for day in made if day.notices or day.outages)
