"""The account of one service: its states, its announced maintenance and the rules that made them."""

from collections.abc import Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo

from constat.availability.announced import find_announced, list_months, order_versions
from constat.availability.corrections import apply_corrections, select_corrections
from constat.availability.existence import find_existence
from constat.availability.in_force import RulesTrack, build_rules_track, find_promise
from constat.availability.tracks import Runs, measure_states
from constat.interval import Instant, Interval, Stretch, clip, clip_track
from constat.model import Correction, Evidence, Outcome, Register, ServiceRules, SlotRun


class Account(NamedTuple):
    """The state of one service at every second of the window of the evidence.

    `window` ends one second after `now`, so that the present second has a state; figures end at `now`.
    `existence` is not cut off at `now`: it follows from the rules that are known. `measured` and `states` (before and
    after corrections) cover exactly the existence within the window; `announced` lies within it. `firsts`, `slots`: by check.
    """

    service: str
    zone: ZoneInfo
    now: Instant
    window: Interval
    rules: RulesTrack
    existence: tuple[Interval, ...]
    measured: tuple[Stretch[Outcome], ...]
    states: tuple[Stretch[Outcome], ...]
    announced: tuple[Interval, ...]
    corrections: tuple[Correction, ...]
    runs: Runs
    firsts: Mapping[str, Instant]
    slots: Mapping[str, tuple[SlotRun, ...]]

    @property
    def begins(self) -> Instant | None:
        """The service's first second, `None` if it has not begun."""
        return self.existence[0].start if self.existence else None

    def find_promise(self, at: Instant) -> ServiceRules:
        """The rules whose target and maintenance terms apply to the month of an instant (rule 5)."""
        return find_promise(self.rules, at, self.zone)

    def clip_existence(self, window: Interval) -> tuple[Interval, ...]:
        """The parts of a window, up to now, in which the service existed."""
        return clip(self.existence, Interval(window.start, min(window.end, self.now)))


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
    runs = {(each.check, each.vantage): each for each in evidence.observed if each.service == service_id}
    existence = find_existence(rules, firsts, zone)
    observed = _within(measure_states(rules, firsts, runs, window), clip(existence, window))
    corrections = select_corrections(register.corrections, service_id, now)
    versions = order_versions(line for line in register.maintenance if line.at <= now)
    months = (
        (month, find_promise(rules, month.start, zone).maintenance) for month in list_months(window, zone)
    )
    announced = find_announced(versions, service_id, existence, months)
    return Account(
        service=service_id,
        zone=zone,
        now=now,
        window=window,
        rules=rules,
        existence=existence,
        measured=observed,
        states=apply_corrections(observed, corrections),
        announced=clip(announced, window),
        corrections=corrections,
        runs=runs,
        firsts=firsts,
        slots={
            check: slot_runs
            for (service, check), slot_runs in evidence.slots.items()
            if service == service_id
        },
    )


def _within(track: tuple[Stretch[Outcome], ...], spans: tuple[Interval, ...]) -> tuple[Stretch[Outcome], ...]:
    return tuple(stretch for span in spans for stretch in clip_track(track, span))
