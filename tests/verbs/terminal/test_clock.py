"""The wall clock, or one that pretends another time."""

import time

from verbs.terminal.clock import start_clock


def test_clock_is_the_wall_clock_by_default() -> None:
    assert start_clock(None) is time.time


def test_pretended_time_starts_at_its_first_reading() -> None:
    """A slow start must not shorten a watch."""
    wall = [5_000.25]
    clock = start_clock(100, lambda: wall[0])
    wall[0] = 5_007.25
    assert clock() == 100.25
    wall[0] += 60
    assert clock() == 160.25
