"""The example month of docs/how-uptime-is-computed.md: a project whose files give the figures that are printed there.

SMTP relay, October 2026 in Zurich: 2,682,000 s (31 days and the hour that occurs twice), checked every minute.
"""

from datetime import date, time, timedelta
from itertools import cycle
from pathlib import Path
from zoneinfo import ZoneInfo

from constat.history import HEADER, build_day_path, format_row
from constat.interval import Instant, Interval, days_of, local_date, month_interval, parse_instant
from constat.model import (
    Hours,
    Level,
    MaintenanceVersion,
    Outcome,
    RecordedPage,
    RecordedText,
    Sample,
    Support,
    Ticket,
)
from constat.register import line_writer
from constat.register.support_promise import write_promise
from constat.support import TICKETS, write_tickets
from outside.evidence import store
from tests.support.availability_cases import make_check_rules, make_rules, parse_time, record_rules

ZURICH = ZoneInfo("Europe/Zurich")
UTC = ZoneInfo("UTC")
OCTOBER = month_interval("2026-10", ZURICH)
FIRST_LOOK = parse_time("2026-03-02 08:00")
FROZEN = parse_time("2026-11-04 00:07")
MINUTE = 60

DOWN = {
    Interval(parse_time("2026-10-07 03:12"), parse_time("2026-10-07 03:32")): "timeout after 10 s",
    Interval(parse_time("2026-10-14 21:10"), parse_time("2026-10-14 21:30")): "refused",
}
SLOW = Interval(parse_time("2026-10-20 09:00"), parse_time("2026-10-20 09:10"))
"""Ten minutes: 600 s."""
BLIND = (
    *(
        Interval(parse_time(f"2026-10-{day} 12:00"), parse_time(f"2026-10-{day} 12:47"))
        for day in (21, 22, 23, 24, 26, 27)
    ),
    Interval(parse_time("2026-10-28 12:00"), parse_time("2026-10-28 12:42")),
)
"""Six times 47 minutes and once 42 in which the monitor knew that it was offline: 324 looks, 19,440 s."""

RELAY = MaintenanceVersion(
    at=parse_time("2026-10-12 08:00"),
    slug="2026-10-14-relay",
    services=("smtp",),
    starts=parse_time("2026-10-14 20:00"),
    ends=parse_time("2026-10-14 23:00"),
    cancelled=False,
)
RULES = make_rules(checks={"submission": make_check_rules(vantages=("gha",))})

WEEKDAYS = (0, 1, 2, 3, 4)
PROMISE = Support(
    contacts=(),
    links={},
    hours=(
        Hours("Europe", WEEKDAYS, time(8), time(17), "+01:00", ()),
        Hours("America", WEEKDAYS, time(9), time(17), "-06:00", ()),
    ),
    clock="union",
    levels=(Level("first", {}, 4 * 3600, None),),
)
ANSWERED_AFTER_S = (*[1800] * 105, 3120, *[5000] * 105, 14_010)
"""212 tickets: the 106th of them in order is the lower of the two in the middle."""


def make_sample(when: Instant) -> Sample:
    """Make the sample of a minute."""
    outcome, reason = Outcome.UP, ""
    for span, why in DOWN.items():
        if when in span:
            outcome, reason = Outcome.DOWN, why
    if when in SLOW:
        outcome, reason = Outcome.DEGRADED, "slow"
    if any(when in span for span in BLIND):
        outcome, reason = Outcome.UNKNOWN, "canary"
    return Sample(when, "smtp", "submission", outcome, 84, 1, MINUTE, "gha", reason)


def make_tickets() -> tuple[Ticket, ...]:
    """Make tickets opened at eight on the weekdays of October in Europe, and answered the same day."""
    first = date(2026, 10, 1)
    weekdays = cycle(
        day for day in (first + timedelta(days=n) for n in range(30)) if day.weekday() in WEEKDAYS
    )
    return tuple(
        Ticket(f"M-{number:03}", "first", "Europe", opened, opened + seconds)
        for number, (day, seconds) in enumerate(zip(weekdays, ANSWERED_AFTER_S, strict=False), start=1)
        if (opened := parse_instant(f"{day}T08:00:00+01:00"))
    )


def write_october(root: Path) -> None:
    """Write the month's files under a project's folder: evidence, register and tickets, nothing else."""
    store.append_samples(root, [make_sample(FIRST_LOOK)])
    window = Interval(OCTOBER.start - 600, OCTOBER.end)
    for day in days_of(window, UTC):
        rows = (
            make_sample(when)
            for when in range(window.start, window.end, MINUTE)
            if local_date(when, UTC) == day
        )
        path = root / "history" / build_day_path(day)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEADER + "\n" + "".join(map(format_row, rows)), "utf-8")
    began = parse_time("2026-03-01 00:00")
    store.append_register(
        root,
        [
            line_writer.write_page(RecordedPage(began, ZURICH.key, "maxony")),
            line_writer.write_service(record_rules(RULES, began)),
            line_writer.write_support(RecordedText(began, write_promise(PROMISE))),
            line_writer.write_maintenance(RELAY),
        ],
    )
    (root / TICKETS).parent.mkdir(parents=True, exist_ok=True)
    (root / TICKETS).write_text(write_tickets(make_tickets()), "utf-8")
