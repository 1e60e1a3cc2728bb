"""Rule 17: a day's bar, and the figures beside it."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from constat.availability.account import Account
from constat.availability.figures import compute_share, tally, tally_within
from constat.interval import MINUTE_S, Interval, clip, day_interval, intersect
from constat.model import NO_SECONDS, Day, Evidence, Latency, Seconds, Status

DECISIVE_S = MINUTE_S
"""The seconds of outage, disturbance or announced maintenance that decide the status of a day."""
MIN_OBSERVED_PERCENT = 10
"""In percent of the seconds of a day: with fewer observed, the day has no data."""
FULLY_OBSERVED_PERCENT = 90
"""In percent: with fewer observed, a day is partial."""


def build_days(account: Account, dates: Iterable[date], evidence: Evidence) -> tuple[Day, ...]:
    """The bars of some days, in the order given; today ends now.

    A bar reflects all seconds; `availability` only the agreed ones (rule 18).
    """
    days = {day: day_interval(day, account.zone) for day in dates}
    if not days:
        return ()
    window = Interval(min(span.start for span in days.values()), max(span.end for span in days.values()))
    agreed = account.clip_agreed(window)
    months = {(day.year, day.month): whole.start for day, whole in days.items()}
    counts = {month: account.find_promise(start).maintenance.counts for month, start in months.items()}
    latency = evidence.latency
    return tuple(
        _build_day(
            account,
            whole,
            agreed,
            _Known(day, counts[day.year, day.month], latency.get((account.service, day))),
        )
        for day, whole in days.items()
    )


class _Known(NamedTuple):
    """What is known of a day without counting: whether its maintenance counts, and its response times."""

    date: date
    maintenance_counts: bool
    latency: Latency | None


def _build_day(account: Account, whole: Interval, all_agreed: Iterable[Interval], known: _Known) -> Day:
    span = Interval(whole.start, min(whole.end, account.now))
    announced, agreed = clip(account.announced, span), clip(all_agreed, span)
    everything = tally(account.states, span)
    seconds = everything if agreed == (span,) else tally_within(account.states, agreed)
    all_maintenance = tally_within(account.states, announced)
    maintenance = tally_within(account.states, intersect(announced, agreed))
    return Day(
        date=known.date,
        status=decide_day_status(everything, all_maintenance),
        partial=100 * everything.observed < FULLY_OBSERVED_PERCENT * everything.window,
        seconds=seconds,
        maintenance=maintenance,
        availability=compute_share(seconds if known.maintenance_counts else seconds - maintenance),
        latency=known.latency,
        existed=everything.window > 0,
        outside=_subtract(everything, seconds),
        outside_maintenance=_subtract(all_maintenance, maintenance),
    )


def _subtract(every: Seconds, agreed: Seconds) -> Seconds:
    """The seconds outside the agreed hours: usually none, and then the shared `NO_SECONDS`."""
    return NO_SECONDS if every == agreed else every - agreed


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
