"""Outages: the maximal stretches of down seconds, with their reasons (decision 9)."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from constat.availability.account import Account
from constat.availability.tracks import split_into_epochs
from constat.interval import Interval, clip, clip_track, total, value_at, where
from constat.model import CheckEvidence, DownSample, LateEvidence, Outage, Outcome

CORRECTION = "correction"
_WORKING: tuple[Outcome | None, ...] = (Outcome.UP, Outcome.DEGRADED)


def find_outages(account: Account, spans: Iterable[Interval]) -> tuple[Outage, ...]:
    """The outages within merged intervals, cut off at their edges, oldest first."""
    downs = [down for span in spans for down in where(clip_track(account.states, span), Outcome.DOWN)]
    return tuple(_describe(account, down) for down in downs)


def _describe(account: Account, down: Interval) -> Outage:
    after = value_at(account.states, down.end)
    return Outage(
        start=down.start,
        end=down.end,
        maintenance_s=total(clip(account.announced, down)),
        reason=find_reason(account, down),
        recovered=after in _WORKING,
        cut_off=after is Outcome.DOWN and not account.find_agreed(Interval(down.end, down.end + 1)),
    )


def find_reason(account: Account, down: Interval) -> str:
    """The reason of the earliest down sample that speaks in a stretch; of several, that of the first check in the register.

    It is `correction` if nothing in the stretch was measured as down.
    """
    if not where(clip_track(account.measured, down), Outcome.DOWN):
        return CORRECTION
    return min(_speaking(account, down), key=lambda sample: sample.at).reason


def _speaking(account: Account, down: Interval) -> Iterator[DownSample]:
    """The first down sample that speaks in a stretch, of each check that counts and each vantage, in the register's order."""
    for epoch in split_into_epochs(account.rules, account.firsts, down):
        for name, check in epoch.checks:
            if check.affects != "availability":
                continue
            for vantage in check.vantages:
                observed = account.runs.get((name, vantage))
                if observed:
                    yield from _first_down(observed, epoch.span)
                if observed and observed.late:
                    yield from _first_down(observed.late, epoch.span)


def _first_down(seen: CheckEvidence | LateEvidence, span: Interval) -> Iterator[DownSample]:
    """The sample that speaks in the first second of a span for which a check is down from one vantage, if there is one."""
    spoken = clip_track(seen.runs, span)
    at = next((start for start, _, outcome in spoken if outcome is Outcome.DOWN), None)
    if at is not None:
        yield seen.downs[bisect_right(seen.downs, at, key=lambda sample: sample.at) - 1]
