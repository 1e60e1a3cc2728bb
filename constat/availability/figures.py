"""Rules 10 to 14 and 19: the figures of one service over a window."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from constat.availability.account import Account
from constat.availability.outages import find_outages
from constat.availability.slots import count_slots
from constat.interval import Instant, Interval, Stretch, clip, clip_track, intersect, overlay, total
from constat.model import (
    NO_SECONDS,
    Availability,
    Budget,
    Credit,
    CreditDue,
    Figures,
    Outcome,
    Seconds,
    ServiceRules,
    Uncorrected,
    Verdict,
)

_NONE = dict.fromkeys((Outcome.UP, Outcome.DEGRADED, Outcome.DOWN, Outcome.UNKNOWN), 0)
"""No second of any state, in the order of `Seconds`."""

_WHOLE = Fraction(1)


def tally(track: Sequence[Stretch[Outcome]], window: Interval) -> Seconds:
    """The seconds of a track within a window, by state."""
    counts = dict(_NONE)
    for start, end, state in clip_track(track, window):
        counts[state] += end - start
    return Seconds(*counts.values())


def tally_within(track: Sequence[Stretch[Outcome]], spans: Iterable[Interval]) -> Seconds:
    """The seconds of a track within several merged intervals, by state."""
    return sum((tally(track, span) for span in spans), start=NO_SECONDS)


def compute_share(seconds: Seconds) -> Fraction | None:
    """The availability of the observed seconds, `None` if nothing was observed."""
    observed = seconds.observed
    if observed and not seconds.down:
        return _WHOLE
    return Fraction(seconds.up + seconds.degraded, observed) if observed else None


def compute_availability(seconds: Seconds) -> Availability:
    """Compute availability, its bounds and coverage (rule 11). If nothing was observed, there is neither a figure nor a bound."""
    good, observed, window = seconds.up + seconds.degraded, seconds.observed, seconds.window
    if not observed:
        return Availability(None, None, None, Fraction(0) if window else None)
    return Availability(
        availability=Fraction(good, observed),
        lower=Fraction(good, window),
        upper=Fraction(good + seconds.unknown, window),
        coverage=Fraction(observed, window),
    )


def decide_verdict(shares: Availability, target: Decimal, min_coverage: Decimal) -> Verdict:
    """Decide the verdict on a window that is over (rule 13). `target` and `min_coverage` are percentages."""
    if shares.availability is None or shares.lower is None or shares.upper is None or shares.coverage is None:
        return "no_data"
    promised = Fraction(target) / 100
    if shares.lower >= promised:
        return "met"
    if shares.upper < promised:
        return "missed"
    if shares.coverage < Fraction(min_coverage) / 100:
        return "unproven"
    return "likely_met" if shares.availability >= promised else "likely_missed"


def compute_allowance(scope_s: int, target: Decimal) -> int:
    """Compute the downtime that the promise allows in a number of seconds, rounded down (rule 14)."""
    return int((1 - Fraction(target) / 100) * scope_s)


class _Scope(NamedTuple):
    """The seconds of one of the two figures so far, and the seconds that its allowance is computed from."""

    seconds: Seconds
    promised_s: int

    def decide_verdict(self, rules: ServiceRules, *, in_progress: bool) -> Verdict | None:
        if rules.target is None:
            return None
        if not in_progress:
            return decide_verdict(compute_availability(self.seconds), rules.target, rules.min_coverage)
        return "missed" if self.seconds.down > compute_allowance(self.promised_s, rules.target) else None

    def compute_budget(self, rules: ServiceRules) -> Budget | None:
        if rules.target is None:
            return None
        allowed = compute_allowance(self.promised_s, rules.target)
        down = self.seconds.down
        return Budget(allowed_s=allowed, spent_s=down, left_s=allowed - down, unknown_s=self.seconds.unknown)


def compute_figures(account: Account, window: Interval, now: Instant) -> Figures:
    """Compute the figures of a window: a month, or any other. One that is in progress ends now (rule 15).

    The promise is the one for the month in which the window ends.

    Raises:
        ValueError: the evidence of the account does not cover the window.

    """
    span, in_progress = Interval(window.start, min(window.end, now)), now < window.end
    _require_evidence(account, span)
    rules = account.find_promise(max(window.start, window.end - 1))
    agreed = account.clip_agreed(span)
    seconds, maintenance = _tally_with_maintenance(account, account.states, agreed)
    promised_s = total(account.find_agreed(window))
    everything = _Scope(seconds, promised_s)
    without = _Scope(seconds - maintenance, promised_s - maintenance.window)
    counting = everything if rules.maintenance.counts else without
    return Figures(
        service=account.service,
        window=window,
        counts="all" if rules.maintenance.counts else "without_maintenance",
        target=rules.target,
        min_coverage=rules.min_coverage,
        seconds=seconds,
        maintenance=maintenance,
        all=compute_availability(seconds),
        without_maintenance=compute_availability(without.seconds),
        verdict_all=everything.decide_verdict(rules, in_progress=in_progress),
        verdict_without=without.decide_verdict(rules, in_progress=in_progress),
        verdict=counting.decide_verdict(rules, in_progress=in_progress),
        budget=counting.compute_budget(rules),
        vantages=count_slots(account, span),
        longest_gap_s=find_longest_gap(account, agreed),
        outages=find_outages(account, agreed),
        credit=compute_credit(counting.seconds, rules.credits),
        late_s=count_late(account, agreed),
        in_progress=in_progress,
    )


def _tally_with_maintenance(
    account: Account, track: Sequence[Stretch[Outcome]], agreed: Sequence[Interval]
) -> tuple[Seconds, Seconds]:
    """Tally the agreed seconds of a track: all of them, and those of announced maintenance."""
    return tally_within(track, agreed), tally_within(track, intersect(account.announced, agreed))


def _require_evidence(account: Account, span: Interval) -> None:
    lived = account.clip_existence(span)
    covered = clip(lived, account.window)
    if total(lived) != total(covered):
        raise ValueError(f"the evidence of {account.service} does not cover {span}")


def find_longest_gap(account: Account, spans: Iterable[Interval]) -> int:
    """The length of the longest stretch of unknown seconds within merged intervals, cut at their edges."""
    states = (stretch for span in spans for stretch in clip_track(account.states, span))
    return max((end - start for start, end, state in states if state is Outcome.UNKNOWN), default=0)


def count_late(account: Account, spans: Iterable[Interval]) -> int:
    """The seconds within merged intervals whose state is known from late samples alone."""
    if account.unaided is account.states:
        return 0
    return sum(
        end - start
        for span in spans
        for start, end, (state, unaided) in overlay([account.states, account.unaided], span)
        if state is not Outcome.UNKNOWN and unaided is Outcome.UNKNOWN
    )


def compute_credit(seconds: Seconds, table: Sequence[Credit]) -> CreditDue | None:
    """Compute what a table of credits gives for the seconds of the figure that counts (rule 19); `None` without a table."""
    if not table:
        return None
    window = seconds.window
    upper = Fraction(window - seconds.down, window) if window else None
    return CreditDue(find_credit(compute_share(seconds), table), find_credit(upper, table))


def find_credit(share: Fraction | None, table: Iterable[Credit]) -> Decimal | None:
    """The highest percentage of a table whose limit exceeds a share, compared exactly; 0 if none does."""
    if share is None:
        return None
    owed = (credit.percent for credit in table if Fraction(credit.below) / 100 > share)
    return max(owed, default=Decimal(0))


def compute_uncorrected(account: Account, window: Interval, now: Instant) -> Uncorrected | None:
    """The seconds and availability before corrections, `None` if no correction overlaps the window."""
    span = Interval(window.start, min(window.end, now))
    if not clip((line.window for line in account.corrections), span):
        return None
    seconds, maintenance = _tally_with_maintenance(account, account.measured, account.clip_agreed(span))
    rules = account.find_promise(max(window.start, window.end - 1))
    counted = seconds if rules.maintenance.counts else seconds - maintenance
    return Uncorrected(seconds, compute_share(counted))
