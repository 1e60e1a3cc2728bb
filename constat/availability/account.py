"""The account of one service: its states, its announced maintenance and the rules that made them."""

from collections.abc import Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo

from constat.availability.announced import (
    find_announced,
    limit_to_hours,
    list_months,
    order_versions,
)
from constat.availability.corrections import apply_corrections, select_corrections
from constat.availability.existence import find_existence
from constat.availability.in_force import RulesTrack, build_rules_track, find_promise
from constat.availability.tracks import Spoken, measure_states
from constat.interval import Instant, Interval, Stretch, clip, clip_track, merge
from constat.model import CheckEvidence, Correction, Evidence, Outcome, Register, ServiceRules, Slots


class Account(NamedTuple):
    """The state of one service at every second of the window of the evidence.

    `window` ends one second after `now`, so that the present second has a state; figures end at `now`.
    `existence` is not cut off at `now`: it follows from the rules that are known. `measured` and `states` (before and
    after corrections) cover exactly the existence within the window; `announced` is within it. `unaided`: the states
    as they would be without late samples. `firsts`: by check. `runs`, `slots`: by check and vantage.
    """

    service: str
    zone: ZoneInfo
    now: Instant
    window: Interval
    rules: RulesTrack
    existence: tuple[Interval, ...]
    measured: tuple[Stretch[Outcome], ...]
    states: tuple[Stretch[Outcome], ...]
    unaided: tuple[Stretch[Outcome], ...]
    announced: tuple[Interval, ...]
    corrections: tuple[Correction, ...]
    runs: Mapping[tuple[str, str], CheckEvidence]
    firsts: Mapping[str, Instant]
    slots: Mapping[tuple[str, str], Slots]

    @property
    def begins(self) -> Instant | None:
        """The service's first second, `None` if it has not begun."""
        return self.existence[0].start if self.existence else None

    def find_promise(self, at: Instant) -> ServiceRules:
        """The rules whose target and maintenance terms apply to the month of an instant (rule 5)."""
        return find_promise(self.rules, at, self.zone)

    def clip_existence(self, window: Interval) -> tuple[Interval, ...]:
        """The parts of a window, up to now, in which the service existed."""
        return clip(self.existence, self._until_now(window))

    def find_agreed(self, window: Interval) -> tuple[Interval, ...]:
        """The seconds of a window for which the service is promised: of its existence, the agreed hours (rule 18).

        They are not cut off at now.
        """
        spans: list[Interval] = []
        for month in list_months(window, self.zone):
            span = Interval(max(month.start, window.start), min(month.end, window.end))
            hours = self.find_promise(month.start).hours
            spans += limit_to_hours(clip(self.existence, span), hours, span)
        return merge(spans)

    def clip_agreed(self, window: Interval) -> tuple[Interval, ...]:
        """The seconds of a window, up to now, for which the service is promised."""
        return self.find_agreed(self._until_now(window))

    def _until_now(self, window: Interval) -> Interval:
        return Interval(window.start, min(window.end, self.now))


def build_account(
    register: Register, evidence: Evidence, service_id: str, zone: ZoneInfo, now: Instant
) -> Account:
    """Compute the account of one service over the window of the evidence, up to now.

    Raises:
        EvidenceError: the register has no rules for this service.

    """
    window = Interval(evidence.window.start, min(evidence.window.end, now + 1))
    rules = build_rules_track(register.services, service_id, now)
    firsts = {check: at for (service, check), at in evidence.firsts.items() if service == service_id}
    observed_checks = (check for check in evidence.observed if check.service == service_id)
    runs = {(check.check, check.vantage): check for check in observed_checks}
    existence = find_existence(rules, firsts, zone)
    corrections = select_corrections(register.corrections, service_id, now)
    lived = clip(existence, window)

    def measure(spoken: Spoken) -> tuple[Stretch[Outcome], ...]:
        return _clip_to(measure_states(rules, firsts, spoken, window), lived)

    observed = measure({seat: seen.spoken for seat, seen in runs.items()})
    states = unaided = apply_corrections(observed, corrections)
    if any(seen.late for seen in runs.values()):
        unaided = apply_corrections(measure({seat: seen.runs for seat, seen in runs.items()}), corrections)
    versions = order_versions(line for line in register.maintenance if line.at <= now)
    months = ((month, find_promise(rules, month.start, zone)) for month in list_months(window, zone))
    announced = find_announced(versions, service_id, existence, months)
    return Account(
        service=service_id,
        zone=zone,
        now=now,
        window=window,
        rules=rules,
        existence=existence,
        measured=observed,
        states=states,
        unaided=unaided,
        announced=clip(announced, window),
        corrections=corrections,
        runs=runs,
        firsts=firsts,
        slots={
            (check, vantage): slots
            for (service, check, vantage), slots in evidence.slots.items()
            if service == service_id
        },
    )


def _clip_to(
    track: tuple[Stretch[Outcome], ...], spans: tuple[Interval, ...]
) -> tuple[Stretch[Outcome], ...]:
    return tuple(stretch for span in spans for stretch in clip_track(track, span))
