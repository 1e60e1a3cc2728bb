"""What a check sees, what people are shown, and one row of evidence."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from constat.interval import Instant


class Outcome(StrEnum):
    """What a check saw, and what a service was at one second. `UNKNOWN` is our fault; a timeout is `DOWN`."""

    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"
    UNKNOWN = "unknown"


GRAVEST_FIRST = (Outcome.DOWN, Outcome.DEGRADED, Outcome.UP, Outcome.UNKNOWN)
"""What is known before what is not, and of what is known the worst first."""


class Status(StrEnum):
    """What people are shown. Ordered by `worst`; `NO_DATA` stands outside the order."""

    OPERATIONAL = "operational"
    MAINTENANCE = "maintenance"
    DEGRADED = "degraded"
    OUTAGE = "outage"
    NO_DATA = "no_data"


OUTCOME_STATUS: Mapping[Outcome, Status] = {
    Outcome.UP: Status.OPERATIONAL,
    Outcome.DEGRADED: Status.DEGRADED,
    Outcome.DOWN: Status.OUTAGE,
    Outcome.UNKNOWN: Status.NO_DATA,
}
"""What people are shown of an outcome that nothing else explains."""

_GRAVITY = (Status.NO_DATA, Status.OPERATIONAL, Status.MAINTENANCE, Status.DEGRADED, Status.OUTAGE)


def worst(*statuses: Status) -> Status:
    """The gravest of some statuses; `NO_DATA` only where nothing else is said. The only such rule in the code base."""
    return max(statuses, key=_GRAVITY.index, default=Status.NO_DATA)


class Sample(NamedTuple):
    """One row of evidence (DESIGN 4). Times in whole seconds UTC, latency in milliseconds."""

    at: Instant
    service: str
    check: str
    outcome: Outcome
    latency_ms: int
    attempts: int
    interval_s: int
    vantage: str
    reason: str = ""
