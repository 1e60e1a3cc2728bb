"""What rows say second by second: when the service was recorded as down, and how much time was covered."""

from collections.abc import Iterable
from typing import NamedTuple

from constat.interval import Instant, Interval, merge, subtract
from constat.model import Outcome
from constat.model.imported import ImportedRow


class RecordedSpans(NamedTuple):
    """The time for which rows speak, each a merged sequence.

    `down` and `degraded`: by samples or changes, no second in both. `looked`: covered by samples whose outcome is known.
    `told`: from one recorded change to the next where the outcome is known.
    """

    down: tuple[Interval, ...]
    degraded: tuple[Interval, ...]
    looked: tuple[Interval, ...]
    told: tuple[Interval, ...]

    @property
    def until(self) -> Instant | None:
        """The second at which the last span ends."""
        return max((spans[-1].end for spans in (self.looked, self.told) if spans), default=None)


def find_spans(rows: Iterable[ImportedRow]) -> RecordedSpans:
    """Find what rows say of the time. Counts say nothing of when, and a row without an end says nothing of what follows."""
    timed = [row for row in rows if row.basis != "counts" and row.end is not None]
    down = _merge(row for row in timed if row.outcome is Outcome.DOWN)
    degraded = _merge(row for row in timed if row.outcome is Outcome.DEGRADED)
    samples = (row for row in timed if row.basis == "samples" and row.outcome is not Outcome.UNKNOWN)
    changes = (row for row in timed if row.basis == "changes" and row.outcome is not Outcome.UNKNOWN)
    return RecordedSpans(down, subtract(degraded, down), _merge(samples), _merge(changes))


def _merge(rows: Iterable[ImportedRow]) -> tuple[Interval, ...]:
    return merge(Interval(row.start, row.end) for row in rows if row.end is not None)
