"""Rule 16: the current status of a service."""

from collections.abc import Iterable

from constat.availability.account import Account
from constat.availability.outages import find_outages
from constat.availability.views import STALE_AFTER_INTERVALS, find_views
from constat.interval import HOUR_S, Instant, Interval, Stretch, value_at
from constat.model import OUTCOME_STATUS, CheckEvidence, Notice, Outage, Outcome, Standing, Status, worst

RECOVERED_FOR_S = HOUR_S
"""For this long after an outage the page says that the service is back."""

_REPORTED = {"minor": Status.DEGRADED, "major": Status.OUTAGE, "critical": Status.OUTAGE}


def determine_standing(
    account: Account, notices: Iterable[Notice], now: Instant, push_every_s: int
) -> Standing:
    """Determine the current status of a service from measurements, announced maintenance and open incidents."""
    measured = _determine_measured(account, now, push_every_s)
    incidents = [notice for notice in notices if _affects(notice, account.service, now)]
    if incidents:
        return _apply_reports(measured, incidents)
    window = next((span for span in account.announced if now in span), None)
    if window:
        return Standing(
            Status.MAINTENANCE, since=window.start, newest=measured.newest, unwatched=measured.unwatched
        )
    return measured


def _affects(notice: Notice, service: str, now: Instant) -> bool:
    """Whether a notice is an open incident with an impact on a service."""
    return notice.is_open_incident(now) and service in notice.services and notice.impact in _REPORTED


def _apply_reports(measured: Standing, incidents: list[Notice]) -> Standing:
    """The worse of what was measured and what the open incidents report."""
    gravest = worst(*(_REPORTED[notice.impact] for notice in incidents))
    loudest = min(
        (notice for notice in incidents if _REPORTED[notice.impact] is gravest),
        key=lambda notice: (notice.starts, notice.stem),
    )
    status = worst(measured.status, gravest)
    is_worse = status is not measured.status
    return Standing(
        status=status,
        since=loudest.starts if is_worse else measured.since,
        reported=is_worse,
        overrun=measured.overrun,
        newest=measured.newest,
        notice=loudest.stem,
        disputed=measured.disputed and not is_worse,
        views=measured.views,
        unwatched=measured.unwatched,
    )


def _determine_measured(account: Account, now: Instant, push_every_s: int) -> Standing:
    """The status by our checks: the state at the newest sample, as long as that is fresh."""
    newest = _find_newest(account, now)
    if newest is None:
        return Standing(Status.NO_DATA, unwatched=_is_unwatched(account, now))
    at = min(newest.newest, now)
    if now - at > STALE_AFTER_INTERVALS * newest.newest_interval_s + push_every_s:
        return Standing(Status.NO_DATA, since=at, newest=at)
    stretch = _find_stretch(account, at)
    if stretch is None:
        return Standing(Status.NO_DATA, newest=at)
    status = OUTCOME_STATUS[stretch.value]
    return Standing(
        status=status,
        since=None if status is Status.OPERATIONAL else stretch.start,
        overrun=status is Status.OUTAGE and _has_overrun(account, Interval(stretch.start, now)),
        newest=at,
        recovered=_find_recovered(account, now) if status is Status.OPERATIONAL else None,
        disputed=_is_disputed(account, at),
        views=find_views(account, at, now, push_every_s),
    )


def _is_disputed(account: Account, at: Instant) -> bool:
    """Whether a check that counts is down from one vantage and working from another."""
    rules = value_at(account.rules, at)
    for name, check in rules.checks.items() if rules else ():
        seats = [(name, vantage) for vantage in check.vantages if check.affects == "availability"]
        outcomes = {value_at(account.runs[seat].spoken, at) for seat in seats if seat in account.runs}
        if Outcome.DOWN in outcomes and outcomes & {Outcome.UP, Outcome.DEGRADED}:
            return True
    return False


def _find_newest(account: Account, now: Instant) -> CheckEvidence | None:
    """The evidence with the newest sample among the checks that count by the rules in force."""
    rules = value_at(account.rules, now)
    if rules is None:
        return None
    seats = [
        (name, vantage)
        for name, check in rules.checks.items()
        for vantage in check.vantages
        if check.affects == "availability"
    ]
    observed = (account.runs[seat] for seat in seats if seat in account.runs)
    return max(observed, key=lambda evidence: evidence.newest, default=None)


def _is_unwatched(account: Account, now: Instant) -> bool:
    """Whether the service has no check at all: only notices say how it is."""
    rules = value_at(account.rules, now)
    return rules is not None and not rules.checks


def _find_stretch(account: Account, at: Instant) -> Stretch[Outcome] | None:
    return next((stretch for stretch in reversed(account.states) if stretch.start <= at < stretch.end), None)


def _has_overrun(account: Account, down: Interval) -> bool:
    """Whether an announced window ended while the service was down."""
    return any(down.start < span.end <= down.end for span in account.announced)


def _find_recovered(account: Account, now: Instant) -> Outage | None:
    """The newest outage, if it ended within the last hour and was not entirely announced."""
    down = next((stretch for stretch in reversed(account.states) if stretch.value is Outcome.DOWN), None)
    if down is None or not now - RECOVERED_FOR_S < down.end <= now:
        return None
    outage = find_outages(account, [Interval(down.start, down.end)])[0]
    return outage if outage.maintenance_s < outage.seconds else None
