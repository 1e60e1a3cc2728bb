"""What the numbers say: seconds, availability, verdicts, outages, days."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from constat.interval import Instant, Interval
from constat.model.evidence import Latency
from constat.model.states import Status


@dataclass(frozen=True, slots=True)
class Seconds:
    """How the seconds of a window divide. `window = up + degraded + down + unknown`."""

    up: int = 0
    degraded: int = 0
    down: int = 0
    unknown: int = 0

    @property
    def window(self) -> int:
        """All seconds."""
        return self.up + self.degraded + self.down + self.unknown

    @property
    def observed(self) -> int:
        """The seconds of which something is known."""
        return self.up + self.degraded + self.down

    def by_name(self) -> dict[str, int]:
        """The window and how it divides, in the order of a statement (DESIGN 10)."""
        return {
            "window": self.window,
            "up": self.up,
            "degraded": self.degraded,
            "down": self.down,
            "unknown": self.unknown,
        }

    def __add__(self, other: "Seconds") -> "Seconds":
        return Seconds(
            self.up + other.up,
            self.degraded + other.degraded,
            self.down + other.down,
            self.unknown + other.unknown,
        )

    def __sub__(self, other: "Seconds") -> "Seconds":
        return Seconds(
            self.up - other.up,
            self.degraded - other.degraded,
            self.down - other.down,
            self.unknown - other.unknown,
        )


Verdict = Literal["met", "likely_met", "likely_missed", "missed", "unproven", "no_data"]


class Availability(NamedTuple):
    """Availability over a window with its bounds and coverage: shares in [0, 1], `None` where there is no data."""

    availability: Fraction | None
    lower: Fraction | None
    upper: Fraction | None
    coverage: Fraction | None


class Budget(NamedTuple):
    """The downtime that the promise allows, in seconds; `left_s` may be negative."""

    allowed_s: int
    spent_s: int
    left_s: int
    unknown_s: int


class Outage(NamedTuple):
    """A maximal stretch of down seconds, `maintenance_s` of them announced.

    `recovered`: at its end the service was seen to work again; else nothing is known of the seconds after it.
    """

    start: Instant
    end: Instant
    maintenance_s: int
    reason: str
    recovered: bool = False

    @property
    def seconds(self) -> int:
        """Its length."""
        return self.end - self.start


class Figures(NamedTuple):
    """The account of one service over one window (a month, 90 days): DESIGN 10.

    `verdict_all` and `verdict_without` belong to the two availabilities; `verdict` and `budget` are those of the one
    that `counts`. A window in progress has `None` for a verdict unless it is missed already.
    """

    service: str
    window: Interval
    counts: Literal["all", "without_maintenance"]
    target: Decimal
    min_coverage: Decimal
    seconds: Seconds
    maintenance: Seconds
    all: Availability
    without_maintenance: Availability
    verdict_all: Verdict | None
    verdict_without: Verdict | None
    verdict: Verdict | None
    budget: Budget
    expected: int
    made: int
    longest_gap_s: int
    outages: tuple[Outage, ...]
    in_progress: bool = False

    @property
    def counted(self) -> Availability:
        """The availability that the promise is held to."""
        return self.all if self.counts == "all" else self.without_maintenance


class Uncorrected(NamedTuple):
    """What the figures were before corrections (rule 8); `availability` is that of the figure that counts."""

    seconds: Seconds
    availability: Fraction | None


class Day(NamedTuple):
    """One day of one service, as its bar shows it (rule 17)."""

    date: date
    status: Status
    partial: bool
    seconds: Seconds
    maintenance: Seconds
    availability: Fraction | None
    latency: Latency | None = None
    existed: bool = True


class Standing(NamedTuple):
    """What is shown of a service now (rule 16).

    `since`: when the shown trouble (or the lack of data) began, `None` where nothing is wrong or nothing is known.
    `reported`: the status comes from an open incident, not from what we measured. `overrun`: announced to have ended
    while it is still down. `newest`: its latest sample. `recovered`: the end of an outage within the last hour.
    `notice`: the stem of the open notice that names it, if one does. `disputed`: of the places that we look from, some
    see it work and others see it down.
    """

    status: Status
    since: Instant | None = None
    reported: bool = False
    overrun: bool = False
    newest: Instant | None = None
    recovered: Outage | None = None
    notice: str | None = None
    disputed: bool = False
