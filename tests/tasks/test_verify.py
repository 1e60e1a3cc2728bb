"""Verifying, as a value: rows, troubles and notes; the progress is handed out, and nothing is printed."""

import subprocess
import sys
from pathlib import Path

import pytest

from constat.errors import UsageError
from outside.site.reader import Place
from tasks.project import Project
from tasks.verify import verify_project, verify_site
from tests.support.frozen_project import MONTHS, NOW, freeze_all, publish_records, write_frozen_project
from tests.support.source_tree import ROOT


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, frozen and published, made once."""
    root = write_frozen_project(tmp_path_factory.mktemp("frozen") / "project")
    freeze_all(root)
    publish_records(root)
    return root


@pytest.fixture(autouse=True)
def _one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 1)


def test_every_month_is_in_the_report_and_its_progress_is_handed_out(
    frozen: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calls: list[tuple[int, int]] = []
    project = Project(frozen, ROOT, NOW)
    capsys.readouterr()
    report = verify_project(project, None, lambda done, count: calls.append((done, count)))
    assert [month.month for month in report.months] == list(MONTHS)
    assert (report.troubles, report.notes) == ((), ())
    assert calls == [(1, 3), (2, 3), (3, 3)]
    assert capsys.readouterr() == ("", "")


def test_published_page_gives_the_same_report(frozen: Path) -> None:
    here = verify_project(Project(frozen, ROOT, NOW), None, lambda *_: None)
    there = verify_site(Place(str(frozen / "site")), None, NOW, lambda *_: None)
    assert [month._replace(notes=()) for month in there.months] == list(here.months)
    (only,) = verify_site(Place(str(frozen / "site")), "2026-09", NOW, lambda *_: None).months
    assert only._replace(notes=()) == here.months[1]


def test_problem_of_several_months_is_reported_once(frozen: Path) -> None:
    """The file of the last day of August is evidence of August and of September."""
    day = frozen / "history/2026/08/2026-08-31.csv"
    kept = day.read_bytes()
    day.unlink()
    report = verify_project(Project(frozen, ROOT, NOW), None, lambda *_: None)
    day.write_bytes(kept)
    assert sum("2026/08/2026-08-31.csv is missing" in trouble for trouble in report.troubles) == 1
    assert sum("2026-08-31.csv is missing" in str(month.troubles) for month in report.months) == 2


def test_unfrozen_month_cannot_be_verified(frozen: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="2026-11 is not frozen") as later:
        verify_project(Project(frozen, ROOT, NOW), "2026-11", lambda *_: None)
    assert later.value.tip == "freeze it: constat statement 2026-11"
    with pytest.raises(UsageError, match="2020-01 is not frozen") as earlier:
        verify_project(Project(frozen, ROOT, NOW), "2020-01", lambda *_: None)
    first = Project(frozen, ROOT, NOW).frozen_months[0].month
    assert earlier.value.tip == f"the chain of statements begins with {first}", (
        "nobody can freeze an earlier month"
    )
    with pytest.raises(UsageError, match="publishes no statement"):
        verify_site(Place(str(tmp_path)), None, NOW, lambda *_: None)


def test_worker_module_imports_little() -> None:
    """Each process that verifies loads it again: no kinds of check, no notices, no configuration."""
    program = "import sys, tasks.verify_month; print(*sorted(sys.modules))"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)  # noqa: S603 (our own program)
    loaded = set(done.stdout.split())
    assert "constat.statement" in loaded
    assert not loaded & {"checks.registry", "constat.config", "constat.notices", "tasks.project", "yaml"}
