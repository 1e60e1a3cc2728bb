"""Which rows are late: those that no seal covers within 26 hours of the end of their UTC day.

What was sealed by then cannot have been written later, with hindsight.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from constat.history.paths import parse_day_path, utc_interval
from constat.interval import HOUR_S, Instant
from constat.model import Seal

SEALED_WITHIN_S = 26 * HOUR_S
"""How soon after the end of a UTC day a seal must be in the register for the rows that it covers to be on time."""


class OnTimePart(NamedTuple):
    """The part of a day file that is on time: its first `bytes`, and whatever is dated before `since`."""

    bytes: int
    since: Instant


class SourceMark(NamedTuple):
    """What is known of a day file without reading it: its size, and the part of it that is on time.

    With all bytes on time `on_time` is the size, and `since` 0.
    """

    size: int
    on_time: int
    since: Instant


@dataclass(frozen=True, slots=True)
class Punctuality:
    """The part of each day file that is on time, as far as that is decided at `now`.

    `begins`: the first seal of the register, `None` without one; nothing dated before it is late. `covered`: the bytes
    that seals within the deadline cover, by path.
    """

    now: Instant
    begins: Instant | None = None
    covered: Mapping[str, int] = field(default_factory=dict)

    def find_part(self, path: str) -> OnTimePart | None:
        """The part of a day file that is on time, `None` if all of it is."""
        day = utc_interval(parse_day_path(path))
        undecided = self.now - day.end <= SEALED_WITHIN_S
        if undecided or self.begins is None or self.begins >= day.end:
            return None
        return OnTimePart(self.covered.get(path, 0), max(self.begins, day.start))

    def mark(self, path: str, size: int) -> SourceMark:
        """Build the mark of a day file of a given size; with equal marks, its rows are judged equally."""
        part = self.find_part(path)
        return SourceMark(size, size, 0) if part is None or part.bytes >= size else SourceMark(size, *part)


def judge_punctuality(seals: Iterable[Seal], now: Instant) -> Punctuality:
    """Find what is on time, from the seals of the register in the order of its lines."""
    seals = tuple(seals)
    covered: dict[str, int] = {}
    for seal in seals:
        deadline = utc_interval(parse_day_path(seal.path)).end + SEALED_WITHIN_S
        if seal.recorded_at <= deadline:
            covered[seal.path] = max(seal.bytes, covered.get(seal.path, 0))
    return Punctuality(now, seals[0].recorded_at if seals else None, covered)
