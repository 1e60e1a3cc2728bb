"""Rule 17: a day's bar, and the figures beside it."""

from collections.abc import Iterable
from datetime import date

from constat.availability.account import Account
from constat.availability.figures import compute_share, tally, tally_within
from constat.interval import MINUTE_S, Interval, clip, day_interval, intersect
from constat.model import Day, Evidence, Seconds, Status

DECISIVE_S = MINUTE_S
"""The seconds of outage, disturbance or announced maintenance that decide the status of a day."""
MIN_OBSERVED_PERCENT = 10
"""In percent of the seconds of a day: with fewer observed, it has no data."""
FULLY_OBSERVED_PERCENT = 90
"""In percent: with fewer observed, a day is partial."""


def build_days(account: Account, dates: Iterable[date], evidence: Evidence) -> tuple[Day, ...]:
    """The bars of some days, in the order given; today ends now.

    A bar goes by all seconds; `seconds`, `maintenance` and `availability` by the agreed ones (rule 18).
    """
    return tuple(_day(account, day, evidence) for day in dates)


def _day(account: Account, day: date, evidence: Evidence) -> Day:
    whole = day_interval(day, account.zone)
    span = Interval(whole.start, min(whole.end, account.now))
    announced = clip(account.announced, span)
    everything = tally(account.states, span)
    agreed = account.clip_agreed(span)
    seconds = tally_within(account.states, agreed)
    maintenance = tally_within(account.states, intersect(announced, agreed))
    counts = account.find_promise(whole.start).maintenance.counts
    return Day(
        date=day,
        status=decide_day_status(everything, tally_within(account.states, announced)),
        partial=100 * everything.observed < FULLY_OBSERVED_PERCENT * everything.window,
        seconds=seconds,
        maintenance=maintenance,
        availability=compute_share(seconds if counts else seconds - maintenance),
        latency=evidence.latency.get((account.service, day)),
        existed=everything.window > 0,
    )


def decide_day_status(seconds: Seconds, maintenance: Seconds) -> Status:
    """The status of a day, from its bad seconds outside announced maintenance."""
    bad = seconds - maintenance
    if bad.down >= DECISIVE_S:
        return Status.OUTAGE
    if bad.degraded >= DECISIVE_S or bad.down:
        return Status.DEGRADED
    if not seconds.window or 100 * seconds.observed < MIN_OBSERVED_PERCENT * seconds.window:
        return Status.NO_DATA
    return Status.MAINTENANCE if maintenance.window >= DECISIVE_S else Status.OPERATIONAL
