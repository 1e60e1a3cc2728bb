"""Rules 1 to 5: from the outcomes of each check at each vantage to the state of the service, second by second.

Rule 1 (how long a sample speaks) is already applied in the evidence; between runs the vantage is silent (rule 2).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from constat.availability.in_force import RulesTrack
from constat.interval import Instant, Interval, Stretch, clip_track, compact, overlay
from constat.model import CheckRules, Outcome, Require, ServiceRules

SeatOutcome = Outcome | None
"""The outcome from one vantage at a second: `None` if it is silent."""

_ALL = (Outcome.DOWN, Outcome.UNKNOWN, Outcome.DEGRADED, Outcome.UP)
_ANY = (Outcome.UP, Outcome.DEGRADED, Outcome.UNKNOWN, Outcome.DOWN)


def combine_vantages(outcomes: Sequence[SeatOutcome], quorum: int) -> Outcome:
    """Combine the outcomes from a check's vantages into its state (rule 3).

    Where fewer vantages than the quorum answer, they are believed if they agree, whether up or down.
    """
    downs = outcomes.count(Outcome.DOWN)
    silent = outcomes.count(None) + outcomes.count(Outcome.UNKNOWN)
    answering = len(outcomes) - silent
    if not answering:
        return Outcome.UNKNOWN
    if downs >= min(quorum, answering):
        return Outcome.DOWN
    if downs and downs + silent >= quorum:
        return Outcome.UNKNOWN
    return Outcome.DEGRADED if downs or Outcome.DEGRADED in outcomes else Outcome.UP


def combine_checks(
    availability: Sequence[Outcome], performance: Sequence[Outcome], require: Require
) -> Outcome:
    """Combine the states of its checks into that of a service (rule 4); it is unknown if no check affects availability."""
    order = _ANY if require == "any" else _ALL
    state = next((outcome for outcome in order if outcome in availability), Outcome.UNKNOWN)
    troubled = Outcome.DOWN in performance or Outcome.DEGRADED in performance
    return Outcome.DEGRADED if state is Outcome.UP and troubled else state


class Epoch(NamedTuple):
    """A period in which the same checks count in the same way. `checks` in the register's order."""

    span: Interval
    rules: ServiceRules
    checks: tuple[tuple[str, CheckRules], ...]


def split_into_epochs(track: RulesTrack, firsts: Mapping[str, Instant], window: Interval) -> Iterator[Epoch]:
    """Split a window where the rules change and where a check begins to count (rule 5)."""
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


Spoken = Mapping[tuple[str, str], Sequence[Stretch[Outcome]]]
"""The seconds that samples speak for, by check and vantage."""


def measure_states(
    track: RulesTrack, firsts: Mapping[str, Instant], spoken: Spoken, window: Interval
) -> tuple[Stretch[Outcome], ...]:
    """The state of a service at every second of a window for which rules are in force."""
    pieces = (
        piece for epoch in split_into_epochs(track, firsts, window) for piece in _measure_epoch(epoch, spoken)
    )
    return compact(pieces)


def _measure_epoch(epoch: Epoch, spoken: Spoken) -> Iterator[Stretch[Outcome]]:
    seats = [(name, vantage) for name, check in epoch.checks for vantage in check.vantages]
    tracks = [spoken.get(seat, ()) for seat in seats]
    judged: dict[tuple[SeatOutcome, ...], Outcome] = {}
    for start, end, outcomes in overlay(tracks, epoch.span):
        if outcomes not in judged:
            judged[outcomes] = _judge(epoch, outcomes)
        yield Stretch(start, end, judged[outcomes])


def _judge(epoch: Epoch, outcomes: tuple[SeatOutcome, ...]) -> Outcome:
    """The state of a service, from the outcome of every seat (check and vantage) of an epoch."""
    verdicts: dict[str, list[Outcome]] = {"availability": [], "performance": []}
    at = 0
    for _, check in epoch.checks:
        verdicts[check.affects].append(
            combine_vantages(outcomes[at : at + len(check.vantages)], check.quorum)
        )
        at += len(check.vantages)
    return combine_checks(verdicts["availability"], verdicts["performance"], epoch.rules.require)
