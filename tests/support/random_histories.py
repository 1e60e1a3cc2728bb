"""Short random histories for hypothesis: samples, rules that change, maintenance and corrections of one service."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from constat.interval import DAY_S, Instant
from constat.model import (
    CheckRules,
    Correction,
    Credit,
    Hours,
    MaintenanceRules,
    MaintenanceVersion,
    Outcome,
    RecordedRules,
    Register,
    Sample,
    ServiceRules,
)

SERVICE = "smtp"
CHECKS = ("main", "second", "third")
VANTAGES = ("lab", "far", "sea")
HOUR = 3600

CREDITS = tuple(
    Credit(Decimal(below), Decimal(percent)) for below, percent in (("99.9", 5), (99, "12.5"), (40, 100))
)
_DAILY, _NOT_SUNDAY = tuple(range(7)), (0, 1, 2, 3, 4, 5)
AGREED = (
    (Hours("", _DAILY, time(22, 30), time(4), "Europe/Zurich", (date(2026, 10, 31),)),),
    (
        Hours("", _NOT_SUNDAY, time(6), time(18, 30), "America/New_York", ()),
        Hours("", _DAILY, time(22, 30), time(1), "+01:00", (date(2026, 10, 25),)),
    ),
    (Hours("", (6,), time(0), time(0), "Australia/Lord_Howe", ()),),
)
"""Agreed hours: over midnight with a holiday, two regions that overlap for an hour or two, whole Sundays."""

Draw = st.DrawFn
Seat = tuple[str, str]
"""A check and a vantage."""


@dataclass(frozen=True)
class Profile:
    """The length of the histories and the intervals of the checks."""

    spans: tuple[int, ...]
    intervals: tuple[int, ...]


HOURS = Profile(spans=(HOUR, 2 * HOUR, 6 * HOUR), intervals=(20, 60, 90, 300))
EVENING = Profile(spans=(4 * HOUR,), intervals=(60, 90, 300))
DAYS = Profile(spans=(72 * HOUR,), intervals=(900, 1800, 3600))


@dataclass(frozen=True)
class History:
    """One service's evidence and register at `now`. `starts`: roughly where the evidence begins."""

    zone: ZoneInfo
    starts: Instant
    now: Instant
    samples: list[Sample]
    register: Register
    late: list[Sample] = field(default_factory=list)


def _at(zone: ZoneInfo, *parts: int) -> Instant:
    return int(datetime(*parts, tzinfo=zone).timestamp())  # type: ignore[misc,arg-type]  # year, month, day, hour


ZURICH, NEW_YORK = ZoneInfo("Europe/Zurich"), ZoneInfo("America/New_York")
LORD_HOWE, GREENWICH = ZoneInfo("Australia/Lord_Howe"), ZoneInfo("UTC")
EDGES = (
    (GREENWICH, _at(GREENWICH, 2026, 2, 28, 22)),  # a month's end
    (ZURICH, _at(ZURICH, 2026, 10, 31, 22)),
    (ZURICH, _at(ZURICH, 2026, 10, 25, 0)),  # 25 hours
    (ZURICH, _at(ZURICH, 2027, 3, 28, 0)),  # 23 hours
    (NEW_YORK, _at(NEW_YORK, 2026, 10, 31, 22)),  # a month's end hours before the clocks change
    (LORD_HOWE, _at(LORD_HOWE, 2026, 4, 5, 0)),  # 24 and a half
    (LORD_HOWE, _at(LORD_HOWE, 2026, 9, 30, 21)),
)
MONTH_ENDS = (EDGES[0], EDGES[1], EDGES[4], EDGES[6])
"""Instants at which at most three hours of a month are left, so that an evening reaches into the next."""
NIGHTS = (
    (ZURICH, _at(ZURICH, 2026, 10, 31, 3)),  # an hour before the agreed hours of the night end, and a holiday
    (ZURICH, _at(ZURICH, 2026, 10, 25, 1)),  # and the night of 25 hours
    (ZURICH, _at(ZURICH, 2026, 10, 30, 22)),  # two regions overlap from 23:30 to 00:30
    (ZURICH, _at(ZURICH, 2027, 2, 28, 22)),  # half an hour before they begin, and the month's end
)
"""Instants near the edges of agreed hours, one of them before a change of clocks."""
CHANGES_OF_CLOCKS = (
    (ZURICH, _at(ZURICH, 2026, 10, 24, 0)),
    (NEW_YORK, _at(NEW_YORK, 2026, 10, 31, 0)),
    (LORD_HOWE, _at(LORD_HOWE, 2026, 10, 3, 0)),
)

outcomes = st.sampled_from([*Outcome, Outcome.UP, Outcome.UP, Outcome.DOWN])


@st.composite
def seat_samples(draw: Draw, seat: Seat, starts: Instant, now: Instant, profile: Profile) -> list[Sample]:
    """The samples of one check from one vantage: stretches of one outcome, gaps, changes of interval, samples outside their slot."""
    check, vantage = seat
    interval = draw(st.sampled_from(profile.intervals))
    at = starts + draw(st.integers(0, 6)) * draw(st.sampled_from([1, interval, interval * 5]))
    at = at // interval * interval + draw(st.sampled_from([0, 0, 0, 3]))
    rows: list[Sample] = []
    while at <= now:
        outcome = draw(st.one_of(outcomes, st.none()))
        length = draw(st.integers(1, 40))
        for _ in range(length):
            if outcome is not None and at <= now:
                rows.append(_row(at, check, outcome, interval, vantage))
            at += interval
        at += draw(st.sampled_from([0, 0, 0, 1, 7]))
        if draw(st.integers(0, 5)) == 0:
            interval = draw(st.sampled_from(profile.intervals))
    return rows


def _row(at: Instant, check: str, outcome: Outcome, interval_s: int, vantage: str) -> Sample:
    reason = f"{check} {vantage} {at}" if outcome is Outcome.DOWN else ""
    return Sample(at, SERVICE, check, outcome, 12, 1, interval_s, vantage, reason)


@st.composite
def check_rules(draw: Draw, profile: Profile) -> CheckRules:
    """The rules of a check: any of those that are possible."""
    vantages = draw(st.sampled_from([("lab",), ("lab", "far"), ("far", "lab"), ("sea", "lab", "far")]))
    return CheckRules(
        affects=draw(
            st.sampled_from(["availability", "availability", "availability", "performance", "nothing"])
        ),
        interval_s=draw(st.sampled_from(profile.intervals)),
        quorum=draw(st.integers(1, len(vantages))),
        vantages=vantages,
    )


@st.composite
def service_rules(draw: Draw, profile: Profile, today: date) -> ServiceRules:
    """Rules of any kind; most of them without `since` and `retired`."""
    names = draw(st.lists(st.sampled_from(CHECKS), min_size=1, max_size=3, unique=True))
    near = st.sampled_from([today, today + timedelta(days=1)])
    rarely = draw(st.integers(0, 4))
    return ServiceRules(
        interval_s=60,
        target=draw(st.sampled_from([Decimal(0), Decimal(50), Decimal("99.95"), Decimal(100)])),
        min_coverage=draw(st.sampled_from([Decimal(20), Decimal(90), Decimal(100)])),
        require=draw(st.sampled_from(["all", "any"])),
        maintenance=MaintenanceRules(
            counts=draw(st.booleans()),
            notice_s=draw(st.sampled_from([0, 0, 600, HOUR])),
            cap_s=draw(st.sampled_from([None, None, 1, 700, HOUR])),
        ),
        checks={name: draw(check_rules(profile)) for name in names},
        since=draw(near) if rarely == 0 else None,
        retired=draw(near) if rarely == 1 else None,
        hours=draw(st.sampled_from([(), (), *AGREED])),
        credits=draw(st.sampled_from([(), CREDITS])),
    )


@st.composite
def recorded_rules(
    draw: Draw, profile: Profile, starts: Instant, now: Instant, today: date
) -> tuple[RecordedRules, ...]:
    """The rules over time: changed, removed and recorded again, some perhaps later than now."""
    first = draw(service_rules(profile, today))
    ats = sorted(draw(st.lists(st.integers(starts - 600, now + 60), min_size=1, max_size=5)))
    lines = [RecordedRules(ats[0], SERVICE, first)]
    for at in ats[1:]:
        change = draw(st.integers(0, 4))
        before = next(line.rules for line in reversed(lines) if line.rules is not None)
        rules: ServiceRules | None = draw(service_rules(profile, today))
        if change == 0:
            rules = None
        elif change == 1:
            rules = before
        elif change == 2:
            rules = before._replace(checks={name: draw(check_rules(profile)) for name in before.checks})
        lines.append(RecordedRules(at, SERVICE, rules))
    return tuple(lines)


@st.composite
def maintenance(draw: Draw, starts: Instant, now: Instant) -> tuple[MaintenanceVersion, ...]:
    """A few notices, each with its versions: announced early or late, moved, lengthened, cancelled, for other services."""
    lines: list[MaintenanceVersion] = []
    for number in range(draw(st.integers(0, 3))):
        begins = draw(st.integers(starts - 600, now))
        version = MaintenanceVersion(
            at=begins - draw(st.sampled_from([-1, 0, 599, 600, HOUR - 1, HOUR, 2 * HOUR])),
            slug=f"2026-01-01-work-{number}",
            services=draw(st.sampled_from([(SERVICE,), (SERVICE,), ("api", SERVICE), ("api",)])),
            starts=begins,
            ends=begins + draw(st.integers(1, 3 * HOUR)),
            cancelled=False,
        )
        lines.append(version)
        for _ in range(draw(st.integers(0, 2))):
            version = draw(changed(version, now))
            lines.append(version)
    return tuple(sorted(lines, key=lambda line: line.at))


@st.composite
def changed(draw: Draw, version: MaintenanceVersion, now: Instant) -> MaintenanceVersion:
    """The next version of a notice, published before, while or after it ran."""
    earliest = version.at + 1
    at = draw(st.integers(earliest, max(earliest, min(version.ends + 600, now + 60))))
    move = draw(st.integers(-HOUR, HOUR))
    match draw(st.sampled_from(["cancel", "end", "window", "services"])):
        case "cancel":
            return version._replace(at=at, cancelled=not version.cancelled)
        case "end":
            return version._replace(at=at, ends=max(version.starts + 1, version.ends + move))
        case "window":
            return version._replace(at=at, starts=version.starts + move, ends=version.ends + move)
        case _:
            return version._replace(at=at, services=draw(st.sampled_from([(SERVICE,), ("api",)])))


@st.composite
def corrections(draw: Draw, starts: Instant, now: Instant) -> tuple[Correction, ...]:
    """Corrections that do not overlap; some withdrawn, some not yet known."""
    edges = sorted(draw(st.lists(st.integers(starts, now), max_size=6, unique=True)))
    lines: list[Correction] = []
    for start, end in zip(edges[::2], edges[1::2], strict=False):
        becomes = draw(st.sampled_from([Outcome.UP, Outcome.UNKNOWN, Outcome.DOWN]))
        decided = datetime.fromtimestamp(end, UTC).date()
        line = Correction(
            end, SERVICE, start, end, becomes, decided, "the monitor was wrong", "https://example.org/"
        )
        lines.append(line)
        if draw(st.integers(0, 4)) == 0:
            lines.append(replace(line, at=end + draw(st.integers(0, HOUR)), becomes=None))
    return tuple(sorted(lines, key=lambda line: line.at))


@st.composite
def agreed_histories(draw: Draw) -> History:
    """A service with agreed hours and a cap in each of its rules, near the edges of these hours, one notice at least."""
    history = draw(histories(HOURS, NIGHTS))
    cap_s = draw(st.sampled_from([700, HOUR, 2 * HOUR]))
    begins = history.starts + draw(st.integers(0, HOUR))
    work = MaintenanceVersion(
        history.starts - DAY_S, "2026-01-01-work-9", (SERVICE,), begins, begins + 3 * HOUR, cancelled=False
    )
    lines = tuple(
        line._replace(
            rules=line.rules
            and line.rules._replace(
                hours=line.rules.hours or AGREED[0],
                maintenance=line.rules.maintenance._replace(cap_s=cap_s, notice_s=0),
            )
        )
        for line in history.register.services
    )
    register = history.register._replace(services=lines, maintenance=(work, *history.register.maintenance))
    return replace(history, register=register)


late_seats = st.lists(
    st.sampled_from([(c, v) for c in CHECKS[:2] for v in VANTAGES]), max_size=2, unique=True
)
"""The checks and vantages with rows that come late: about half of the histories have none."""


@st.composite
def histories(
    draw: Draw, profile: Profile = HOURS, places: Sequence[tuple[ZoneInfo, Instant]] = EDGES
) -> History:
    """A service over some hours near an edge of the calendar."""
    zone, starts = draw(st.sampled_from(places))
    now = starts + draw(st.sampled_from(profile.spans)) + draw(st.integers(-900, 900))
    today = datetime.fromtimestamp(starts, zone).date()
    seats = draw(
        st.lists(
            st.sampled_from([(c, v) for c in CHECKS for v in VANTAGES]), min_size=1, max_size=4, unique=True
        )
    )
    samples = [row for seat in seats for row in draw(seat_samples(seat, starts, now, profile))]
    doubles = draw(st.lists(st.tuples(st.integers(0, 10**6), outcomes), max_size=4)) if samples else []
    for number, outcome in doubles:
        row = samples[number % len(samples)]
        samples.append(
            _row(row.at, row.check, outcome, draw(st.sampled_from(profile.intervals)), row.vantage)
        )
    late = [row for seat in draw(late_seats) for row in draw(seat_samples(seat, starts, now, profile))]
    register = Register(
        services=draw(recorded_rules(profile, starts, now, today)),
        maintenance=draw(maintenance(starts, now)),
        corrections=draw(corrections(starts, now)),
    )
    return History(zone, starts, now, samples, register, late)
