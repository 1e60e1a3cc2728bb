"""The wall clock, which only the command line reads."""

import time
from collections.abc import Callable

from constat.interval import Instant


def start_clock(now: Instant | None, wall: Callable[[], float] = time.time) -> Callable[[], float]:
    """Return the wall clock; with `now`, one that reads `now` at its first reading and goes on from there."""
    if now is None:
        return wall
    offset: int | None = None

    def read() -> float:
        nonlocal offset
        if offset is None:
            offset = now - int(wall())
        return wall() + offset

    return read
