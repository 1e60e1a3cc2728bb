"""The clock on the wall, which only the command line reads."""

import time
from collections.abc import Callable

from constat.interval import Instant


def start_clock(now: Instant | None, wall: Callable[[], float] = time.time) -> Callable[[], float]:
    """The clock on the wall; where it is to pretend another time, one that shows that time when it is first read."""
    if now is None:
        return wall
    offset: int | None = None

    def read() -> float:
        nonlocal offset
        if offset is None:
            offset = now - int(wall())
        return wall() + offset

    return read
