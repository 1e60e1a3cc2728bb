"""Rule 7: the time for which a service exists."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from constat.availability.in_force import EVER, RulesTrack
from constat.interval import Instant, Interval, merge, midnight
from constat.model import ServiceRules


def find_first_sampled(track: RulesTrack, firsts: Mapping[str, Instant]) -> Instant | None:
    """The first second at which a check named by the rules then in force had been sampled; `firsts` is by check.

    Later rules cannot move it: a check that is named later counts from then on, however early its first sample was.
    """
    for start, end, rules in track:
        named = rules.checks if rules is not None else ()
        sampled = min((max(start, firsts[check]) for check in named if check in firsts), default=EVER.end)
        if sampled < end:
            return sampled
    return None


def find_existence(track: RulesTrack, firsts: Mapping[str, Instant], zone: ZoneInfo) -> tuple[Interval, ...]:
    """The seconds for which the service exists by the rules that are known, not cut off at the present."""
    sampled = find_first_sampled(track, firsts)
    spans = (
        Interval(max(start, _find_beginning(rules, sampled, zone)), min(end, _find_ending(rules, zone)))
        for start, end, rules in track
        if rules is not None
    )
    return merge(spans)


def _find_beginning(rules: ServiceRules, sampled: Instant | None, zone: ZoneInfo) -> Instant:
    """The first sample, or `since` if that is earlier."""
    since = EVER.end if rules.since is None else midnight(rules.since, zone)
    return since if sampled is None else min(since, sampled)


def _find_ending(rules: ServiceRules, zone: ZoneInfo) -> Instant:
    return EVER.end if rules.retired is None else midnight(rules.retired, zone)
