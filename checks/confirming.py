"""From attempts to one sample: a failed check is tried again before it counts as down, and may be our own failure.

A round is the set of checks that became due together. Failures that are being confirmed at the same time share their
fate: if the canaries fail before or after a confirmation, all of them are ours. A success counts in any case.
"""

from collections.abc import Callable
from typing import NamedTuple

from checks.canary import Canaries
from checks.probing import ProbeResult
from constat.interval import Instant
from constat.model import CheckConfig, Outcome, Sample
from constat.text.reason_cells import decode_reason, encode_reason


class ProbeTarget(NamedTuple):
    """One check of one service."""

    service: str
    check: CheckConfig


class Round:
    """The checks that became due together. A confirmed failure waits until no other failure is being confirmed.

    `record` takes each sample once it is final; `report_offline` is called once, if the canaries fail.
    """

    def __init__(
        self,
        canaries: Canaries,
        record: Callable[[Sample], None],
        size: int,
        report_offline: Callable[[], None],
    ) -> None:
        self._canaries = canaries
        self._record = record
        self._report_offline = report_offline
        self._open = size
        self._offline = False
        self._suspects = 0
        self._waiting: list[Sample] = []

    @property
    def is_open(self) -> bool:
        """Whether a check of the round has no final sample yet."""
        return self._open > 0

    def settle(self, sample: Sample) -> None:
        """Hand on the final sample of a check."""
        self._open -= 1
        self._record(sample)

    def skip(self) -> None:
        """Leave out a check that was not begun in time."""
        self._open -= 1

    def suspect(self) -> None:
        """Ask the canaries, because a check failed for the first time: are we offline?"""
        self._suspects += 1
        self._canaries.ask(self._note_answer)

    def clear(self) -> None:
        """Drop a suspicion: the check has not failed after all, or its failure is confirmed."""
        self._suspects -= 1
        self._release()

    def confirm(self, failure: Sample) -> None:
        """Take in the confirmed failure of a suspect. It stands if the canaries answer now, as they did before."""

        def take_answer(online: bool) -> None:
            self._note_answer(online)
            self._waiting.append(failure)
            self.clear()

        self._canaries.ask(take_answer)

    def give_up(self) -> None:
        """Settle the failures confirmed so far, because we are interrupted."""
        self._suspects = 0
        self._release()

    def _note_answer(self, online: bool) -> None:
        if not online and not self._offline:
            self._offline = True
            self._report_offline()

    def _release(self) -> None:
        if self._suspects and self._canaries:
            return
        failures, self._waiting = self._waiting, []
        for failure in failures:
            self.settle(_mark_offline(failure) if self._offline else failure)


def _mark_offline(failure: Sample) -> Sample:
    return failure._replace(
        outcome=Outcome.UNKNOWN, reason=encode_reason(f"offline {decode_reason(failure.reason)}")
    )


class Case:
    """One check in its round, from its first attempt to its sample."""

    def __init__(self, target: ProbeTarget, in_round: Round, slot: Instant | None, vantage: str) -> None:
        self.target = target
        self.round = in_round
        self.slot = slot
        self.at = 0
        self.attempts = 0
        self._vantage = vantage
        self._suspected = False

    def take(self, result: ProbeResult, *, final: bool = False) -> bool:
        """Take in the result of an attempt; true if another attempt is wanted. `final`: another attempt would be of no use."""
        if result.outcome is Outcome.DOWN and not self._suspected:
            self._suspected = True
            self.round.suspect()
        failing = result.outcome in (Outcome.DOWN, Outcome.UNKNOWN)
        if failing and not final and self.attempts < self.target.check.confirm.attempts:
            return True
        self._conclude(self._build_sample(result))
        return False

    def _build_sample(self, result: ProbeResult) -> Sample:
        """Build the sample of the deciding attempt."""
        return Sample(
            at=self.at,
            service=self.target.service,
            check=self.target.check.name,
            outcome=result.outcome,
            latency_ms=result.latency_ms,
            attempts=self.attempts,
            interval_s=self.target.check.interval_s,
            vantage=self._vantage,
            reason=encode_reason(result.reason),
        )

    def _conclude(self, sample: Sample) -> None:
        if sample.outcome is Outcome.DOWN:
            self.round.confirm(sample)
            return
        self.round.settle(sample)
        if self._suspected:
            self.round.clear()
