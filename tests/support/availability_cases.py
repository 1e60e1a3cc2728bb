"""Small cases of one service, given in times of day: samples, promises, announcements and corrections."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from constat.availability import Account, build_account, build_days, compute_figures
from constat.interval import DAY_S, Instant, Interval, month_interval
from constat.model import (
    CheckRules,
    Correction,
    Day,
    Evidence,
    Figures,
    MaintenanceRules,
    MaintenanceVersion,
    Outcome,
    RecordedRules,
    Register,
    Sample,
    ServiceRules,
)
from tests.support.digests import digest_samples

SERVICE = "smtp"
UTC = ZoneInfo("UTC")
ZURICH = ZoneInfo("Europe/Zurich")
LONG_AGO = 0


def parse_time(text: str, zone: ZoneInfo = UTC) -> Instant:
    """Parse `2026-10-31 12:00` or `2026-10-31 12:00:01` on the wall clock of a zone; of two such instants, the first."""
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


def make_check_rules(affects: str = "availability", **changes: object) -> CheckRules:
    """Make the rules of a check: by default, made every minute from one vantage."""
    plain = CheckRules(affects=affects, interval_s=60, quorum=1, vantages=("lab",))  # type: ignore[arg-type]  # a literal in every caller
    return plain._replace(**changes)  # type: ignore[arg-type]  # the names of its fields


def make_rules(
    *, counts: bool = True, notice_s: int = 0, cap_s: int | None = None, **changes: object
) -> ServiceRules:
    """Make the rules of the service: by default, a promise of 99 % on one check."""
    plain = ServiceRules(
        interval_s=60,
        target=Decimal(99),
        min_coverage=Decimal(99),
        require="all",
        maintenance=MaintenanceRules(counts, notice_s, cap_s),
        checks={"main": make_check_rules()},
    )
    return plain._replace(**changes)  # type: ignore[arg-type]  # the names of its fields


def record_rules(held: ServiceRules | None, when: Instant = LONG_AGO) -> RecordedRules:
    """Make the register line that records rules of the service."""
    return RecordedRules(when, SERVICE, held)


def make_samples(
    start: Instant, end: Instant, outcome: str = "up", *, every: int = 60, **cells: str
) -> list[Sample]:
    """Make a sample at every multiple of an interval in `[start, end)`; `cells` override those of the standard sample."""
    seen = Outcome(outcome)
    why = "timeout after 10 s" if seen is Outcome.DOWN else ""
    one = Sample(start, SERVICE, "main", seen, 12, 1, every, "lab", why)._replace(**cells)  # type: ignore[arg-type]  # names of cells
    return [one._replace(at=when) for when in range(-(-start // every) * every, end, every)]


def announce_maintenance(
    published: Instant, starts: Instant, ends: Instant, **changes: str | bool | tuple[str, ...]
) -> MaintenanceVersion:
    """Make one version of a maintenance; `changes` override fields of the standard window."""
    plain = MaintenanceVersion(published, "2026-10-31-relay", (SERVICE,), starts, ends, cancelled=False)
    return plain._replace(**changes)  # type: ignore[arg-type]  # the names of its fields


def make_correction(
    start: Instant, end: Instant, becomes: str | None, when: Instant | None = None
) -> Correction:
    """Make a correction, recorded by default at the end of its stretch."""
    said = Outcome(becomes) if becomes else None
    link = "https://example.org/why"
    return Correction(
        when or end, SERVICE, start, end, said, date(2026, 10, 31), "the monitor was wrong", link
    )


NOW = parse_time("2026-12-01 00:00")


@dataclass(frozen=True)
class Case:
    """The samples and the register of one service."""

    samples: Iterable[Sample] = ()
    lines: tuple[RecordedRules, ...] = (record_rules(make_rules()),)
    notices: tuple[MaintenanceVersion, ...] = ()
    corrections: tuple[Correction, ...] = ()
    now: Instant = NOW
    zone: ZoneInfo = UTC
    late: Iterable[Sample] = ()

    @property
    def register(self) -> Register:
        """Its register."""
        return Register(services=self.lines, maintenance=self.notices, corrections=self.corrections)

    @property
    def evidence(self) -> Evidence:
        """Its evidence of the year before `now`."""
        window = Interval(self.now - 366 * DAY_S, self.now + 1)
        return digest_samples(self.samples, window, self.zone, self.now, self.late)

    def build_account(self) -> Account:
        """Build the account of the service."""
        return build_account(self.register, self.evidence, SERVICE, self.zone, self.now)

    def compute_month(self, month: str = "2026-10") -> Figures:
        """Compute the figures of a month."""
        return compute_figures(self.build_account(), month_interval(month, self.zone), self.now)

    def build_days(self, *dates: str) -> tuple[Day, ...]:
        """Build the bars of some days."""
        return build_days(self.build_account(), [date.fromisoformat(day) for day in dates], self.evidence)
