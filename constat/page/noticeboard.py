"""The notices as they are shown now, with what was measured during them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from constat.interval import Instant, Interval, Stretch, local_date, midnight
from constat.model import (
    CLOSING_STATES,
    UNDER_WAY_STATES,
    MaintenanceVersion,
    Notice,
    Outcome,
    State,
    Update,
    group_versions,
)
from constat.notices import find_forgotten
from constat.page.archived import PastDay
from constat.page.page_inputs import PageInputs
from constat.page.said_and_measured import compare_telling, measure_around
from constat.page.shown_notice import Phase, ServiceOutage, ShownNotice
from constat.page.types import ShownService
from constat.register import find_edits

PAST_DAYS = 14


class _Course(NamedTuple):
    """The progress of a notice."""

    phase: Phase
    state: State
    ends: Instant | None
    as_announced: bool = False


def _find_closing(updates: Sequence[Update]) -> Instant | None:
    """Find when a notice was closed; a later postmortem does not change it."""
    closed: Instant | None = None
    for update in updates:
        if update.state not in CLOSING_STATES:
            closed = None
        elif closed is None:
            closed = update.at
    return closed


def _follow_incident(notice: Notice) -> _Course:
    state: State = notice.state or "investigating"
    if notice.is_closed:
        return _Course("past", state, _find_closing(notice.updates))
    return _Course("open", state, None)


def _follow_maintenance(notice: Notice, overrun: frozenset[str], now: Instant) -> _Course:
    """The progress of a maintenance: by its updates first, and by the clock if they do not decide it."""
    state: State = notice.state or "scheduled"
    if state == "cancelled":
        return _Course("past", state, notice.ends)
    if state == "completed":
        return _Course("past", state, _find_closing(notice.updates))
    under_way: State = state if state in UNDER_WAY_STATES else "in_progress"
    if notice.is_over(now):
        if overrun.intersection(notice.services):
            return _Course("open", under_way, notice.ends)
        return _Course("past", "completed", notice.ends, as_announced=True)
    if now >= notice.starts or state in UNDER_WAY_STATES:
        return _Course("open", under_way, notice.ends)
    return _Course("upcoming", state, notice.ends)


def _select_outages(
    notice: Notice, window: Interval, outages: Iterable[ServiceOutage]
) -> tuple[ServiceOutage, ...]:
    """The outages of a notice's services that overlap its window."""
    named = [
        measured
        for measured in outages
        if measured.service in notice.services
        and measured.outage.start < window.end
        and window.start < measured.outage.end
    ]
    return tuple(sorted(named, key=lambda measured: (measured.outage.start, measured.service)))


def _is_overdue(notice: Notice, phase: Phase, now: Instant) -> bool:
    """Whether an update was promised for a time that has passed, and none came since the promise."""
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
    course = (
        _follow_incident(notice) if notice.kind == "incident" else _follow_maintenance(notice, overrun, now)
    )
    window = Interval(notice.starts, now if course.phase == "open" or course.ends is None else course.ends)
    return ShownNotice(
        notice=notice,
        phase=course.phase,
        state=course.state,
        starts=notice.starts,
        ends=course.ends,
        as_announced=course.as_announced,
        overdue=_is_overdue(notice, course.phase, now),
        outages=() if course.phase == "upcoming" else _select_outages(notice, window, outages),
        versions=versions.get(notice.stem, ()),
    )


def _compare(
    shown: ShownNotice, tracks: Mapping[str, Sequence[Stretch[Outcome]]], window: Interval, now: Instant
) -> ShownNotice:
    """Add to a notice what was measured around it, and how soon we posted."""
    if shown.phase == "upcoming":
        return shown
    spans = [
        (Interval(measured.outage.start, measured.outage.end), measured.outage.recovered)
        for measured in shown.outages
    ]
    closed = shown.ends if shown.phase == "past" else None
    happened = Interval(
        min([shown.starts, *(span.start for span, _ in spans)]),
        max([closed or now, *(span.end for span, _ in spans)]),
    )
    named = [tracks[service] for service in shown.every_service if service in tracks]
    return replace(
        shown,
        measured=measure_around(happened, named, Interval(window.start, now)),
        telling=compare_telling(spans, [update.at for update in shown.notice.updates], closed),
    )


def collect_outages(services: Iterable[ShownService]) -> tuple[ServiceOutage, ...]:
    """Every outage of the shown days, each with its service, oldest first."""
    return tuple(outage for service in services for outage in reversed(service.outages))


def build_noticeboard(inputs: PageInputs, services: Sequence[ShownService]) -> tuple[ShownNotice, ...]:
    """Build every notice that has begun or is announced, the latest to begin first."""
    now = inputs.now
    overrun = frozenset(service.id for service in services if service.standing.overrun)
    outages = collect_outages(services)
    versions = group_versions(inputs.register.maintenance)
    edits = find_edits(inputs.register)
    up = {service.id: service.up_since for service in services}
    tracks = {service.id: service.states for service in services}
    shown_notices = [
        replace(
            _compare(_show(notice, overrun, outages, versions, now), tracks, inputs.evidence.window, now),
            edits=edits.get(notice.stem, {}),
            notified=inputs.notified.get(notice.stem, ()),
            forgotten=find_forgotten(notice, up, now),
        )
        for notice in inputs.notices
        if notice.kind == "maintenance" or notice.starts <= now
    ]
    return tuple(
        sorted(shown_notices, key=lambda shown_notice: (-shown_notice.starts, shown_notice.notice.stem))
    )


def find_explaining(shown_notices: Iterable[ShownNotice], service: str) -> ShownNotice | None:
    """Find the open notice that explains the state of a service: an incident before a maintenance, the newest first."""
    speaking = [
        shown_notice
        for shown_notice in shown_notices
        if shown_notice.phase == "open" and service in shown_notice.notice.services
    ]
    return min(
        speaking,
        key=lambda shown_notice: (shown_notice.notice.kind != "incident", -shown_notice.changed),
        default=None,
    )


def _is_explained(service_outage: ServiceOutage, shown_notices: Iterable[ShownNotice]) -> bool:
    return any(service_outage in shown_notice.outages for shown_notice in shown_notices)


def build_past_days(
    shown_notices: Sequence[ShownNotice], outages: Sequence[ServiceOutage], zone: ZoneInfo, now: Instant
) -> tuple[PastDay, ...]:
    """Build the past 14 days including today, newest first: notices that are over, and outages that no notice explains.

    What began before the first of these days and ended on or after it is listed on the first.
    """
    today = local_date(now, zone)
    first = midnight(today - timedelta(days=PAST_DAYS - 1), zone)
    over = [
        shown_notice
        for shown_notice in shown_notices
        if shown_notice.phase == "past" and (shown_notice.ends or shown_notice.changed) >= first
    ]
    unexplained = [
        service_outage
        for service_outage in outages
        if service_outage.outage.end > first and not _is_explained(service_outage, shown_notices)
    ]
    unexplained.sort(key=lambda service_outage: (-service_outage.outage.start, service_outage.service))
    days = [today - timedelta(days=back) for back in range(PAST_DAYS)]
    past = [
        PastDay(
            day,
            tuple(
                shown_notice
                for shown_notice in over
                if local_date(max(shown_notice.starts, first), zone) == day
            ),
            tuple(
                service_outage
                for service_outage in unexplained
                if local_date(max(service_outage.outage.start, first), zone) == day
            ),
        )
        for day in days
    ]
    return tuple(day for day in past if day.notices or day.outages)
