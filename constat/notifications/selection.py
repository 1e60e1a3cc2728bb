"""Who is told what now: what a target wants, was not told yet, and is not being waited with after a failure."""

from collections.abc import Iterable

from constat.interval import DAY_S, HOUR_S, MINUTE_S, Instant
from constat.model import IMPACTS, Target
from constat.notifications.events import Event
from constat.notifications.record import Failures, Record

FIRST_PAUSE_S = MINUTE_S
LONGEST_PAUSE_S = 6 * HOUR_S
GIVEN_UP_AFTER_S = 30 * DAY_S
"""For so long something is tried again that a target does not take."""


def is_interested(target: Target, happening: Event) -> bool:
    """Whether a target asked to be told of it. What names no service concerns everybody."""
    if happening.topic not in target.tell:
        return False
    if target.services and happening.services and not set(target.services) & set(happening.services):
        return False
    return happening.impact is None or IMPACTS.index(happening.impact) >= IMPACTS.index(target.impact)


def select_due(target: Target, found: Iterable[Event], record: Record, now: Instant) -> tuple[Event, ...]:
    """What a target is to be told now, in the order in which it happened.

    A target that the record does not know begins now: it is told what is still to come, and from then on all.
    """
    since = record.since.get(target.id, now)
    return tuple(
        happening
        for happening in found
        if is_interested(target, happening)
        and happening.at <= now
        and (happening.at >= since or happening.pending)
        and (target.id, happening.id) not in record.sent
        and _is_time(record.failed.get((target.id, happening.id)), now)
    )


def _is_time(failures: Failures | None, now: Instant) -> bool:
    return failures is None or (now >= compute_retry(failures) and not is_given_up(failures))


def compute_retry(failures: Failures) -> Instant:
    """When something that failed is tried again: after a minute, two, four, up to six hours."""
    pause = FIRST_PAUSE_S << min(failures.count - 1, 20)
    return failures.last + min(pause, LONGEST_PAUSE_S)


def is_given_up(failures: Failures) -> bool:
    """Whether it was tried for so long that nobody waits for it any more."""
    return failures.last - failures.first >= GIVEN_UP_AFTER_S
