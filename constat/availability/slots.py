"""The cadence kept: how many checks were due, and how many were made (DESIGN 10)."""

from collections.abc import Iterable, Iterator

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
                first, end = _slots_in(part, check.interval_s)
                expected += end - first
                made += total(clip(begun, Interval(first, end)))
    return expected, made


def _slots_in(part: Interval, interval_s: int) -> tuple[int, int]:
    """The numbers `[first, end)` of the slots that begin in an interval."""
    return -(-part.start // interval_s), -(-part.end // interval_s)


def made_slots(runs: Iterable[SlotRun], interval_s: int) -> tuple[Interval, ...]:
    """The numbers of the slots of an interval in which a sample says something, as merged ranges `[first, end)`."""
    return merge(part for run in runs for part in _numbers(run, interval_s))


def _numbers(run: SlotRun, interval_s: int) -> Iterator[Interval]:
    """The slots that hold the samples of a run; where these are dense, every slot on the way holds one."""
    if run.interval_s <= interval_s:
        yield Interval(run.first * run.interval_s // interval_s, run.last * run.interval_s // interval_s + 1)
        return
    for n in range(run.first, run.last + 1):
        slot = n * run.interval_s // interval_s
        yield Interval(slot, slot + 1)
