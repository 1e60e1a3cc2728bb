"""The promised checks: how many slots were due, and in how many a check was made (decision 9)."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import accumulate
from operator import sub
from typing import NamedTuple

from constat.availability.account import Account
from constat.availability.tracks import split_into_epochs
from constat.interval import Interval, intersect
from constat.model import SlotRun


def count_slots(account: Account, span: Interval) -> tuple[int, int]:
    """Count the slots that begin in a span, of all checks that affect availability: those due, and those with a sample."""
    expected = made = 0
    lived = account.clip_existence(span)
    for epoch in split_into_epochs(account.rules, account.firsts, span):
        spans = intersect((epoch.span,), lived)
        for name, check in epoch.checks:
            if check.affects != "availability":
                continue
            begun = find_made_slots(account.slots.get(name, ()), check.interval_s)
            for part in spans:
                due = _slots_in(part, check.interval_s)
                expected += due.seconds
                made += begun.count(due)
    return expected, made


def _slots_in(part: Interval, interval_s: int) -> Interval:
    """The numbers `[first, end)` of the slots that begin in a span."""
    return Interval(-(-part.start // interval_s), -(-part.end // interval_s))


class MadeSlots(NamedTuple):
    """The numbers of the slots with a known sample, as merged ranges `[starts[i], ends[i])`.

    `before[i]`: how many slots lie in the ranges before the i-th.
    """

    starts: list[int]
    ends: list[int]
    before: list[int]

    def count(self, due: Interval) -> int:
        """The number of slots in a range that have a sample."""
        return self._until(due.end) - self._until(due.start)

    def _until(self, end: int) -> int:
        begun = bisect_left(self.starts, end)
        return self.before[begun] - max(0, self.ends[begun - 1] - end) if begun else 0


def find_made_slots(runs: Iterable[SlotRun], interval_s: int) -> MadeSlots:
    """The slots of one length that have a sample, whatever the intervals at which the samples were taken."""
    starts: list[int] = []
    ends: list[int] = []
    for start, end in sorted(_ranges(runs, interval_s)):
        if ends and start <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    return MadeSlots(starts, ends, list(accumulate(map(sub, ends, starts), initial=0)))


def _ranges(runs: Iterable[SlotRun], interval_s: int) -> Iterator[tuple[int, int]]:
    """The ranges `[start, end)` of slots that the runs fill."""
    for taken_s, first, last in runs:
        low, high = first * taken_s // interval_s, last * taken_s // interval_s
        if taken_s <= interval_s:  # so dense that every slot on the way holds one
            yield low, high + 1
        else:
            yield from (
                (slot, slot + 1) for slot in (n * taken_s // interval_s for n in range(first, last + 1))
            )
