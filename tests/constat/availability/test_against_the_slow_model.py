"""The arithmetic agrees with a model that asks every rule of every second."""

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from constat.availability import build_account, build_days, compute_figures
from constat.availability.announced import list_months
from constat.interval import DAY_S, Interval, days_of, month_interval
from tests.support.digests import digest_samples
from tests.support.effort import scale_tries
from tests.support.figures_json import build_day_json, build_figures_json
from tests.support.random_histories import (
    CHANGES_OF_CLOCKS,
    DAYS,
    SERVICE,
    History,
    agreed_histories,
    histories,
)
from tests.support.second_reader import read_register, read_samples
from tests.support.slow_figures import SlowFigures
from tests.support.slow_model import SlowModel
from tests.support.slow_register import parse_seconds

VECTORS = Path(__file__).parents[2] / "vectors"


def _agree(history: History) -> None:
    """Assert that both give the same figures for every month and day of a history."""
    window = Interval(history.starts - 40 * DAY_S, history.now + 1)
    slow = SlowFigures(
        SlowModel(history.register, history.samples, SERVICE, history.zone, history.now, history.late)
    )
    evidence = digest_samples(history.samples, window, history.zone, history.now, history.late)
    held = build_account(history.register, evidence, SERVICE, history.zone, history.now)
    lived = Interval(history.starts - DAY_S, history.now)
    for month in list_months(lived, history.zone):
        ours = compute_figures(held, month, history.now)
        expected = slow.compute_month(month.start, month.end)
        assert [outage.reason for outage in ours.outages] == [
            outage.pop("reason") for outage in expected["outages"]
        ]
        assert build_figures_json(ours) == expected
    dates = days_of(lived, history.zone)
    assert [build_day_json(day) for day in build_days(held, dates, evidence)] == [
        slow.compute_day(day) for day in dates
    ]


@settings(max_examples=scale_tries(10))
@given(histories())
def test_random_hours_agree(history: History) -> None:
    _agree(history)


@settings(max_examples=scale_tries(12))
@given(agreed_histories())
def test_random_nights_with_agreed_hours_and_a_cap_agree(history: History) -> None:
    _agree(history)


@settings(max_examples=scale_tries(1))
@given(histories(DAYS, CHANGES_OF_CLOCKS))
def test_three_days_across_a_change_of_clocks_agree(history: History) -> None:
    _agree(history)


@pytest.mark.parametrize("case", ["015", pytest.param("219", marks=pytest.mark.long)])
def test_the_slow_model_agrees_with_a_case_worked_out_elsewhere(case: str) -> None:
    """The slow model is itself held to something that it does not share a line with; the second case has late rows."""
    root = VECTORS / case
    expected = json.loads((root / "expected.json").read_text("utf-8"))
    now, zone = parse_seconds(expected["now"]), ZoneInfo(expected["timezone"])
    rows = read_samples(root, now)
    model = SlowModel(read_register(root, now), rows.on_time, "website", zone, now, rows.late)
    month = SlowFigures(model).compute_month(*month_interval("2026-11", zone))
    for outage in month["outages"]:
        del outage["reason"]
    assert month == expected["months"]["website"]["2026-11"]
