"""Freezing, as values: what was written, how a frozen statement would differ, what was left out; nothing is printed."""

import shutil
from pathlib import Path

import pytest

from constat.errors import UsageError
from constat.register import line_writer
from outside.evidence import store
from tasks.freeze import freeze_due_months, freeze_month, list_due_months
from tasks.project import Project
from tests.support.availability_cases import parse_time
from tests.support.frozen_project import FALSE_ALARM, MONTHS, NOW, write_frozen_project
from tests.support.source_tree import ROOT


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with nothing frozen, made once."""
    return write_frozen_project(tmp_path_factory.mktemp("laid") / "project")


@pytest.fixture
def root(laid: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(laid, tmp_path / "project"))


def open_project(root: Path, now: int = NOW) -> Project:
    return Project(root, ROOT, now)


def test_months_are_due_from_the_first_sample_to_the_last_whose_time_has_come(laid: Path) -> None:
    assert tuple(list_due_months(open_project(laid))) == MONTHS
    assert list(list_due_months(open_project(laid, parse_time("2026-09-02 12:00")))) == []


def test_month_after_a_gap_is_refused_with_the_month_to_begin_with(root: Path) -> None:
    freeze_month(open_project(root), "2026-08")
    with pytest.raises(UsageError, match="2026-10 would leave a gap") as raised:
        freeze_month(open_project(root), "2026-10")
    assert raised.value.tip == "freeze first: constat statement 2026-09"


def test_each_due_month_is_frozen_on_the_one_before(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A ticket of a month to come is left out of it, and is a problem of the result."""
    early = list(freeze_due_months(open_project(root, parse_time("2026-09-05 00:00"))))
    assert [(result.month, len(result.problems)) for result in early] == [("2026-08", 7)]
    results = list(freeze_due_months(open_project(root)))
    assert [result.month for result in results] == ["2026-09", "2026-10"]
    written = [result.written for result in (*early, *results) if result.written]
    assert [file.path for file in written] == [f"statements/{month}.json" for month in MONTHS]
    previous = [file.statement.previous for file in written]
    assert [each.sha256 if each else None for each in previous] == [
        None,
        written[0].sha256,
        written[1].sha256,
    ]
    assert capsys.readouterr() == ("", "")


def test_a_frozen_month_is_written_again_only_with_a_reason(root: Path) -> None:
    assert len(tuple(freeze_due_months(open_project(root)))) == len(MONTHS)
    same = freeze_month(open_project(root), "2026-09")
    assert (same.written, same.differences) == (None, ())
    store.append_register(root, [line_writer.write_correction(FALSE_ALARM).replace('"up"', '"unknown"')])
    differing = freeze_month(open_project(root), "2026-09")
    assert differing.written is None
    assert "api seconds.up" in str(differing.differences[0])
    again = freeze_month(open_project(root), "2026-09", "the correction was changed")
    assert again.written is not None
    assert again.written.statement.supersedes is not None
    assert again.differences == ()
