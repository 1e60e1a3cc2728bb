"""Outcomes of checks, statuses that are shown, and samples."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from constat.interval import Instant


class Outcome(StrEnum):
    """The outcome of a check, and the state of a service at one second. `UNKNOWN` is our fault; a timeout is `DOWN`."""

    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"
    UNKNOWN = "unknown"


GRAVEST_FIRST = (Outcome.DOWN, Outcome.DEGRADED, Outcome.UP, Outcome.UNKNOWN)
"""Known outcomes before the unknown one, the worst first."""


class Status(StrEnum):
    """The status that is shown. `worst` orders statuses; `NO_DATA` is outside the order."""

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
"""The status of an outcome where neither maintenance nor a notice decides."""

_GRAVITY = (Status.NO_DATA, Status.OPERATIONAL, Status.MAINTENANCE, Status.DEGRADED, Status.OUTAGE)


def worst(*statuses: Status) -> Status:
    """The gravest of some statuses; `NO_DATA` only if there is no other. The only such rule in the code base."""
    return max(statuses, key=_GRAVITY.index, default=Status.NO_DATA)


class Sample(NamedTuple):
    """One row of evidence. Times in whole seconds UTC, latency in milliseconds."""

    at: Instant
    service: str
    check: str
    outcome: Outcome
    latency_ms: int
    attempts: int
    interval_s: int
    vantage: str
    reason: str = ""
