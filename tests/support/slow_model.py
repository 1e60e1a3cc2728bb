"""The rules of how uptime is computed, one second at a time: slow, obvious, and sharing no code with the product.

Only the types of the model are shared. Every rule is a question about one second; figures count the answers.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from constat.model import (
    CheckRules,
    Correction,
    MaintenanceVersion,
    RecordedRules,
    Register,
    Sample,
    ServiceRules,
)
from tests.support.slow_support import is_open

HALF_HOUR = 1800
WORST_FIRST = ["down", "degraded", "up", "unknown"]


@dataclass
class SlowModel:
    """One service, second by second, up to `now`. `samples` are raw, with duplicates; `late` are those that came late."""

    register: Register
    samples: list[Sample]
    service: str
    zone: ZoneInfo
    now: int
    late: list[Sample] = field(default_factory=list)
    spoken: dict[tuple[str, str], dict[int, Sample]] = field(default_factory=dict)
    ruled: dict[int, ServiceRules | None] = field(default_factory=dict)
    months: dict[int, int] = field(default_factory=dict)
    open: dict[int, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        on_time = self._one_of_each(self.samples)
        late = {key: row for key, row in self._one_of_each(self.late).items() if key not in on_time}
        self.kept = sorted(on_time.values(), key=lambda sample: sample.at)
        self.kept_late = sorted(late.values(), key=lambda sample: sample.at)
        self.unaided = self._listen(self.kept, self.kept)
        self.spoken = self._listen(self.kept_late, [*self.kept, *self.kept_late])
        for where, seconds in self.unaided.items():
            self.spoken.setdefault(where, {}).update(seconds)
        self.first_seen: dict[str, int] = {}
        for sample in sorted([*self.kept, *self.kept_late], key=lambda sample: sample.at):
            self.first_seen.setdefault(sample.check, sample.at)

    @staticmethod
    def _listen(speakers: list[Sample], enders: list[Sample]) -> dict[tuple[str, str], dict[int, Sample]]:
        """The sample that speaks at each second, each ended by the next of the enders."""
        heard: dict[tuple[str, str], dict[int, Sample]] = {}
        times: dict[tuple[str, str], set[int]] = {}
        for sample in enders:
            times.setdefault((sample.check, sample.vantage), set()).add(sample.at)
        for sample in speakers:
            where = (sample.check, sample.vantage)
            for second in range(sample.at, sample.at + 2 * sample.interval_s):
                if second > sample.at and second in times[where]:
                    break
                heard.setdefault(where, {})[second] = sample
        return heard

    def _one_of_each(self, samples: list[Sample]) -> dict[tuple[str, str, int], Sample]:
        kept: dict[tuple[str, str, int], Sample] = {}
        for sample in samples:
            if sample.service != self.service or sample.at > self.now:
                continue
            key = (sample.check, sample.vantage, sample.at)
            other = kept.get(key)
            if other is None or self._wins(sample, other):
                kept[key] = sample
        return kept

    @staticmethod
    def _wins(one: Sample, other: Sample) -> bool:
        ranks = WORST_FIRST.index(one.outcome), WORST_FIRST.index(other.outcome)
        return ranks[0] < ranks[1] or (ranks[0] == ranks[1] and _encode_row(one) < _encode_row(other))

    # ---- which rules hold (rule 5)

    def rules_at(self, second: int) -> ServiceRules | None:
        if second not in self.ruled:
            recorded = [line for line in self.lines[1:] if line.at <= second]
            self.ruled[second] = [self.lines[0], *recorded][-1].rules
        return self.ruled[second]

    @cached_property
    def lines(self) -> list[RecordedRules]:
        """The recorded rules that are known now; the first ones have always applied."""
        lines = [line for line in self.register.services if line.service == self.service]
        while lines[0].rules is None:
            lines.pop(0)
        return [lines[0], *(line for line in lines[1:] if line.at <= self.now)]

    def month_began(self, second: int) -> int:
        half_hour = second // HALF_HOUR  # no calendar begins a month at another time
        if half_hour not in self.months:
            here = datetime.fromtimestamp(second, self.zone)
            self.months[half_hour] = int(datetime(here.year, here.month, 1, tzinfo=self.zone).timestamp())
        return self.months[half_hour]

    def promise_at(self, second: int) -> ServiceRules:
        """The promise of the month of a second; a service that comes back in the middle of a month has one from then on."""
        began = self.month_began(second)
        held = self.rules_at(began)
        if held is not None:
            return held
        lines = [line for line in self.lines if line.rules]
        later = [line.rules for line in lines if began < line.at]
        return next(rules for rules in [*later, lines[-1].rules] if rules is not None)

    # ---- when the service exists (rule 7)

    def midnight(self, day: date) -> int:
        return int(datetime(day.year, day.month, day.day, tzinfo=self.zone).timestamp())

    @cached_property
    def begins(self) -> int | None:
        """The first second at which the rules in force name a check with a sample."""
        edges = sorted(
            {*self.first_seen.values(), *(line.at for line in self.register.services if line.at <= self.now)}
        )
        for second in edges:
            rules = self.rules_at(second)
            if rules and any(self.first_seen.get(check, second + 1) <= second for check in rules.checks):
                return second
        return None

    def exists(self, second: int) -> bool:
        rules = self.rules_at(second)
        if rules is None or (rules.retired and second >= self.midnight(rules.retired)):
            return False
        since_holds = rules.since is not None and second >= self.midnight(rules.since)
        return since_holds or (self.begins is not None and second >= self.begins)

    # ---- what it was (rules 1 to 4)

    def conclusive_outcome(self, check: str, vantage: str, second: int, *, aided: bool = True) -> str | None:
        heard = self.spoken if aided else self.unaided
        sample = heard.get((check, vantage), {}).get(second)
        return None if sample is None or sample.outcome == "unknown" else str(sample.outcome)

    def check_state(self, name: str, check: CheckRules, second: int, *, aided: bool = True) -> str:
        outcomes = [self.conclusive_outcome(name, vantage, second, aided=aided) for vantage in check.vantages]
        downs, silent = outcomes.count("down"), outcomes.count(None)
        answered = len(outcomes) - silent
        if answered == 0:
            return "unknown"
        if downs >= check.quorum or downs == answered:
            return "down"
        if downs > 0 and check.quorum <= downs + silent:
            return "unknown"
        if downs > 0 or "degraded" in outcomes:
            return "degraded"
        return "up"

    def counting(self, rules: ServiceRules, second: int, affects: str) -> dict[str, CheckRules]:
        return {
            name: check
            for name, check in rules.checks.items()
            if check.affects == affects and name in self.first_seen and self.first_seen[name] <= second
        }

    def measured(self, second: int, *, aided: bool = True) -> str:
        rules = self.rules_at(second)
        assert rules is not None
        states = [
            self.check_state(name, check, second, aided=aided)
            for name, check in self.counting(rules, second, "availability").items()
        ]
        if not states:
            return "unknown"
        order = (
            ["up", "degraded", "unknown", "down"]
            if rules.require == "any"
            else ["down", "unknown", "degraded", "up"]
        )
        state = next(candidate for candidate in order if candidate in states)
        if state == "up":
            for name, check in self.counting(rules, second, "performance").items():
                if self.check_state(name, check, second, aided=aided) in ("down", "degraded"):
                    state = "degraded"
        return state

    # ---- what people decided about it (rule 8)

    @cached_property
    def corrections(self) -> list[Correction]:
        last: dict[tuple[int, int], Correction] = {}
        for line in self.register.corrections:
            if line.service == self.service and line.at <= self.now:
                last[line.start, line.end] = line
        return [line for line in last.values() if line.becomes is not None]

    def corrected(self, second: int, state: str) -> str:
        for line in self.corrections:
            if line.start <= second < line.end:
                if line.becomes in ("up", "unknown") and state in ("down", "degraded"):
                    return str(line.becomes)
                if line.becomes == "down" and state == "unknown":
                    return "down"
        return state

    # ---- what was announced (rule 9)

    @cached_property
    def notices(self) -> dict[str, list[MaintenanceVersion]]:
        notices: dict[str, list[MaintenanceVersion]] = {}
        for line in self.register.maintenance:
            if line.at <= self.now:
                notices.setdefault(line.slug, []).append(line)
        return notices

    def told(self, second: int) -> bool:
        notice_s = self.promise_at(second).maintenance.notice_s
        for versions in self.notices.values():
            if versions[0].at > versions[0].starts - notice_s:
                continue
            in_force = [version for version in versions if version.at <= second - notice_s]
            if not in_force:
                continue
            last = in_force[-1]
            if not last.cancelled and self.service in last.services and last.starts <= second < last.ends:
                return True
        return False

    # ---- for which hours it is promised (rule 18)

    def agreed(self, second: int) -> bool:
        half_hour = second // HALF_HOUR  # no agreed hours of a test begin or end at another time
        if half_hour not in self.open:
            hours = self.promise_at(second).hours
            self.open[half_hour] = not hours or any(is_open(one, second) for one in hours)
        return self.open[half_hour]

    # ---- all of it, once

    @cached_property
    def life(self) -> dict[int, "Second"]:
        """Every second of the service's existence up to now."""
        life: dict[int, Second] = {}
        used: dict[int, int] = {}
        since = [
            self.midnight(line.rules.since)
            for line in self.register.services
            if line.service == self.service and line.rules and line.rules.since
        ]
        for second in range(min([*since, *self.first_seen.values()], default=self.now), self.now):
            if not self.exists(second):
                continue
            measured = self.measured(second)
            announced, agreed = self.told(second), self.agreed(second)
            if announced and agreed:
                month, cap = self.month_began(second), self.promise_at(second).maintenance.cap_s
                announced = cap is None or used.get(month, 0) < cap
                used[month] = used.get(month, 0) + announced
            unaided = self.measured(second, aided=False) if self.kept_late else measured
            life[second] = Second(
                measured,
                self.corrected(second, measured),
                self.corrected(second, unaided),
                announced,
                agreed,
            )
        return life


@dataclass(frozen=True)
class Second:
    """One second of a service's existence; `unaided`: its state without what late samples say."""

    measured: str
    state: str
    unaided: str
    announced: bool
    agreed: bool


def _encode_row(sample: Sample) -> bytes:
    cells = [
        sample.outcome,
        sample.latency_ms,
        sample.attempts,
        sample.interval_s,
        sample.vantage,
        sample.reason,
    ]
    return ",".join(str(cell) for cell in cells).encode()
