"""What each vantage says of a service now or saw of an outage, and which of them have fallen silent."""

from collections import defaultdict
from collections.abc import Sequence

from constat.availability.account import Account
from constat.interval import Instant, Interval, clip_track, value_at, where
from constat.model import CheckEvidence, Outcome, Silence, Views

STALE_AFTER_INTERVALS = 3


def find_views(account: Account, at: Instant, now: Instant, push_every_s: int) -> Views:
    """Find what the vantages of a service say at `at`, and which are silent at `now`.

    A vantage is silent once its newest sample is older than three intervals of its check and `push_every_s`. One without
    a sample in the account is silent once the rules have named it for that long, provided others look.
    """
    seats = _group_by_vantage(account, now)
    silent = [
        Silence(vantage, max(seen.newest for seen in observed))
        for vantage, observed in seats.items()
        if all(_is_old(seen, now, push_every_s) for seen in observed)
    ]
    looking = [vantage for vantage in seats if vantage not in {silence.vantage for silence in silent}]
    silent += [
        Silence(vantage, None)
        for vantage in _find_expected(account, now, push_every_s)
        if vantage not in seats and looking
    ]
    if len(seats) + sum(silence.since is None for silence in silent) < 2:  # noqa: PLR2004 -- a single vantage is not worth naming
        return Views()
    outcomes = {vantage: {value_at(seen.spoken, at) for seen in seats[vantage]} for vantage in looking}
    down = tuple(vantage for vantage in looking if Outcome.DOWN in outcomes[vantage])
    working = tuple(
        vantage
        for vantage in looking
        if vantage not in down and outcomes[vantage] & {Outcome.UP, Outcome.DEGRADED}
    )
    return Views(tuple(looking), down, working, tuple(silent))


def _find_expected(account: Account, now: Instant, push_every_s: int) -> tuple[str, ...]:
    """The vantages from which a check that counts should have been heard from by now.

    That is from when the rules named them, but not before the first sample of the check from any vantage.
    """
    expected = set()
    for epoch in account.rules:
        if epoch.value is None or not epoch.start <= now < epoch.end:
            continue
        for name, check in epoch.value.checks.items():
            began = max(epoch.start, account.firsts.get(name, now))
            waits_s = STALE_AFTER_INTERVALS * check.interval_s + push_every_s
            if check.affects == "availability" and now - began > waits_s:
                expected |= {*check.vantages}
    return tuple(sorted(expected))


def find_viewers(account: Account, down: Interval) -> tuple[str, ...]:
    """Find which vantages saw a check that counts fail during a stretch; none where only one vantage looks."""
    seats = _group_by_vantage(account, down.start)
    if len(seats) < 2:  # noqa: PLR2004 -- a single vantage is not worth naming
        return ()
    return tuple(
        vantage
        for vantage, observed in seats.items()
        if any(where(clip_track(seen.spoken, down), Outcome.DOWN) for seen in observed)
    )


def _group_by_vantage(account: Account, at: Instant) -> dict[str, Sequence[CheckEvidence]]:
    """The evidence of the checks that count by the rules in force, by vantage, as far as there is any."""
    rules = value_at(account.rules, at)
    seats: dict[str, list[CheckEvidence]] = defaultdict(list)
    for name, check in rules.checks.items() if rules else ():
        for vantage in check.vantages:
            seen = account.runs.get((name, vantage))
            if seen and check.affects == "availability":
                seats[vantage].append(seen)
    return dict(sorted(seats.items()))


def _is_old(seen: CheckEvidence, now: Instant, push_every_s: int) -> bool:
    return now - seen.newest > STALE_AFTER_INTERVALS * seen.newest_interval_s + push_every_s
