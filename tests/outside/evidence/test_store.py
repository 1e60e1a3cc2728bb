"""The worked cases, loaded from a real disk with and without derived files."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from constat.availability import build_account, build_days, compute_figures
from constat.interval import Interval, day_interval, month_interval, parse_instant
from constat.model import Evidence
from outside.evidence import store
from tests.support.figures_json import build_day_json, build_figures_json
from tests.support.source_tree import ROOT

VECTORS = ROOT / "tests" / "vectors"
CASES = sorted(path.name for path in VECTORS.iterdir() if path.is_dir())


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A worked case, copied so that derived files can be written beside its evidence."""
    return Path(shutil.copytree(VECTORS / request.param, tmp_path / "project"))


def _load(root: Path) -> tuple[dict[str, Any], Evidence]:
    expected = json.loads((root / "expected.json").read_text("utf-8"))
    now, zone = parse_instant(expected["now"]), ZoneInfo(expected["timezone"])
    first = min(date.fromisoformat(day["date"]) for days in expected["days"].values() for day in days)
    return expected, store.load_evidence(root, Interval(day_interval(first, zone).start, now), zone, now)


def _figures(root: Path, expected: dict[str, Any], evidence: Evidence) -> dict[str, Any]:
    now, zone = parse_instant(expected["now"]), ZoneInfo(expected["timezone"])
    register = store.read_register(root, now)
    figures: dict[str, Any] = {"days": {}, "months": {}}
    for service, months in expected["months"].items():
        account = build_account(register, evidence, service, zone, now)
        dates = [date.fromisoformat(day["date"]) for day in expected["days"][service]]
        figures["days"][service] = [build_day_json(day) for day in build_days(account, dates, evidence)]
        figures["months"][service] = {
            month: build_figures_json(compute_figures(account, month_interval(month, zone), now))
            for month in months
        }
    return figures


def test_worked_cases_match_with_and_without_derived_files(case: Path) -> None:
    """The figures are the same from the day files, from the derived files, and from a mixture of both."""
    expected, cold = _load(case)
    assert _figures(case, expected, cold) == {key: expected[key] for key in ("days", "months")}
    derived = sorted((case / "history/derived").rglob("*.json"))
    assert derived
    before = {path: path.read_bytes() for path in derived}
    assert _load(case)[1] == cold
    derived[0].unlink()
    assert _load(case)[1] == cold
    shutil.rmtree(case / "history/derived")
    assert _load(case)[1] == cold
    assert {path: path.read_bytes() for path in derived} == before
