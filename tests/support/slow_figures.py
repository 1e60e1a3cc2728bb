"""The figures of a month and the bar of a day, counted from the seconds of the slow model."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from constat.model import Sample, ServiceRules
from tests.support.slow_model import HALF_HOUR, Second, SlowModel


@dataclass
class SlowFigures:
    """Counts the seconds of a model."""

    model: SlowModel
    tells: dict[tuple[str, str], tuple[set[int], set[int], set[int]]] = field(default_factory=dict)

    # ---- figures of a month (rules 10 to 14)

    def compute_month(self, start: int, end: int) -> dict[str, Any]:
        """The figures of a month, in the shape of a statement."""
        life, now = self.model.life, self.model.now
        seconds = {second: held for second, held in life.items() if start <= second < end and held.agreed}
        everything = _count(seconds.values())
        maintenance = _count(second for second in seconds.values() if second.announced)
        without = {state: everything[state] - maintenance[state] for state in everything}
        rules = self.model.promise_at(end - 1)
        ahead = sum(self._ahead(end))
        counts = "all" if rules.maintenance.counts else "without_maintenance"
        scopes = {"all": everything, "without_maintenance": without}
        shares = {
            name: _compute_shares(rules, scope, ahead, in_progress=end > now)
            for name, scope in scopes.items()
        }
        counted = scopes[counts]
        assert rules.target is not None
        allowed = int((100 - Fraction(rules.target)) * (counted["window"] + ahead) / 100)
        return {
            "counts": counts,
            "seconds": everything,
            "maintenance": maintenance,
            **shares,
            "verdict": shares[counts]["verdict"],
            "budget": {
                "allowed_s": allowed,
                "spent_s": counted["down"],
                "left_s": allowed - counted["down"],
                "unknown_s": counted["unknown"],
            },
            "checks": self._cadence(seconds),
            "longest_gap_s": max((len(run) for run in _find_runs(seconds, "unknown")), default=0),
            "credit": _find_credit(rules, counted),
            "late_s": sum(held.state != "unknown" and held.unaided == "unknown" for held in seconds.values()),
            "outages": [self._outage(run) for run in _find_runs(seconds, "down")],
        } | ({"in_progress": True} if end > now else {})

    def _ahead(self, end: int) -> Iterator[int]:
        """The seconds still to come in which the service will exist: only a midnight, or an agreed hour, can change that."""
        second = self.model.now
        while second < end:
            following = min(end, second // HALF_HOUR * HALF_HOUR + HALF_HOUR)
            if self.model.exists(second) and self.model.agreed(second):
                yield following - second
            second = following

    def _cadence(self, seconds: Iterable[int]) -> dict[str, Any]:
        expected: dict[str, int] = {}
        made: dict[str, int] = {}
        for second in seconds:
            rules = self.model.rules_at(second)
            assert rules is not None
            for name, check in self.model.counting(rules, second, "availability").items():
                if second % check.interval_s != 0:
                    continue
                for vantage in check.vantages:
                    expected[vantage] = expected.get(vantage, 0) + 1
                    slot = range(second, second + check.interval_s)
                    made[vantage] = made.get(vantage, 0) + self._is_made(name, vantage, slot)
        return {
            "expected": sum(expected.values()),
            "made": sum(made.values()),
            "vantages": {name: {"expected": expected[name], "made": made[name]} for name in sorted(expected)},
        }

    def _is_made(self, check: str, vantage: str, slot: range) -> bool:
        """Whether a slot holds a known sample on time, or a late one where there is none on time at all."""
        known, any_on_time, late = self._telling(check, vantage)
        if any(at in any_on_time for at in slot):
            return any(at in known for at in slot)
        return any(at in late for at in slot)

    def _telling(self, check: str, vantage: str) -> tuple[set[int], set[int], set[int]]:
        """The times of the samples on time with a known outcome, of all on time, and of late ones with a known outcome."""
        if (check, vantage) not in self.tells:
            own = [row for row in self.model.kept if (row.check, row.vantage) == (check, vantage)]
            late = [row for row in self.model.kept_late if (row.check, row.vantage) == (check, vantage)]
            self.tells[check, vantage] = (
                {row.at for row in own if row.outcome != "unknown"},
                {row.at for row in own},
                {row.at for row in late if row.outcome != "unknown"},
            )
        return self.tells[check, vantage]

    def _outage(self, run: list[int]) -> dict[str, Any]:
        return {
            "start": _format_time(run[0]),
            "end": _format_time(run[-1] + 1),
            "seconds": len(run),
            "maintenance_s": sum(self.model.life[second].announced for second in run),
            "reason": self._reason(run),
        }

    def _reason(self, run: list[int]) -> str:
        if not any(self.model.life[second].measured == "down" for second in run):
            return "correction"
        earliest: Sample | None = None
        for second in run:
            rules = self.model.rules_at(second)
            assert rules is not None
            for name, check in self.model.counting(rules, second, "availability").items():
                for vantage in check.vantages:
                    sample = self.model.spoken.get((name, vantage), {}).get(second)
                    if sample and sample.outcome == "down" and (earliest is None or sample.at < earliest.at):
                        earliest = sample
        assert earliest is not None
        return earliest.reason

    # ---- a day's bar (rule 17)

    def compute_day(self, day: date) -> dict[str, Any]:
        """One day, in the shape of `/api/history/<service>.json`."""
        model = self.model
        start, end = model.midnight(day), model.midnight(day + timedelta(days=1))
        seconds = [held for second, held in model.life.items() if start <= second < end]
        everything, maintenance = _count(seconds), _count(second for second in seconds if second.announced)
        agreed = [second for second in seconds if second.agreed]
        counted, told = _count(agreed), _count(second for second in agreed if second.announced)
        figure = counted
        if not model.promise_at(start).maintenance.counts:
            figure = {state: counted[state] - told[state] for state in counted}
        return {
            "date": day.isoformat(),
            "status": _find_status(everything, maintenance),
            "partial": (everything["window"] - everything["unknown"]) * 10 < everything["window"] * 9,
            "seconds": counted,
            "maintenance": told,
            "availability": _format_percent(
                figure["up"] + figure["degraded"], figure["window"] - figure["unknown"]
            ),
        }


def _find_status(everything: dict[str, int], maintenance: dict[str, int]) -> str:
    without = {state: everything[state] - maintenance[state] for state in everything}
    observed = everything["window"] - everything["unknown"]
    if without["down"] >= 60:
        return "outage"
    if without["degraded"] >= 60 or without["down"] > 0:
        return "degraded"
    if everything["window"] == 0 or observed * 10 < everything["window"]:
        return "no_data"
    return "maintenance" if maintenance["window"] >= 60 else "operational"


def _compute_shares(
    rules: ServiceRules, scope: dict[str, int], ahead: int, *, in_progress: bool
) -> dict[str, str | None]:
    good, window, unknown = scope["up"] + scope["degraded"], scope["window"], scope["unknown"]
    observed = window - unknown
    verdict: str | None
    assert rules.target is not None
    if in_progress:
        over = scope["down"] * 100 > (100 - Fraction(rules.target)) * (window + ahead)
        verdict = "missed" if over else None
    else:
        verdict = _find_verdict(rules, good, observed, window)
    return {
        "availability": _format_percent(good, observed),
        "lower": _format_percent(good, window) if observed else None,
        "upper": _format_percent(good + unknown, window) if observed else None,
        "coverage": _format_percent(observed, window),
        "verdict": verdict,
    }


def _find_credit(rules: ServiceRules, counted: dict[str, int]) -> dict[str, str | None] | None:
    """Find the highest percentage whose limit is above the observed figure, and above the upper bound."""
    if not rules.credits:
        return None
    good, window, unknown = counted["up"] + counted["degraded"], counted["window"], counted["unknown"]
    given: dict[str, str | None] = {}
    for name, part, whole in (
        ("observed", good, window - unknown),
        ("certain", good + unknown, window),
    ):
        due = [Decimal(0), *(row.percent for row in rules.credits if row.below * whole > part * 100)]
        given[name] = f"{max(due).normalize():f}" if whole else None
    return given


def _find_verdict(rules: ServiceRules, good: int, observed: int, window: int) -> str:
    assert rules.target is not None
    promised = Fraction(rules.target) / 100
    if observed == 0:
        return "no_data"
    if Fraction(good, window) >= promised:
        return "met"
    if Fraction(good + window - observed, window) < promised:
        return "missed"
    if Fraction(observed, window) * 100 < Fraction(rules.min_coverage):
        return "unproven"
    return "likely_met" if Fraction(good, observed) >= promised else "likely_missed"


def _count(seconds: Iterable[Second]) -> dict[str, int]:
    states = [second.state for second in seconds]
    counts = {state: states.count(state) for state in ("up", "degraded", "down", "unknown")}
    return {"window": len(states), **counts}


def _find_runs(seconds: dict[int, Second], state: str) -> list[list[int]]:
    runs: list[list[int]] = []
    for second, held in seconds.items():
        if held.state != state:
            continue
        if runs and runs[-1][-1] == second - 1:
            runs[-1].append(second)
        else:
            runs.append([second])
    return runs


def _format_percent(part: int, whole: int) -> str | None:
    """Format a percentage with three decimals, rounded down."""
    if whole == 0:
        return None
    thousandths = part * 100_000 // whole
    return f"{thousandths // 1000}.{thousandths % 1000:03d}"


def _format_time(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
