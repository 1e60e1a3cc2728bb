"""The worked cases of tests/vectors, to the second."""

import json
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from constat.availability import account, days, figures
from constat.interval import Interval, month_interval
from tests.support.evidence import evidence_of
from tests.support.figures_json import day_json, figures_json
from tests.support.projects import read_register, read_samples, seconds

VECTORS = Path(__file__).parents[2] / "vectors"
CASES = sorted(path.name for path in VECTORS.iterdir() if path.is_dir())


def _counted(root: Path, expected: dict[str, Any]) -> dict[str, Any]:
    """Days and months of every service of a case, in the shape of its expected.json."""
    now, zone = seconds(expected["now"]), ZoneInfo(expected["timezone"])
    samples = read_samples(root, now)
    evidence = evidence_of(samples, Interval(0, now + 1))
    counted: dict[str, Any] = {
        "now": expected["now"],
        "timezone": expected["timezone"],
        "days": {},
        "months": {},
    }
    for service, months in expected["months"].items():
        held = account(read_register(root), evidence, service, zone, now)
        dates = [date.fromisoformat(day["date"]) for day in expected["days"][service]]
        counted["days"][service] = [day_json(day) for day in days(held, dates, evidence)]
        windows = {month: month_interval(month, zone) for month in months}
        counted["months"][service] = {
            month: figures_json(figures(held, window, now)) for month, window in windows.items()
        }
    return counted


@pytest.mark.parametrize("case", CASES)
def test_a_worked_case_comes_out_to_the_second(case: str) -> None:
    """Every day and every month of every service is what was counted second by second from the rules."""
    root = VECTORS / case
    expected = json.loads((root / "expected.json").read_text("utf-8"))
    assert _counted(root, expected) == expected
