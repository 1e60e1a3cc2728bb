"""The journal of a run: append samples to the evidence, then pass them to listeners."""

from collections.abc import Callable, Sequence
from pathlib import Path

from constat.errors import OutsideError
from constat.history.changes import Changes
from constat.model import Evidence, Sample
from outside.evidence import signals, store

Listener = Callable[[Sequence[Sample]], None]


class Journal:
    """Records the samples of one run, and passes them to listeners once they have reached the disk."""

    def __init__(self, root: Path, *listeners: Listener) -> None:
        self.count = 0
        self._root = root
        self._listeners = listeners

    def record(self, samples: Sequence[Sample]) -> None:
        """Append samples to the evidence, then pass them to the listeners.

        Raises:
            OutsideError: the disk failed; no listener was called.

        """
        store.append_samples(self._root, samples)
        self.count += len(samples)
        for listener in self._listeners:
            listener(samples)


def signal_changes(root: Path, evidence: Evidence, log: Callable[[str], None]) -> Listener:
    """Return a listener that signals a state change to the watch companion when a sample changes its check's outcome."""
    changes = Changes(evidence)

    def signal(samples: Sequence[Sample]) -> None:
        if not changes.take(samples):
            return
        try:
            signals.signal_change(root, samples[-1].at)
        except (
            OutsideError
        ) as error:  # the samples are safe on the disk, so a lost signal must not stop the run
            log(str(error))

    return signal
