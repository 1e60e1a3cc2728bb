"""Rule 17: a day's bar."""

from collections.abc import Iterable
from datetime import date

from constat.availability.account import Account
from constat.availability.figures import compute_share, tally, tally_within
from constat.interval import MINUTE_S, Interval, clip, day_interval
from constat.model import Day, Evidence, Seconds, Status

BAD_S = MINUTE_S
"""So many seconds of outage, disturbance or announced maintenance give a day its name."""
SEEN_AT_ALL = 10
"""Per cent of a day's seconds: with fewer observed, it says nothing."""
SEEN_WELL = 90
"""With fewer observed, it is partial."""


def build_days(account: Account, dates: Iterable[date], evidence: Evidence) -> tuple[Day, ...]:
    """The bars of some days, in the order given; today ends now."""
    return tuple(_day(account, day, evidence) for day in dates)


def _day(account: Account, day: date, evidence: Evidence) -> Day:
    whole = day_interval(day, account.zone)
    span = Interval(whole.start, min(whole.end, account.now))
    seconds = tally(account.states, span)
    maintenance = tally_within(account.states, clip(account.announced, span))
    counts = account.promise(whole.start).maintenance.counts
    return Day(
        date=day,
        status=decide_day_status(seconds, maintenance),
        partial=100 * seconds.observed < SEEN_WELL * seconds.window,
        seconds=seconds,
        maintenance=maintenance,
        availability=compute_share(seconds if counts else seconds - maintenance),
        latency=evidence.latency.get((account.service, day)),
        existed=seconds.window > 0,
    )


def decide_day_status(seconds: Seconds, maintenance: Seconds) -> Status:
    """What the bar of a day says, by the bad seconds outside announced maintenance."""
    bad = seconds - maintenance
    if bad.down >= BAD_S:
        return Status.OUTAGE
    if bad.degraded >= BAD_S or bad.down:
        return Status.DEGRADED
    if not seconds.window or 100 * seconds.observed < SEEN_AT_ALL * seconds.window:
        return Status.NO_DATA
    return Status.MAINTENANCE if maintenance.window >= BAD_S else Status.OPERATIONAL
