"""Changes of outcome, as one watch sees them."""

from collections.abc import Sequence

from constat.model import Evidence, Outcome, Sample


class Changes:
    """The last known outcome of each check at one vantage; unknown samples change nothing."""

    def __init__(self, evidence: Evidence, vantage: str) -> None:
        self._known: dict[tuple[str, str], Outcome] = {}
        for evidence_of_check in evidence.observed:
            known = [run.value for run in evidence_of_check.runs if run.value is not Outcome.UNKNOWN]
            if evidence_of_check.vantage == vantage and known:
                self._known[evidence_of_check.service, evidence_of_check.check] = known[-1]

    def take(self, samples: Sequence[Sample]) -> bool:
        """Take in samples: true if one of them differs from the last known outcome of its check, or is its first."""
        changed = False
        for sample in samples:
            key = (sample.service, sample.check)
            if sample.outcome is not Outcome.UNKNOWN:
                changed = changed or self._known.get(key) is not sample.outcome
                self._known[key] = sample.outcome
        return changed
