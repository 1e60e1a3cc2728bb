"""Incidents that nobody closed: over by what we measure, or left without news. They are told, and never close themselves."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from constat.errors import Problem
from constat.interval import DAY_S, HOUR_S, Instant, Interval, Stretch, clip_track, format_instant
from constat.model import Notice, Outcome

UP_FOR_S: Final = 2 * HOUR_S
SILENT_FOR_S: Final = DAY_S
_SEEN: Final = 9, 10
"""The share of the two hours that must have been observed: a service that we hardly looked at is not said to be up."""

States = Sequence[Stretch[Outcome]]


class Forgotten(NamedTuple):
    """An open incident that needs a word. `since`: when its services were last seen in trouble, or its last update."""

    why: Literal["measured_up", "silent"]
    since: Instant


def find_forgotten(notice: Notice, up: Mapping[str, Instant | None], now: Instant) -> Forgotten | None:
    """Whether an incident seems forgotten. `up`: since when each service is measured up (see `up_since`).

    An incident that we do not measure, and that our team writes about, is not: its last update counts for two hours.
    """
    if not notice.is_open_incident(now):
        return None
    last = notice.updates[-1].at if notice.updates else notice.starts
    if now - last >= UP_FOR_S:
        since = [up.get(service) for service in notice.services]
        times = [each for each in since if each is not None]
        if times and len(times) == len(since):
            return Forgotten("measured_up", max(times))
    return Forgotten("silent", last) if now - last >= SILENT_FOR_S else None


def find_up_since(states: States, now: Instant) -> Instant | None:
    """Since when a service has been up without trouble, if that is for two hours; else `None`."""
    window = Interval(now - UP_FOR_S, now)
    held = clip_track(states, window)
    up = sum(end - start for start, end, outcome in held if outcome is Outcome.UP)
    if any(outcome in (Outcome.DOWN, Outcome.DEGRADED) for _, _, outcome in held):
        return None
    if up * _SEEN[1] < window.seconds * _SEEN[0]:
        return None
    bad = [end for _, end, outcome in states if outcome in (Outcome.DOWN, Outcome.DEGRADED) and end <= now]
    return bad[-1] if bad else states[0].start


def describe_forgotten(notices: Iterable[tuple[Notice, Forgotten | None]]) -> Iterator[Problem]:
    """What the maintainers are told of the incidents that seem forgotten."""
    hint = "add ## TIME resolved, or say how it stands"
    for notice, case in notices:
        if case:
            since = format_instant(case.since)
            message = f"still open, without an update since {since}"
            if case.why == "measured_up":
                message = f"still open, while its services have been up since {since}"
            yield Problem(notice.path, 1, 0, message, hint, "warning")
