"""Rules 1 to 5: from what each check saw at each vantage to what the service was, second by second.

Rule 1 (how long a sample speaks) is already in `Observed.runs`; where no run is, the vantage is silent (rule 2).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from constat.availability.in_force import RulesTrack
from constat.interval import Instant, Interval, Stretch, clip_track, compact, overlay
from constat.model import CheckEvidence, CheckRules, Outcome, Require, ServiceRules

Said = Outcome | None
"""What a vantage says at a second: `None` where it is silent."""

_ALL = (Outcome.DOWN, Outcome.UNKNOWN, Outcome.DEGRADED, Outcome.UP)
_ANY = (Outcome.UP, Outcome.DEGRADED, Outcome.UNKNOWN, Outcome.DOWN)


def combine_vantages(said: Sequence[Said], quorum: int) -> Outcome:
    """Rule 3: what a check is, from what its vantages say."""
    downs = said.count(Outcome.DOWN)
    silent = said.count(None) + said.count(Outcome.UNKNOWN)
    if downs >= quorum:
        return Outcome.DOWN
    if silent == len(said) or (downs and downs + silent >= quorum):
        return Outcome.UNKNOWN
    return Outcome.DEGRADED if downs or Outcome.DEGRADED in said else Outcome.UP


def combine_checks(
    availability: Sequence[Outcome], performance: Sequence[Outcome], require: Require
) -> Outcome:
    """Rule 4: what a service is, from its checks. Without a check that affects availability nothing is known."""
    order = _ANY if require == "any" else _ALL
    state = next((outcome for outcome in order if outcome in availability), Outcome.UNKNOWN)
    troubled = Outcome.DOWN in performance or Outcome.DEGRADED in performance
    return Outcome.DEGRADED if state is Outcome.UP and troubled else state


class Epoch(NamedTuple):
    """A time during which the same checks count in the same way. `checks` in the register's order."""

    span: Interval
    rules: ServiceRules
    checks: tuple[tuple[str, CheckRules], ...]


def split_into_epochs(track: RulesTrack, firsts: Mapping[str, Instant], window: Interval) -> Iterator[Epoch]:
    """Rule 5: cut a window where the rules change and where a check begins to count."""
    for start, end, rules in clip_track(track, window):
        if rules is None:
            continue
        begins = {firsts[check] for check in rules.checks if check in firsts}
        cuts = [start, *sorted(at for at in begins if start < at < end), end]
        for span in map(Interval, cuts, cuts[1:]):
            counting = tuple(
                (name, check)
                for name, check in rules.checks.items()
                if check.affects != "nothing" and firsts.get(name, span.end) <= span.start
            )
            yield Epoch(span, rules, counting)


Runs = Mapping[tuple[str, str], CheckEvidence]
"""What was observed, by check and vantage."""


def measure_states(
    track: RulesTrack, firsts: Mapping[str, Instant], runs: Runs, window: Interval
) -> tuple[Stretch[Outcome], ...]:
    """What the service was at every second of a window for which rules hold."""
    pieces = (
        piece for epoch in split_into_epochs(track, firsts, window) for piece in _epoch_states(epoch, runs)
    )
    return compact(pieces)


def _epoch_states(epoch: Epoch, runs: Runs) -> Iterator[Stretch[Outcome]]:
    seats = [(name, vantage) for name, check in epoch.checks for vantage in check.vantages]
    tracks = [runs[seat].runs if seat in runs else () for seat in seats]
    known: dict[tuple[Said, ...], Outcome] = {}
    for start, end, said in overlay(tracks, epoch.span):
        if said not in known:
            known[said] = _judge(epoch, said)
        yield Stretch(start, end, known[said])


def _judge(epoch: Epoch, said: tuple[Said, ...]) -> Outcome:
    """The state of a service, from what every seat (check and vantage) of an epoch says."""
    verdicts: dict[str, list[Outcome]] = {"availability": [], "performance": []}
    at = 0
    for _, check in epoch.checks:
        verdicts[check.affects].append(combine_vantages(said[at : at + len(check.vantages)], check.quorum))
        at += len(check.vantages)
    return combine_checks(verdicts["availability"], verdicts["performance"], epoch.rules.require)
