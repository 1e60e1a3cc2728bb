"""The worked cases, end to end: the figures published for programs equal those counted second by second."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from constat.interval import parse_instant
from tasks.build import rehearse_site
from tasks.project import Project
from tests.support.source_tree import ROOT
from tests.support.verb_runner import run_verb
from verbs import statement

VECTORS = ROOT / "tests/vectors"
CASES = sorted(path.name for path in VECTORS.iterdir() if path.is_dir())


def _case(name: str, folder: Path) -> tuple[Path, dict[str, Any]]:
    """A copy of a case, and its expected figures."""
    root = Path(shutil.copytree(VECTORS / name, folder / name))
    return root, json.loads((root / "expected.json").read_text("utf-8"))


@pytest.mark.parametrize("name", CASES)
def test_published_days_match_the_worked_cases(name: str, tmp_path: Path) -> None:
    """Every day of every service, of `/api/history/`; days before it began have nothing."""
    root, expected = _case(name, tmp_path)
    built = rehearse_site(Project(root, ROOT, parse_instant(expected["now"])))
    for service, days in expected["days"].items():
        published = json.loads(built.files[f"api/history/{service}.json"])["days"]
        for day in published:
            del day["latency_ms"]
        assert published[-len(days) :] == days
        assert {day["status"] for day in published[: -len(days)]} == {"no_data"}
        assert {str(day["availability"]) for day in published[: -len(days)]} == {"None"}


def test_frozen_month_matches_the_worked_case(tmp_path: Path) -> None:
    """Only one of the worked cases has a month that is over."""
    root, expected = _case("128", tmp_path)
    assert run_verb(statement, root, parse_instant(expected["now"]), "2026-10") == 0
    (website,) = json.loads((root / "history/statements/2026-10.json").read_text("utf-8"))["services"]
    for outage in website["outages"]:
        assert outage.pop("reason")
    figures = expected["months"]["website"]["2026-10"]
    assert {key: website[key] for key in figures} == figures
