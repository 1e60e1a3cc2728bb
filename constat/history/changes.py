"""Changes of outcome from one sample to the next, as a watch or a source brings them."""

from collections.abc import Sequence

from constat.model import Evidence, Outcome, Sample


class Changes:
    """The last known outcome of each check at each vantage; unknown samples change nothing."""

    def __init__(self, evidence: Evidence) -> None:
        self._known: dict[tuple[str, str, str], Outcome] = {}
        for series in evidence.observed:
            known = [run.value for run in series.runs if run.value is not Outcome.UNKNOWN]
            if known:
                self._known[series.service, series.check, series.vantage] = known[-1]

    def take(self, samples: Sequence[Sample]) -> bool:
        """Take in samples; return whether one of them differs from the last known outcome of its check, or is its first."""
        changed, known = False, self._known
        for _, service, check, outcome, _, _, _, vantage, _ in samples:
            names = (service, check, vantage)
            if known.get(names) is not outcome and outcome is not Outcome.UNKNOWN:
                changed = True
                known[names] = outcome
        return changed
