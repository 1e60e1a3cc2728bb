"""The wall clock, or one that pretends another time."""

import time

from verbs.terminal.clock import start_clock


def test_without_a_time_to_pretend_it_is_the_clock_on_the_wall() -> None:
    assert start_clock(None) is time.time


def test_a_pretended_time_begins_when_it_is_first_read_and_goes_on() -> None:
    """A slow start must not shorten a watch."""
    wall = [5_000.25]
    clock = start_clock(100, lambda: wall[0])
    wall[0] = 5_007.25
    assert clock() == 100.25
    wall[0] += 60
    assert clock() == 160.25
