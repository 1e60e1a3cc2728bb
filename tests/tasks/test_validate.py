"""All that is wrong with a project, as values; each message has its test in `tests/verbs/test_validate.py`."""

from pathlib import Path

import pytest

from constat.register.corrections_file import CORRECTIONS
from tasks.project import Project
from tasks.validate import find_problems, review
from tests.support.availability_cases import parse_time
from tests.support.small_project import format_service, write_project
from tests.support.source_tree import ROOT

NOTICE = "incidents/2026-10-31-queue.md"
TEXT = "---\ntitle: Queue\nkind: incident\nservices: [{}]\nimpact: major\n---\n## 2026-10-31T10:05Z investigating\nx\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A notice that names an unknown service, and a correction that is none."""
    write_project(tmp_path, format_service("smtp", "kind: tcp, host: 127.0.0.1, port: 9"))
    (tmp_path / "incidents").mkdir()
    (tmp_path / NOTICE).write_text(TEXT.format("smpt"), "utf-8")
    (tmp_path / CORRECTIONS).write_text("- {service: smtp}\n", "utf-8")
    return Project(tmp_path, ROOT, parse_time("2026-10-31 12:00"))


def test_problems_come_in_the_order_of_files_and_can_be_those_of_one(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [problem.file for problem in find_problems(project) if problem.severity == "error"]
    assert files == sorted(files)
    assert set(files) == {CORRECTIONS, NOTICE}
    assert {problem.file for problem in find_problems(project, [NOTICE])} == {NOTICE}
    assert capsys.readouterr() == ("", "")


def test_review_lists_problems_then_the_named_notices(project: Project) -> None:
    (project.root / "incidents/2026-10-31-other.md").write_text(TEXT.format("smtp"), "utf-8")
    text = review(project, find_problems(project, [NOTICE]), [NOTICE])
    assert text.startswith("## What is wrong\n\n- incidents/2026-10-31-queue.md:4")
    assert "### `2026-10-31-other`" not in text
    assert "### `2026-10-31-other`" in review(project, ())
    assert review(project, ()).startswith("## What this would publish")
