"""From attempts to one sample: trying again before a failure is believed, and whose failure it is.

A round is the set of checks that became due together. Its failures that are being confirmed at the same time share
their fate: if the canaries fail before or after a confirmation, all of them are ours. A success is evidence, and stays.
"""

from collections.abc import Callable
from typing import NamedTuple

from checks.canary import Canaries
from checks.probing import ProbeResult
from checks.reasons import escape_cell
from constat.interval import Instant
from constat.model import CheckConfig, Outcome


class Target(NamedTuple):
    """One check of one service."""

    service: str
    check: CheckConfig


class ConfirmedResult(NamedTuple):
    """What a check of a round came to: when the first attempt began, how many it took, and the deciding one."""

    target: Target
    at: Instant
    attempts: int
    seen: ProbeResult


Decide = Callable[[ConfirmedResult], None]


class Round:
    """The checks that became due together. Failures wait until none is being confirmed any more.

    `tell_offline` is called once, when the canaries fail.
    """

    def __init__(
        self, canaries: Canaries, decide: Decide, size: int, tell_offline: Callable[[], None]
    ) -> None:
        self._tell_offline = tell_offline
        self._canaries = canaries
        self._decide = decide
        self._undecided = size
        self._offline = False
        self._suspects = 0
        self._held: list[ConfirmedResult] = []

    @property
    def is_open(self) -> bool:
        """Whether something of it is not decided yet."""
        return self._undecided > 0

    def decide(self, finding: ConfirmedResult) -> None:
        """Hand on what one check came to."""
        self._undecided -= 1
        self._decide(finding)

    def missed(self) -> None:
        """One check was not begun in time."""
        self._undecided -= 1

    def suspect(self) -> None:
        """A check failed for the first time: is it us?"""
        self._suspects += 1
        self._canaries.ask(self._heard)

    def cleared(self) -> None:
        """A suspect turned out to be no failure of its target."""
        self._suspects -= 1
        self._release()

    def failed(self, finding: ConfirmedResult) -> None:
        """The failure of a suspect is confirmed. It stands if the canaries answer now, as they did before."""

        def told(online: bool) -> None:
            self._heard(online)
            self._held.append(finding)
            self.cleared()

        self._canaries.ask(told)

    def give_up(self) -> None:
        """Decide what is confirmed already, because we are interrupted."""
        self._suspects = 0
        self._release()

    def _heard(self, online: bool) -> None:
        if not online and not self._offline:
            self._offline = True
            self._tell_offline()

    def _release(self) -> None:
        if self._suspects and self._canaries:
            return
        held, self._held = self._held, []
        for finding in held:
            self.decide(_ours(finding) if self._offline else finding)


def _ours(finding: ConfirmedResult) -> ConfirmedResult:
    reason = escape_cell(f"offline {finding.seen.reason}")
    return finding._replace(seen=finding.seen._replace(outcome=Outcome.UNKNOWN, reason=reason))


class Case:
    """One check in its round, from its first attempt to its finding."""

    def __init__(self, target: Target, in_round: Round, slot: Instant | None) -> None:
        self.target = target
        self.round = in_round
        self.slot = slot
        self.at = 0
        self.attempts = 0
        self._suspected = False

    def saw(self, seen: ProbeResult, *, final: bool = False) -> bool:
        """Take in an attempt; true where another one is wanted. `final`: trying again is no use."""
        if seen.outcome is Outcome.DOWN and not self._suspected:
            self._suspected = True
            self.round.suspect()
        failing = seen.outcome in (Outcome.DOWN, Outcome.UNKNOWN)
        if failing and not final and self.attempts < self.target.check.confirm.attempts:
            return True
        self._conclude(ConfirmedResult(self.target, self.at, self.attempts, seen))
        return False

    def _conclude(self, finding: ConfirmedResult) -> None:
        if finding.seen.outcome is Outcome.DOWN:
            self.round.failed(finding)
            return
        self.round.decide(finding)
        if self._suspected:
            self.round.cleared()
