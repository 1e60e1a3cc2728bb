"""docs/verify.md: the program gives the same statement of the month as the computation by hand."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from constat.interval import parse_instant
from tests.support.source_tree import ROOT
from tests.support.verb_runner import run_verb
from verbs import statement, verify

SMALL = ROOT / "docs/small-month"
STATEMENT = "history/statements/2026-10.json"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the small month."""
    return Path(shutil.copytree(SMALL, tmp_path / "small", ignore=shutil.ignore_patterns("derived")))


@pytest.fixture
def frozen() -> dict[str, Any]:
    """Its statement, as it is in the documentation."""
    return dict(json.loads((SMALL / STATEMENT).read_text("utf-8")))


def _document() -> str:
    """The text of the page, each run of spaces as one."""
    return " ".join((ROOT / "docs/verify.md").read_text("utf-8").split())


def test_the_small_month_freezes_to_the_same_bytes(project: Path) -> None:
    (project / STATEMENT).unlink()
    now = parse_instant("2026-11-04T00:07:00Z")
    assert run_verb(statement, project, now, "2026-10") == 0
    assert (project / STATEMENT).read_bytes() == (SMALL / STATEMENT).read_bytes()


def test_the_small_month_verifies(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The output is that in the document."""
    now = parse_instant("2026-11-05T00:00:00Z")
    assert run_verb(verify, project, now) == 0
    table = capsys.readouterr().out.splitlines()[:2]
    assert "```text\n" + "\n".join(table) + "\n```" in (ROOT / "docs/verify.md").read_text("utf-8")


def test_spreadsheet_gives_the_seconds_of_the_statement(frozen: dict[str, Any]) -> None:
    """Columns J and K of the page and their sums, computed without our code."""
    with (SMALL / "history/2026/10/2026-10-31.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    times = [parse_instant(row["at"]) for row in rows]
    ends = [*times[1:], parse_instant("2026-10-31T23:00:00Z")]
    speaks = [
        min(end, at + 2 * int(row["interval_s"])) - at for row, at, end in zip(rows, times, ends, strict=True)
    ]
    sums = {
        outcome: sum(spoken for row, spoken in zip(rows, speaks, strict=True) if row["outcome"] == outcome)
        for outcome in ("up", "degraded", "down")
    }
    stated = frozen["services"][0]["seconds"]
    assert stated == {"window": 7200, **sums, "unknown": 7200 - sum(sums.values())}
    cells = " | ".join(f"{stated[part]:,}" for part in ("up", "degraded", "down", "unknown"))
    assert f"| {cells} |" in _document()
    for row, spoken in zip(rows, speaks, strict=True):
        assert f"| {row['at'][11:16]} | {row['outcome']} | {spoken} |" in _document()


def test_every_figure_of_the_page_is_that_of_the_statement(frozen: dict[str, Any]) -> None:
    (smtp,) = frozen["services"]
    text = _document()
    for shares in (smtp["all"], smtp["without_maintenance"]):
        for figure in ("availability", "lower", "upper"):
            assert f"= {shares[figure]} %" in text
    assert f"= {smtp['all']['coverage']} %" in text
    assert f"(`{smtp['verdict']}`)" in text
    assert smtp["without_maintenance"]["verdict"] == "met"
    allowed, spent, left = (smtp["budget"][key] for key in ("allowed_s", "spent_s", "left_s"))
    assert f"= {allowed:,} s of downtime; {spent:,} were spent, {left:,} are left" in text
    assert f"{smtp['checks']['expected']} checks were due" in text
    assert f"; {smtp['checks']['made']} were made" in text
    first, second = smtp["outages"]
    assert f"({first['seconds']} s, *{first['reason']}*)" in text
    assert (
        f"({second['seconds']} s, *{second['reason']}*, {second['maintenance_s']} of them announced)" in text
    )
    assert f"to 22:00, {smtp['longest_gap_s']} s" in text
