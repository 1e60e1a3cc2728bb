"""The promised checks, by vantage: how many slots were due, and in how many a check was made (decision 9)."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from operator import sub
from typing import NamedTuple

from constat.availability.account import Account
from constat.availability.tracks import split_into_epochs
from constat.interval import Interval, intersect, merge, subtract, total
from constat.model import CheckCount, SlotRun, Slots

_KEPT = 32
"""How many recent look-ups are cached: each window of a service counts the slots of the same few checks."""


def count_slots(account: Account, span: Interval) -> dict[str, CheckCount]:
    """Count the slots that begin in the agreed seconds of a span: those due from each vantage, and those with a sample.

    Only checks that affect availability count, each from its first sample from any vantage (rule 5). A vantage
    from which none was due, because its rules held for less than a slot, is not named.
    """
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    agreed = account.clip_agreed(span)
    for epoch in split_into_epochs(account.rules, account.firsts, span):
        spans = intersect((epoch.span,), agreed)
        for name, check in epoch.checks if spans else ():
            if check.affects != "availability":
                continue
            due = [_number_slots(part, check.interval_s) for part in spans]
            for vantage in check.vantages:
                begun = find_filled_slots(account.slots.get((name, vantage), Slots()), check.interval_s)
                counts[vantage][0] += total(due)
                counts[vantage][1] += sum(begun.count(part) for part in due)
    return {vantage: CheckCount(*counts[vantage]) for vantage in sorted(counts) if counts[vantage][0]}


def _number_slots(part: Interval, interval_s: int) -> Interval:
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
        return self._count_until(due.end) - self._count_until(due.start)

    def _count_until(self, end: int) -> int:
        begun = bisect_left(self.starts, end)
        return self.before[begun] - max(0, self.ends[begun - 1] - end) if begun else 0


@lru_cache(maxsize=_KEPT)
def find_filled_slots(slots: Slots, interval_s: int) -> MadeSlots:
    """The slots of one length in which a check was made: those with a known sample on time.

    A late sample counts only in a slot without any sample on time, whatever its outcome.
    """
    made = find_slots(slots.known, interval_s)
    if not slots.late:
        return _count_up(made)
    taken = find_slots(slots.unknown, interval_s)
    return _count_up(merge((*made, *subtract(find_slots(slots.late, interval_s), taken))))


def find_slots(runs: Iterable[SlotRun], interval_s: int) -> tuple[Interval, ...]:
    """The numbers of the slots of one length that hold a sample, whatever the intervals at which samples were taken."""
    return merge(Interval(start, end) for start, end in _list_ranges(runs, interval_s))


def _count_up(made: Sequence[Interval]) -> MadeSlots:
    starts, ends = [slot.start for slot in made], [slot.end for slot in made]
    return MadeSlots(starts, ends, list(accumulate(map(sub, ends, starts), initial=0)))


def _list_ranges(runs: Iterable[SlotRun], interval_s: int) -> Iterator[tuple[int, int]]:
    """The ranges `[start, end)` of slots that the runs fill."""
    for taken_s, first, last in runs:
        low, high = first * taken_s // interval_s, last * taken_s // interval_s
        if taken_s <= interval_s:  # so dense that every slot in between holds one
            yield low, high + 1
        else:
            yield from (
                (slot, slot + 1) for slot in (n * taken_s // interval_s for n in range(first, last + 1))
            )
