"""Incidents that nobody closed: measured to be over, or left without an update. They are reported, never closed automatically."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from constat.errors import Problem
from constat.interval import DAY_S, HOUR_S, Instant, Interval, Stretch, clip_track, format_instant
from constat.model import Notice, Outcome

UP_FOR_S: Final = 2 * HOUR_S
SILENT_FOR_S: Final = DAY_S
_SEEN: Final = 9, 10
"""The share of the two hours that must have been observed: a service that was hardly watched does not count as up."""

States = Sequence[Stretch[Outcome]]


class Forgotten(NamedTuple):
    """An open incident that needs an update. `since`: when its services were last seen in trouble, or its last update."""

    why: Literal["measured_up", "silent"]
    since: Instant


def find_forgotten(notice: Notice, up: Mapping[str, Instant | None], now: Instant) -> Forgotten | None:
    """Find whether an incident seems forgotten. `up`: since when each service is measured up (see `find_up_since`).

    An incident that our team still writes about does not: an update counts for two hours, or for a day if the services are not measured to be up.
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
    """Find since when a service has been up, if for at least the past two hours; else `None`."""
    window = Interval(now - UP_FOR_S, now)
    recent = clip_track(states, window)
    up = sum(end - start for start, end, outcome in recent if outcome is Outcome.UP)
    if any(outcome in (Outcome.DOWN, Outcome.DEGRADED) for _, _, outcome in recent):
        return None
    if up * _SEEN[1] < window.seconds * _SEEN[0]:
        return None
    trouble = [
        end for _, end, outcome in states if outcome in (Outcome.DOWN, Outcome.DEGRADED) and end <= now
    ]
    return trouble[-1] if trouble else states[0].start


def describe_forgotten(notices: Iterable[tuple[Notice, Forgotten | None]]) -> Iterator[Problem]:
    """Describe the incidents that seem forgotten, as warnings for the maintainers."""
    hint = "add ## TIME resolved, or an update that says how things stand"
    for notice, case in notices:
        if case:
            since = format_instant(case.since)
            message = f"still open, without an update since {since}"
            if case.why == "measured_up":
                message = f"still open, while its services have been up since {since}"
            yield Problem(notice.path, 1, 0, message, hint, "warning")
