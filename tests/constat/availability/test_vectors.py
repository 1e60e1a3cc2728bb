"""The worked cases of tests/vectors, to the second."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from checks.registry import KINDS, load_kind
from constat import notices
from constat.availability import build_account, build_days, compute_figures
from constat.interval import DAY_S, Interval, month_interval, parse_instant
from constat.register import build_effective_register
from outside.evidence import store
from outside.project import files
from tests.support.figures_json import build_day_json, build_figures_json

VECTORS = Path(__file__).parents[2] / "vectors"
CASES = sorted(path.name for path in VECTORS.iterdir() if path.is_dir())


def _counted(root: Path, expected: dict[str, Any]) -> dict[str, Any]:
    """Days and months of every service of a case, in the shape of its expected.json."""
    now, zone = parse_instant(expected["now"]), ZoneInfo(expected["timezone"])
    window = Interval(now - 10 * DAY_S, now + 1)
    evidence = store.load_evidence(root, window, zone, now)
    config = files.read_config(root, KINDS, load_kind)
    context = notices.NoticeContext.of_config(config, now)
    authored, problems = notices.parse_notices(files.read_notices(root), context)
    assert (config.page.timezone, problems) == (zone, ())
    register = build_effective_register(store.read_register(root, now), config, authored, now)
    counted: dict[str, Any] = {
        "now": expected["now"],
        "timezone": expected["timezone"],
        "days": {},
        "months": {},
    }
    for service, months in expected["months"].items():
        held = build_account(register, evidence, service, zone, now)
        dates = [date.fromisoformat(day["date"]) for day in expected["days"][service]]
        counted["days"][service] = [build_day_json(day) for day in build_days(held, dates, evidence)]
        windows = {month: month_interval(month, zone) for month in months}
        counted["months"][service] = {
            month: build_figures_json(compute_figures(held, window, now)) for month, window in windows.items()
        }
    return counted


@pytest.mark.parametrize("case", CASES)
def test_worked_case_matches_to_the_second(case: str, tmp_path: Path) -> None:
    """Every day and every month of every service is what was counted second by second from the rules."""
    root = Path(shutil.copytree(VECTORS / case, tmp_path / case))
    expected = json.loads((root / "expected.json").read_text("utf-8"))
    assert _counted(root, expected) == expected
    assert _counted(root, expected) == expected, "and again, from the derived files"
