"""Drafting a notice as values; the files are tested in `tests/verbs/test_new.py`."""

import subprocess
from pathlib import Path

import pytest

from constat.errors import InputError, UsageError
from tasks.draft import Draft, lay_down, list_wordings
from tasks.notice_requests import IncidentRequest, MaintenanceRequest, Request, UpdateRequest
from tasks.project import Project
from tests.support.availability_cases import parse_time
from tests.support.command_line import build_environment
from tests.support.small_project import format_service, write_project
from tests.support.source_tree import ROOT

NOW = parse_time("2026-11-24 09:25")
INCIDENT = IncidentRequest(title="Relais lent", services="smtp", text="Le courrier attend.")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_project(tmp_path, format_service("smtp", "kind: tcp, host: smtp.example.org, port: 25"))


def ask(root: Path, request: Request) -> Draft:
    return lay_down(Project(root, ROOT, NOW), request, build_environment())


def test_a_draft_names_its_files_and_what_they_are(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(root, INCIDENT) == Draft(
        ("incidents/2026-11-24-relais-lent.md",), "Incident: Relais lent", in_git=False
    )
    maintenance = MaintenanceRequest("2026-12-01T22:00", "3h", title="Travaux", services="smtp")
    assert ask(root, maintenance).summary == "Maintenance: Travaux"
    assert ask(root, UpdateRequest("relais", "resolved")).summary == "2026-11-24-relais-lent: resolved"
    assert capsys.readouterr() == ("", "")


def test_a_draft_knows_whether_git_keeps_it(root: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(root)], check=True)  # noqa: S603, S607 (our own words)
    assert ask(root, INCIDENT).in_git
    (root / ".gitignore").write_text("incidents\n", encoding="utf-8")
    assert not ask(root, INCIDENT).in_git


def test_invalid_draft_is_not_written(root: Path) -> None:
    with pytest.raises(InputError):
        ask(root, INCIDENT._replace(title="<b>x</b>"))
    with pytest.raises(UsageError, match="no service is named"):
        ask(root, INCIDENT._replace(services=None))
    assert not (root / "incidents").exists()


def test_a_wording_without_a_title_is_listed_by_its_text(root: Path) -> None:
    listed = {wording.name: wording for wording in list_wordings(Project(root, ROOT, NOW))}
    assert listed["postmortem"].text == "Ce que vous avez remarqué"
    assert (listed["delays"].about, listed["delays"].text) == ("incident", "Envois retardés")
    assert listed["resolved"].text.startswith("L'incident est résolu.")


def test_postmortem_finds_a_resolved_incident_by_part_of_its_name(root: Path) -> None:
    ask(root, INCIDENT)
    ask(root, UpdateRequest("relais", "resolved", "Un disque."))
    later = Project(root, ROOT, NOW + 600)
    with pytest.raises(UsageError, match="there is no notice relais"):
        lay_down(later, UpdateRequest("relais", "monitoring", "x"), build_environment())
    asked = UpdateRequest("relais", "postmortem", "Pourquoi.")
    assert lay_down(later, asked, build_environment()).summary.endswith(": postmortem")
