"""Rule 7: when a service exists."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from constat.availability.in_force import EVER, RulesTrack
from constat.interval import Instant, Interval, merge, midnight
from constat.model import ServiceRules


def begun(track: RulesTrack, firsts: Mapping[str, Instant]) -> Instant | None:
    """The second from which some check that the rules in force name has been sampled; `firsts` is by check.

    A later rule cannot move it: the first sample of a check that was not named then speaks from when it is named.
    """
    for start, end, rules in track:
        named = rules.checks if rules is not None else ()
        seen = min((max(start, firsts[check]) for check in named if check in firsts), default=EVER.end)
        if seen < end:
            return seen
    return None


def find_existence(track: RulesTrack, firsts: Mapping[str, Instant], zone: ZoneInfo) -> tuple[Interval, ...]:
    """The seconds for which the service exists, as the rules now known have it: not cut at the present."""
    sampled = begun(track, firsts)
    lives = (
        Interval(max(start, _beginning(rules, sampled, zone)), min(end, _ending(rules, zone)))
        for start, end, rules in track
        if rules is not None
    )
    return merge(lives)


def _beginning(rules: ServiceRules, sampled: Instant | None, zone: ZoneInfo) -> Instant:
    """`since` can only move the beginning earlier."""
    since = EVER.end if rules.since is None else midnight(rules.since, zone)
    return since if sampled is None else min(since, sampled)


def _ending(rules: ServiceRules, zone: ZoneInfo) -> Instant:
    return EVER.end if rules.retired is None else midnight(rules.retired, zone)
