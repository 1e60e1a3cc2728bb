"""Episodes: lasting outages of all services, grouped from the first service to fall to the last to recover."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from constat.availability.account import Account
from constat.availability.outages import find_reason
from constat.interval import Instant, Interval, clip, clip_track, subtract, total, where
from constat.model import Outcome

_WORKING = (Outcome.UP, Outcome.DEGRADED)


class Fall(NamedTuple):
    """The outage of one service in an episode, with its relapses: from `start` to `end`, `None` while it is ongoing.

    It is ongoing until the service was seen working for `after_s`. `reason`: what was seen first.
    """

    service: str
    start: Instant
    end: Instant | None
    reason: str


class Episode(NamedTuple):
    """Outages that belong together, oldest first. `recovered`: when the last service recovered, `None` until then."""

    falls: tuple[Fall, ...]
    recovered: Instant | None

    @property
    def start(self) -> Instant:
        """When the first service fell."""
        return self.falls[0].start

    @property
    def services(self) -> tuple[str, ...]:
        """The services, in the order in which they fell."""
        return tuple(dict.fromkeys(fall.service for fall in self.falls))


class Patience(NamedTuple):
    """`after_s`: how long a service must be down to fall, and work to recover. Falls less than `keep_s` apart are one episode."""

    after_s: int
    keep_s: int


def find_episodes(accounts: Iterable[Account], patience: Patience, now: Instant) -> tuple[Episode, ...]:
    """Find the episodes within the window of some accounts, oldest first.

    A service falls once it was measured down for `after_s` at a stretch; announced maintenance does not count. Seconds
    that were not measured end no outage: only a service that is seen working recovers.
    """
    falls = sorted(
        (fall for account in accounts for fall in _find_falls(account, patience, now)),
        key=lambda fall: (fall.start, fall.service),
    )
    groups: list[list[Fall]] = []
    for fall in falls:
        if groups and fall.start - _find_end(groups[-1], now) < patience.keep_s:
            groups[-1].append(fall)
        else:
            groups.append([fall])
    return tuple(_build_episode(group) for group in groups)


def _find_end(group: Iterable[Fall], now: Instant) -> Instant:
    return max(now if fall.end is None else fall.end for fall in group)


def _build_episode(group: list[Fall]) -> Episode:
    ends = [fall.end for fall in group if fall.end is not None]
    return Episode(tuple(group), max(ends) if len(ends) == len(group) else None)


def _find_falls(account: Account, patience: Patience, now: Instant) -> Iterator[Fall]:
    """Find the falls of one service: stretches without work, joined where it worked for less than `keep_s` between them."""
    joined: list[list[Interval]] = []
    for stretch in _find_stretches(account, now):
        if joined and stretch.start - joined[-1][-1].end < patience.keep_s:
            joined[-1].append(stretch)
        else:
            joined.append([stretch])
    for stretches in joined:
        lasting = next((stretch for stretch in stretches if _lasts(account, stretch, patience)), None)
        if lasting is not None:
            end = stretches[-1].end
            reason = find_reason(account, lasting)
            yield Fall(account.service, lasting.start, None if now - end < patience.after_s else end, reason)


def _find_stretches(account: Account, now: Instant) -> tuple[Interval, ...]:
    """Find the stretches from a second in which the service was down to the next in which it was seen working."""
    stretches: list[Interval] = []
    since: Instant | None = None
    for start, _, outcome in clip_track(account.states, Interval(account.window.start, now)):
        if outcome is Outcome.DOWN and since is None:
            since = start
        elif outcome in _WORKING and since is not None:
            stretches.append(Interval(since, start))
            since = None
    if since is not None:
        stretches.append(Interval(since, now))
    return subtract(stretches, account.announced)


def _lasts(account: Account, stretch: Interval, patience: Patience) -> bool:
    """Return whether the service was measured down for long enough in a stretch."""
    downs = where(clip_track(account.states, stretch), Outcome.DOWN)
    return total(clip(downs, stretch)) >= patience.after_s
