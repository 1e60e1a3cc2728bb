"""The cadence kept: how many checks were due, and how many were made (DESIGN 10)."""

from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple

from constat.availability.account import Account
from constat.availability.states import epochs
from constat.interval import Interval, clip, intersect, merge, total
from constat.model import SlotRun


def slots(account: Account, span: Interval) -> tuple[int, int]:
    """The slots of the checks that affect availability which begin in a span: expected, and of these made."""
    expected = made = 0
    lived = account.lived(span)
    for epoch in epochs(account.rules, account.firsts, span):
        spans = intersect((epoch.span,), lived)
        for name, check in epoch.checks:
            if check.affects != "availability":
                continue
            begun = made_slots(account.slots.get(name, ()), check.interval_s)
            for part in spans:
                due = _slots_in(part, check.interval_s)
                expected += due.seconds
                made += begun.count(due)
    return expected, made


def _slots_in(part: Interval, interval_s: int) -> Interval:
    """The numbers `[first, end)` of the slots that begin in an interval of time."""
    return Interval(-(-part.start // interval_s), -(-part.end // interval_s))


class MadeSlots(NamedTuple):
    """The numbers of the slots in which a sample says something: merged ranges, and single ones outside them."""

    ranges: tuple[Interval, ...]
    singles: list[int]

    def count(self, due: Interval) -> int:
        """How many of a range of slots were made."""
        lone = bisect_left(self.singles, due.end) - bisect_left(self.singles, due.start)
        return total(clip(self.ranges, due)) + lone


def made_slots(runs: Iterable[SlotRun], interval_s: int) -> MadeSlots:
    """The slots of one length that were made, whatever the intervals at which the samples were taken."""
    ranges: list[Interval] = []
    singles: set[int] = set()
    for run in runs:
        low, high = run.first * run.interval_s // interval_s, run.last * run.interval_s // interval_s
        if low == high:
            singles.add(low)
        elif run.interval_s <= interval_s:  # so dense that every slot on the way holds one
            ranges.append(Interval(low, high + 1))
        else:
            singles.update(n * run.interval_s // interval_s for n in range(run.first, run.last + 1))
    merged = merge(ranges)
    for held in clip(merged, Interval(min(singles, default=0), max(singles, default=0) + 1)):
        singles.difference_update(range(*held))
    return MadeSlots(merged, sorted(singles))
