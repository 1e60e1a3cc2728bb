"""One round, in this process: what is recorded, and what its listener receives."""

from pathlib import Path

import pytest

from constat.errors import UsageError
from constat.model import Outcome
from outside.evidence.signals import read_last_change
from tasks.look import look_once, plan_look
from tasks.project import Project
from tests.support.look_recorder import LookRecorder
from tests.support.small_project import format_service, read_rows, write_project
from tests.support.source_tree import ROOT
from tests.support.tcp_speakers import hold_closed_port

NOW = 1_795_600_800  # 2026-11-25T10:00:00Z


def test_listener_receives_register_lines_round_and_samples(tmp_path: Path) -> None:
    listener = LookRecorder()
    with hold_closed_port() as port:
        write_project(tmp_path, format_service("api", f"kind: tcp, host: 127.0.0.1, port: {port}"))
        plan = plan_look(Project(tmp_path, ROOT, NOW), {})
        assert look_once(plan, lambda: NOW, listener)
    assert listener.register_lines == 2
    assert listener.rounds == ["1 begin", "end"]
    assert [(each.at, each.outcome) for each in listener.samples] == [(NOW, Outcome.DOWN)]
    assert len(read_rows(tmp_path)) == 1
    assert read_last_change(tmp_path) is not None, "the register grew, and whoever pushes is told"


def test_invalid_notice_is_a_warning_not_a_failure(tmp_path: Path) -> None:
    listener = LookRecorder()
    (tmp_path / "incidents").mkdir()
    (tmp_path / "incidents/2026-11-25-relay.md").write_text("no front matter", encoding="utf-8")
    with hold_closed_port() as port:
        write_project(tmp_path, format_service("api", f"kind: tcp, host: 127.0.0.1, port: {port}"))
        look_once(plan_look(Project(tmp_path, ROOT, NOW), {}), lambda: NOW, listener)
    assert listener.warnings
    assert all(line.startswith("incidents/2026-11-25-relay.md:") for line in listener.warnings)
    assert listener.troubles == []


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"only": "webiste"}, "status.yml has no service webiste"),
        ({"vantage": "tehre"}, "no check runs from the vantage tehre"),
    ],
)
def test_empty_plan_is_refused(tmp_path: Path, options: dict[str, str], complaint: str) -> None:
    write_project(tmp_path, format_service("website", "kind: tcp, host: 127.0.0.1, port: 9"))
    with pytest.raises(UsageError, match=complaint):
        plan_look(Project(tmp_path, ROOT, NOW), {}, only=options.get("only"), vantage=options.get("vantage"))


def test_repr_of_a_plan_does_not_show_secrets(tmp_path: Path) -> None:
    write_project(tmp_path, format_service("website", "kind: tcp, host: 127.0.0.1, port: 9"))
    assert "hush" not in repr(plan_look(Project(tmp_path, ROOT, NOW), {"CONSTAT_PASSWORD": "hush"}))
