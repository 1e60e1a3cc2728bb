"""Selection of the events that a target is notified of now: those it asked for, not sent yet, not waiting for a retry."""

from collections.abc import Iterable

from constat.interval import DAY_S, HOUR_S, MINUTE_S, Instant
from constat.model import IMPACTS, Target
from constat.notifications.events import Event
from constat.notifications.log import Failures, NotificationLog

FIRST_PAUSE_S = MINUTE_S
LONGEST_PAUSE_S = 6 * HOUR_S
GIVEN_UP_AFTER_S = 30 * DAY_S
"""The time after which failed sending is given up."""


def is_interested(target: Target, event: Event) -> bool:
    """Whether a target asked to be notified of an event. An event that names no service concerns everybody."""
    if event.topic not in target.tell:
        return False
    if target.services and event.services and not set(target.services) & set(event.services):
        return False
    return event.impact is None or IMPACTS.index(event.impact) >= IMPACTS.index(target.impact)


def select_due(
    target: Target, events: Iterable[Event], log: NotificationLog, now: Instant
) -> tuple[Event, ...]:
    """Select what a target is to be notified of now, in the order in which it happened.

    A target that is not in the log begins now: it is notified of what is still to come, and of everything from then on.
    """
    since = log.since.get(target.id, now)
    return tuple(
        event
        for event in events
        if is_interested(target, event)
        and event.at <= now
        and (event.at >= since or event.pending)
        and (target.id, event.id) not in log.sent
        and _may_send(log.failed.get((target.id, event.id)), now)
    )


def _may_send(failures: Failures | None, now: Instant) -> bool:
    return failures is None or (now >= compute_retry(failures) and not is_given_up(failures))


def compute_retry(failures: Failures) -> Instant:
    """Compute when sending is retried after failures: after a minute, two, four, up to six hours."""
    pause = FIRST_PAUSE_S << min(failures.count - 1, 20)
    return failures.last + min(pause, LONGEST_PAUSE_S)


def is_given_up(failures: Failures) -> bool:
    """Whether sending has failed for so long that it is no longer retried."""
    return failures.last - failures.first >= GIVEN_UP_AFTER_S
