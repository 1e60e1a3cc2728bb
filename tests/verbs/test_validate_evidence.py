"""`validate` on tickets, corrections, and the lines that the next run records in the register."""

import json
from pathlib import Path

import pytest

from constat.history import HEADER, format_row
from tasks.project import Project
from tasks.record import record_pending_lines
from tests.support.availability_cases import make_samples, parse_time
from tests.support.small_project import format_service, write_project
from tests.support.source_tree import ROOT
from tests.support.verb_runner import run_verb
from verbs import validate as verb

NOW = parse_time("2026-10-31 12:00")
SUPPORT = """\
support:
  hours:
    - {region: Europe, days: mon-fri, from: 08:00, to: 17:00, zone: "+01:00"}
  levels:
    - {id: first, name: First level, target: 4h}"""
TICKETS = "ticket,level,region,opened_at,first_response_at\n"
CORRECTION = """\
- service: smtp
  start: 2026-10-31T10:00:00Z
  end: 2026-10-31T11:00:00Z
  becomes: {becomes}
  decided: 2026-10-31
  why: our own network was down
  evidence: https://www.maxony.example/why
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose register is up to date, and whose day file has an hour of downtime."""
    write_project(tmp_path, format_service("smtp", "kind: tcp, host: 127.0.0.1, port: 9"), more=SUPPORT)
    start, end = parse_time("2026-10-31 00:00"), parse_time("2026-10-31 12:00")
    down, back = parse_time("2026-10-31 10:00"), parse_time("2026-10-31 11:00")
    samples = [*make_samples(start, down), *make_samples(down, back, "down"), *make_samples(back, end)]
    lines = "".join(
        format_row(sample).replace(",main,", ",check-0,").replace(",lab,", ",here,") for sample in samples
    )
    day = tmp_path / "history/2026/10/2026-10-31.csv"
    day.parent.mkdir(parents=True)
    day.write_text(f"{HEADER}\n{lines}", "utf-8")
    return tmp_path


def validate(root: Path, *words: str, verbose: bool = False) -> int:
    """Run the verb as the command line does."""
    return run_verb(verb, root, NOW, *words, verbose=verbose)


def record(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Record all pending lines, as a run would, without looking at anything."""
    record_pending_lines(Project(root, ROOT, NOW))
    capsys.readouterr()


def test_lines_to_be_recorded_are_listed_without_error(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (validate(project), capsys.readouterr().out) == (0, ""), "quiet when nothing is wrong"
    assert validate(project, verbose=True) == 0
    assert capsys.readouterr().out.splitlines() == [
        "history/register.jsonl: note: the next run will record the hours, the clock and the levels of support",
        "history/register.jsonl: note: the next run will record the rules of smtp",
        "history/register.jsonl: note: the next run will record the time zone Europe/Zurich, and maxony as the page's permanent name",
    ]


def test_nothing_is_listed_once_recorded(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(project, capsys)
    assert (validate(project, verbose=True), capsys.readouterr().out) == (0, "")


def test_a_note_is_a_notice_to_a_workflow(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert validate(project, "--format", "github") == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("::notice file=")
    assert first.endswith(
        "title=Constat::the next run will record the hours, the clock and the levels of support"
    )


def test_validating_records_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    validate(project)
    capsys.readouterr()
    assert not (project / "history/register.jsonl").exists()


def test_a_bad_ticket_is_an_error_with_its_line(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(project, capsys)
    (project / "support").mkdir()
    rows = "M-1,first,Europe,2026-10-30T09:00Z,\nM-2,frist,Europe,2026-10-30T09:00Z,\n"
    (project / "support/tickets.csv").write_text(TICKETS + rows, "utf-8")
    assert validate(project) == 1
    assert capsys.readouterr().out == "support/tickets.csv:3:5: unknown level 'frist' (did you mean first?)\n"


def test_a_level_that_was_promised_once_may_still_have_tickets(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record(project, capsys)
    status = project / "status.yml"
    status.write_text(status.read_text("utf-8").replace("id: first,", "id: initial,"), "utf-8")
    (project / "support").mkdir()
    (project / "support/tickets.csv").write_text(f"{TICKETS}M-1,first,Europe,2026-10-30T09:00Z,\n", "utf-8")
    assert validate(project, str(project / "support/tickets.csv")) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("becomes", "idle"), [("up", False), ("unknown", False), ("down", True)])
def test_correction_without_effect_is_a_warning(
    project: Path, capsys: pytest.CaptureFixture[str], becomes: str, *, idle: bool
) -> None:
    """The hour was down, and `down` only replaces what was unknown."""
    (project / "corrections.yml").write_text(CORRECTION.format(becomes=becomes), "utf-8")
    record(project, capsys)
    assert validate(project, "--format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    expected = [("corrections.yml", 1, "warning", "the correction changes no second of smtp")] if idle else []
    assert [(one["file"], one["line"], one["severity"], one["message"]) for one in told] == expected


def test_correction_is_not_judged_without_evidence(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A pull request is validated without the branch that holds the history."""
    (project / "history/2026/10/2026-10-31.csv").unlink()
    (project / "corrections.yml").write_text(CORRECTION.format(becomes="down"), "utf-8")
    record(project, capsys)
    assert (validate(project), capsys.readouterr().out) == (0, "")
