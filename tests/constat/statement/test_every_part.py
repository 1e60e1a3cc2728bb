"""The parts of a statement beside its figures: first samples, rules, uncorrected figures, windows, corrections."""

import json
from typing import Any

from hypothesis import given, settings

from constat.availability.announced import list_months
from constat.interval import DAY_S, Interval, format_instant, month_of
from constat.register.line_writer import write_rules
from constat.statement import FreezeSettings, StatementInputs, encode_statement, state_month
from tests.support.digests import digest_samples
from tests.support.effort import scale_tries
from tests.support.random_histories import EVENING, MONTH_ENDS, SERVICE, History, histories
from tests.support.slow_figures import SlowFigures
from tests.support.slow_model import SlowModel


def _expected(slow: SlowFigures, month: Interval) -> dict[str, Any] | None:
    """The service's part of a statement; `None` where it did not exist in the month."""
    model = slow.model
    lived = [second for second in model.life if second in month]
    if not lived:
        return None
    rules = model.promise_at(month.end - 1)
    figures = slow.compute_month(*month)
    named = {check for line in model.lines if line.rules for check in line.rules.checks}
    seen = {check: at for check, at in sorted(model.first_seen.items()) if check in named and at < month.end}
    return {
        "id": SERVICE,
        **figures,
        "uncorrected": _uncorrected(slow, month, figures["counts"]),
        "first": {
            "service": format_instant(min(model.life)),
            "checks": {check: format_instant(at) for check, at in seen.items()},
        },
        "rules": write_rules(rules),
    }


def _uncorrected(slow: SlowFigures, month: Interval, counts: str) -> dict[str, Any] | None:
    model = slow.model
    if not any(line.start < month.end and month.start < line.end for line in model.corrections):
        return None
    lived = [held for second, held in model.life.items() if second in month and held.agreed]
    states = [held.measured for held in lived]
    counted = [held.measured for held in lived if counts == "all" or not held.announced]
    good = sum(state in ("up", "degraded") for state in counted)
    observed = sum(state != "unknown" for state in counted)
    thousandths = good * 100_000 // observed if observed else 0
    return {
        "seconds": {"window": len(states)}
        | {state: states.count(state) for state in ("up", "degraded", "down", "unknown")},
        "availability": f"{thousandths // 1000}.{thousandths % 1000:03}" if observed else None,
    }


@settings(max_examples=scale_tries(8))
@given(histories(EVENING, MONTH_ENDS))
def test_the_statement_of_a_random_month_agrees(history: History) -> None:
    """Every figure of every service, of a month that ended some hours ago."""
    month = next(list_months(Interval(history.starts - DAY_S, history.now), history.zone))
    window = Interval(month.start - DAY_S, month.end)
    evidence = digest_samples(history.samples, window, history.zone, history.now, history.late)
    grounds = StatementInputs(history.register, evidence, (), ())
    stated = encode_statement(
        state_month(month_of(month.start, history.zone), history.zone, grounds, FreezeSettings(history.now))
    )
    told = json.loads(stated)
    model = SlowModel(history.register, history.samples, SERVICE, history.zone, history.now, history.late)
    expected = _expected(SlowFigures(model), month)
    for service in told["services"]:
        del service["target"]  # spelt as a percentage; `rules` hold it too
    assert told["services"] == ([expected] if expected else [])
    assert [line["start"] for line in told["corrections"]] == [
        format_instant(line.start)
        for line in history.register.corrections
        if line.at <= history.now and line.start < month.end and month.start < line.end
    ]
    windows = {
        line.slug: None
        for line in history.register.maintenance
        if line.at <= history.now and line.starts < month.end and month.start < line.ends
    }
    assert {notice["slug"] for notice in told["maintenance"]} == windows.keys()
