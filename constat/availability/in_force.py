"""Rule 5: the rules of the register in force at a second, and the promise for a month."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import dropwhile, pairwise
from zoneinfo import ZoneInfo

from constat.errors import EvidenceError
from constat.interval import Instant, Interval, Stretch, local_date, midnight, value_at
from constat.model import RecordedRules, ServiceRules

EVER = Interval(-(2**40), 2**40)
"""All time: longer than any evidence, and still comparable integers."""

RulesTrack = tuple[Stretch[ServiceRules | None], ...]


def build_rules_track(lines: Iterable[RecordedRules], service: str, now: Instant) -> RulesTrack:
    """The rules of a service over all time, as known now; the first ones also apply to the time before they were recorded.

    Raises:
        EvidenceError: the register has no rules for this service.

    """
    own = sorted((line for line in lines if line.service == service), key=lambda line: line.at)
    kept = list(dropwhile(lambda line: line.rules is None, own))
    if not kept:
        raise EvidenceError(f"the register holds no rules for the service {service}")
    kept = [kept[0], *(line for line in kept[1:] if line.at <= now)]
    starts = [EVER.start, *(line.at for line in kept[1:]), EVER.end]
    spans = zip(pairwise(starts), kept, strict=True)
    return tuple(Stretch(start, end, line.rules) for (start, end), line in spans if start < end)


def find_month_start(at: Instant, zone: ZoneInfo) -> Instant:
    """The start of the calendar month that an instant is in."""
    day = local_date(at, zone)
    return midnight(date(day.year, day.month, 1), zone)


def find_promise(track: Sequence[Stretch[ServiceRules | None]], at: Instant, zone: ZoneInfo) -> ServiceRules:
    """The rules whose target, minimum coverage and maintenance terms apply to the month of an instant.

    They are those in force when that month began. Where there were none just then (the service had been removed
    and came back later), they are the next ones recorded, and failing those the last.
    """
    began = find_month_start(at, zone)
    in_force = value_at(track, began)
    if in_force is not None:
        return in_force
    known = [(start, rules) for start, _, rules in track if rules is not None]
    return next((rules for start, rules in known if start > began), known[-1][1])
