"""Whether a new sample changes what was known of its check."""

from collections.abc import Sequence

from constat.model import Evidence, Outcome, Sample


class Changes:
    """What one vantage last knew of each check; what is unknown changes nothing."""

    def __init__(self, evidence: Evidence, vantage: str) -> None:
        self._known: dict[tuple[str, str], Outcome] = {}
        for seen in evidence.observed:
            known = [run.value for run in seen.runs if run.value is not Outcome.UNKNOWN]
            if seen.vantage == vantage and known:
                self._known[seen.service, seen.check] = known[-1]

    def take(self, samples: Sequence[Sample]) -> bool:
        """Remember samples; true where one of them differs from what was known, or is the first of its check."""
        changed = False
        for sample in samples:
            key = (sample.service, sample.check)
            if sample.outcome is not Outcome.UNKNOWN:
                changed = changed or self._known.get(key) is not sample.outcome
                self._known[key] = sample.outcome
        return changed
