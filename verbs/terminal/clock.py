"""The time: the wall clock, which only the command line reads, and times as people write them."""

import argparse
import time
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from constat.interval import FIRST_YEAR, LAST_YEAR, Instant


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


def parse_time(text: str) -> datetime:
    """Parse a time in ISO 8601, with or without an offset.

    Raises:
        argparse.ArgumentTypeError: it is not such a time.

    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise argparse.ArgumentTypeError(f"{text!r} is not a valid time; write it as 2026-11-23T10:15+01:00")
    return moment


def resolve_time(moment: datetime, zone: Callable[[], ZoneInfo]) -> Instant:
    """Return the instant of a time; one without an offset is in the page's time zone, which `zone` returns."""
    return int((moment if moment.tzinfo else moment.replace(tzinfo=zone())).timestamp())
