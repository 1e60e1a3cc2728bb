"""The demo's project takes the place of an earlier one, and of nothing else; the whole of it is in `tests/verbs/test_demo.py`."""

from pathlib import Path
from typing import NoReturn

import pytest

from constat.errors import UsageError
from tasks.demo import lay_demo
from tasks.project import Project
from tests.support.demo_states import NOW
from tests.support.source_tree import ROOT


def _never(*_: object) -> NoReturn:
    raise AssertionError("nothing is waited for, and nothing looked at")


def test_foreign_folder_is_left_unchanged(tmp_path: Path) -> None:
    (tmp_path / "status.yml").write_text("mine")
    demo = lay_demo(Project(tmp_path, ROOT, NOW), 90, _never, _never)
    with pytest.raises(UsageError, match="is not a project of the demo"), demo:
        _never()
    assert [path.name for path in tmp_path.iterdir()] == ["status.yml"]
