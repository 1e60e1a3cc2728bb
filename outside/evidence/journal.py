"""The journal of a run: samples appended to the evidence, then handed to those who wait for them."""

from collections.abc import Callable, Sequence
from pathlib import Path

from constat.errors import OutsideError
from constat.history.changes import Changes
from constat.model import Evidence, Sample
from outside.evidence import signals, store

Listener = Callable[[Sequence[Sample]], None]


class Journal:
    """Records the samples of one run in a project, and hands them on once they have reached the disk."""

    def __init__(self, root: Path, *listeners: Listener) -> None:
        self.count = 0
        self._root = root
        self._listeners = listeners

    def record(self, samples: Sequence[Sample]) -> None:
        """Append samples to the evidence, then hand them on.

        Raises:
            OutsideError: the disk did not do it; nobody heard of them.

        """
        store.append_samples(self._root, samples)
        self.count += len(samples)
        for hear in self._listeners:
            hear(samples)


def signal_changes(root: Path, evidence: Evidence, vantage: str, log: Callable[[str], None]) -> Listener:
    """A listener that signals to whoever pushes when a sample changes what the evidence last knew of its check."""
    changes = Changes(evidence, vantage)

    def hear(samples: Sequence[Sample]) -> None:
        if not changes.take(samples):
            return
        try:
            signals.signal_change(root, samples[-1].at)
        except OutsideError as error:  # the rows are written: a signal that failed is no reason to stop
            log(str(error))

    return hear
