"""The results of counting: seconds, availability, verdicts, outages, days."""

from collections.abc import Mapping
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
    """The seconds of a window by state: `window = up + degraded + down + unknown`."""

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
        """The seconds whose state is known."""
        return self.up + self.degraded + self.down

    def by_name(self) -> dict[str, int]:
        """The window and its seconds by state, in the order of a statement."""
        return {
            "window": self.window,
            "up": self.up,
            "degraded": self.degraded,
            "down": self.down,
            "unknown": self.unknown,
        }

    def __add__(self, other: "Seconds") -> "Seconds":
        if other is NO_SECONDS:
            return self
        return Seconds(
            self.up + other.up,
            self.degraded + other.degraded,
            self.down + other.down,
            self.unknown + other.unknown,
        )

    def __sub__(self, other: "Seconds") -> "Seconds":
        if other is NO_SECONDS:
            return self
        return Seconds(
            self.up - other.up,
            self.degraded - other.degraded,
            self.down - other.down,
            self.unknown - other.unknown,
        )


NO_SECONDS = Seconds()
"""The seconds of nothing, such as of the maintenance of most days: adding or taking them away costs nothing."""

Verdict = Literal["met", "likely_met", "likely_missed", "missed", "unproven", "no_data"]


class Availability(NamedTuple):
    """Availability over a window, with its bounds and coverage (rule 11): shares in [0, 1], `None` without data."""

    availability: Fraction | None
    lower: Fraction | None
    upper: Fraction | None
    coverage: Fraction | None


class Budget(NamedTuple):
    """The downtime that the promise allows, in seconds (rule 14); `left_s` may be negative."""

    allowed_s: int
    spent_s: int
    left_s: int
    unknown_s: int


class Outage(NamedTuple):
    """A maximal stretch of down seconds, `maintenance_s` of them in announced maintenance.

    `recovered`: at its end the service was seen working again. `cut_off`: it was still down there, and only the agreed
    hours ended (rule 18). Otherwise nothing is known of the seconds after it.
    """

    start: Instant
    end: Instant
    maintenance_s: int
    reason: str
    recovered: bool = False
    cut_off: bool = False

    @property
    def seconds(self) -> int:
        """Its length."""
        return self.end - self.start


class CheckCount(NamedTuple):
    """How many checks were promised from one vantage, and how many of them were made."""

    expected: int
    made: int


class CreditDue(NamedTuple):
    """What a table of credits gives (rule 19), in percent: by the observed figure, and by the upper bound.

    0 where no row applies, `None` where there is nothing to compare.
    """

    observed: Decimal | None
    certain: Decimal | None


class Figures(NamedTuple):
    """The figures of one service over one window, such as a month or 90 days (rules 10 to 14, 18 and 19).

    `verdict_all` and `verdict_without` belong to the two availabilities; `verdict` and `budget` are those of the one
    that `counts`. While a window is in progress, a verdict is `None` unless the promise is missed already; without a
    target there is neither verdict nor budget. `vantages`: the checks promised and made from each vantage. `late_s`: the
    seconds that are known from late rows alone. `credit` is `None` without a table of credits.
    """

    service: str
    window: Interval
    counts: Literal["all", "without_maintenance"]
    target: Decimal | None
    min_coverage: Decimal
    seconds: Seconds
    maintenance: Seconds
    all: Availability
    without_maintenance: Availability
    verdict_all: Verdict | None
    verdict_without: Verdict | None
    verdict: Verdict | None
    budget: Budget | None
    vantages: Mapping[str, CheckCount]
    longest_gap_s: int
    outages: tuple[Outage, ...]
    credit: CreditDue | None = None
    late_s: int = 0
    in_progress: bool = False

    @property
    def expected(self) -> int:
        """The checks promised, from all vantages."""
        return sum(count.expected for count in self.vantages.values())

    @property
    def made(self) -> int:
        """The promised checks that were made, from all vantages."""
        return sum(count.made for count in self.vantages.values())

    @property
    def counted(self) -> Availability:
        """The availability that the promise is held to."""
        return self.all if self.counts == "all" else self.without_maintenance

    @property
    def counts_nothing(self) -> bool:
        """Whether no second of the window is held to the promise: none is agreed, or all of them are left out."""
        return self.counted.coverage is None


class Uncorrected(NamedTuple):
    """The figures before corrections (rule 8); `availability` is that of the figure that counts."""

    seconds: Seconds
    availability: Fraction | None


class Day(NamedTuple):
    """One day of one service (rule 17). `existed`: whether the service existed on it at all.

    `seconds` and `maintenance` are the agreed ones. Those outside the agreed hours (rule 18) are `outside` and
    `outside_maintenance`; a bar goes by both.
    """

    date: date
    status: Status
    partial: bool
    seconds: Seconds
    maintenance: Seconds
    availability: Fraction | None
    latency: Latency | None = None
    existed: bool = True
    outside: Seconds = NO_SECONDS
    outside_maintenance: Seconds = NO_SECONDS

    @property
    def whole(self) -> Seconds:
        """All seconds of the day in which the service existed."""
        return self.seconds + self.outside

    @property
    def bad(self) -> Seconds:
        """All seconds of the day outside announced maintenance."""
        return self.whole - self.maintenance - self.outside_maintenance


class Silence(NamedTuple):
    """A vantage whose newest sample, at `since`, is too old to speak of the present.

    `None` where the evidence at hand holds no sample of it: it has never looked, or not for a long time.
    """

    vantage: str
    since: Instant | None


class Views(NamedTuple):
    """What each of a service's vantages says of it now; empty where it has only one.

    `looking`: those that are not `silent`. Of these, `down` see a check fail, and `working` see none fail and one answer.
    """

    looking: tuple[str, ...] = ()
    down: tuple[str, ...] = ()
    working: tuple[str, ...] = ()
    silent: tuple[Silence, ...] = ()

    @property
    def differ(self) -> bool:
        """Whether some vantages see the service down and others see it working."""
        return bool(self.down and self.working)


class Standing(NamedTuple):
    """The current status of a service, as it is shown (rule 16).

    `since`: when the trouble (or the lack of data) began, `None` where nothing is wrong or nothing is known.
    `reported`: the status comes from an open incident, not from our measurements. `overrun`: announced maintenance has
    ended, and the service is still down. `newest`: the time of its latest sample. `recovered`: an outage that ended
    within the last hour. `notice`: the stem of the open incident that determines the status, if one does. `disputed`:
    some vantages see the service working while others see it down. `views`: which ones. `unwatched`: it has no check, and
    is shown by what notices say of it.
    """

    status: Status
    since: Instant | None = None
    reported: bool = False
    overrun: bool = False
    newest: Instant | None = None
    recovered: Outage | None = None
    notice: str | None = None
    disputed: bool = False
    views: Views = Views()
    unwatched: bool = False
