"""From when a line of the register counts: its effective time, and which lines are void.

A line's own `at` is its writer's word. What others can rely on is the order of the lines: a line counts from the latest
`at` of it and of all lines before it that count. A line is void if it claims to be later than the seal that
follows it, or than the present where none does, by more than clocks may differ.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple, Protocol

from constat.interval import HOUR_S, MINUTE_S, WEEK_S, Instant, format_instant
from constat.model import CLOCK_TOLERANCE_S

FAR_BEHIND_S = HOUR_S
"""Pushes that cross leave a line some minutes behind its effective time; more than this, a clock was wrong, or somebody dated it back."""
REPORTED_FOR_S = WEEK_S
"""For how long a line that is far behind is reported: it stays in the register for ever."""


class Timed(Protocol):
    """A line of the register."""

    @property
    def number(self) -> int:
        """Its number in the file, counted from 1."""

    @property
    def at(self) -> Instant:
        """Its own time."""

    @property
    def is_seal(self) -> bool:
        """Whether it is a seal."""


class VoidLine(NamedTuple):
    """A line that counts for nothing, and the first seal after it that counts (`None`: the present, `limit`)."""

    number: int
    own: Instant
    seal: int | None
    limit: Instant

    def __str__(self) -> str:
        reference = f"the seal on line {self.seal}" if self.seal else "now"
        return (
            f"it counts for nothing: it is dated {format_instant(self.own)}, more than "
            f"{CLOCK_TOLERANCE_S // MINUTE_S} minutes after {reference} ({format_instant(self.limit)})"
        )


def find_void_lines(lines: Sequence[Timed], now: Instant) -> dict[int, VoidLine]:
    """The void lines among the lines of a register in the order of the file, by number."""
    void: dict[int, VoidLine] = {}
    limit, seal = now, None
    for line in reversed(lines):
        if line.at > limit + CLOCK_TOLERANCE_S:
            void[line.number] = VoidLine(line.number, line.at, seal, limit)
        elif line.is_seal:
            limit, seal = line.at, line.number
    return void


def compute_effective_times(lines: Iterable[Timed]) -> Iterator[Instant]:
    """The effective times of lines that are not void, in the order of the file."""
    return accumulate((line.at for line in lines), max)


def is_backdated(own: Instant, effective: Instant, now: Instant) -> bool:
    """Tell whether a line has been recorded lately, with a time far behind the one from which it counts."""
    return effective - own > FAR_BEHIND_S and effective > now - REPORTED_FOR_S
