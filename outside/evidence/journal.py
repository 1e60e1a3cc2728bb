"""The journal of a run: samples appended to the evidence, then told to those who wait for them."""

from collections.abc import Callable, Sequence
from pathlib import Path

from constat.errors import OutsideError
from constat.history.changes import Changes
from constat.model import Evidence, Sample
from outside.evidence import signals, store

Tell = Callable[[Sequence[Sample]], None]


class Journal:
    """Records the samples of one run in a project, and tells of them once they have reached the disk."""

    def __init__(self, root: Path, *tells: Tell) -> None:
        self.count = 0
        self._root = root
        self._tells = tells

    def record(self, samples: Sequence[Sample]) -> None:
        """Append samples to the evidence, then tell of them.

        Raises:
            OutsideError: the disk did not do it; nothing was told.

        """
        store.append_samples(self._root, samples)
        self.count += len(samples)
        for tell in self._tells:
            tell(samples)


def signal_changes(root: Path, evidence: Evidence, vantage: str, log: Callable[[str], None]) -> Tell:
    """Tells whoever pushes when a sample changes what the evidence last knew of its check."""
    changes = Changes(evidence, vantage)

    def tell(samples: Sequence[Sample]) -> None:
        if not changes.take(samples):
            return
        try:
            signals.signal_change(root, samples[-1].at)
        except (
            OutsideError
        ) as error:  # the rows are written: that a word about them was not is no reason to stop
            log(str(error))

    return tell
