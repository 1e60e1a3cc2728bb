"""The unchanged workflows on a branch of more than a year."""

import shutil
from zoneinfo import ZoneInfo

import pytest

from constat.history import HEADER, build_day_path
from constat.interval import DAY_S, Interval, format_instant, local_date
from outside.branch.append import push
from outside.evidence import store
from tasks.project import Project
from tasks.record import record_pending_lines
from tests.e2e.conftest import START, Stage
from tests.support.frozen_project import run as freeze
from tests.support.git_remote import HURRIED
from tests.support.git_remote import run as command
from tests.support.source_tree import ROOT
from verbs import statement

TODAY = "2026/11/2026-11-24.csv"
DAYS = 440
EVERY_S = 3 * 3600
ZURICH = ZoneInfo("Europe/Zurich")


def lay_days(stage: Stage, *, frozen: bool) -> None:
    """Let the branch hold more than a year of days, a row every three hours, with what was derived of them, and frozen."""
    files = {}
    for day in range(START // DAY_S * DAY_S - DAYS * DAY_S, START, DAY_S):
        times = map(format_instant, range(day, min(day + DAY_S, START - EVERY_S), EVERY_S))
        rows = "".join(f"{at},api,status,up,9,1,{EVERY_S},gha,\n" for at in times)
        files[build_day_path(local_date(day, ZoneInfo("UTC")))] = f"{HEADER}\n{rows}"
    stage.remote.seed(files)
    root = stage.folder / "years"
    git = stage.remote.clone(root / "history")
    shutil.copy(stage.folder / "main/status.yml", root)
    record_pending_lines(Project(root, ROOT, START - DAYS * DAY_S))
    push(git, "gha: register", START - 3600, HURRIED)  # a statement rests on what the branch holds
    if frozen:
        assert freeze(statement, root, "--due", now=START) == 0
    store.load_evidence(root, Interval(START - DAYS * DAY_S, START), ZURICH, START)
    push(git, "gha: evidence", START - 3600, HURRIED)


@pytest.mark.long
def test_watch_fetches_two_days_and_loses_nothing(stage: Stage) -> None:
    lay_days(stage, frozen=False)
    before = {path: stage.remote.read_text(path) for path in stage.remote.list_paths()[::50]}
    run = stage.run("watch", "watch")
    assert not run.failed
    folder = run.checkout / "history"
    assert sorted(path.name for path in folder.rglob("*.csv")) == ["2026-11-23.csv", "2026-11-24.csv"]
    held = command("git", "-C", str(folder), "cat-file", "--batch-all-objects", "--batch-check")
    assert held.count(" tree ") <= 30  # root, year and month, and those of derived files, for each push
    assert sum(path.startswith("20") for path in stage.remote.list_paths()) == DAYS + 1
    assert {path: stage.remote.read_text(path) for path in before} == before
    assert ",api,status,up," in stage.remote.read_text(TODAY)


def test_page_has_thirteen_months_of_evidence_and_all_statements(stage: Stage) -> None:
    lay_days(stage, frozen=True)
    run = stage.publish("publish", START)
    site = run.folder / "artifact"
    days = len(list((site / "evidence").rglob("*.csv.gz")))
    assert 13 * 28 <= days <= 400
    assert len(list((site / "api/sla").glob("*.json"))) == 14
    assert "2026-10" in (site / "sla/index.html").read_text()


@pytest.mark.long
def test_month_too_old_to_freeze_does_not_block_the_page(stage: Stage) -> None:
    """Its days are too old to be fetched: the page is out, and the run says at its end that it failed."""
    lay_days(stage, frozen=False)
    run = stage.run("publish", "publish")
    assert run.failed.startswith("Fail where a month could not be frozen: ")
    assert "is missing, and the statement of the month rests on it" in run.output["Freeze what is due"]
    assert (run.folder / "artifact/index.html").exists()
