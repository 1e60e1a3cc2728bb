"""A project is read once, and again only when it is reopened."""

from pathlib import Path

import pytest

from constat.errors import InputError
from constat.interval import Interval
from tasks.project import Project
from tasks.record import list_pending_lines, record_pending_lines
from tests.support.small_project import format_service, write_project
from tests.support.source_tree import ROOT

NOW = 1_795_600_800  # 2026-11-25T10:00:00Z
CHECK = "kind: tcp, host: 127.0.0.1, port: 9"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(write_project(tmp_path, format_service("one", CHECK)), ROOT, NOW)


def test_project_is_read_once_until_reopened(project: Project) -> None:
    assert project.service_ids == ("one",)
    write_project(project.root, format_service("two", CHECK))
    assert project.service_ids == ("one",)
    assert project.reopen(NOW + 60).service_ids == ("two",)


def test_settings_are_not_read_again_for_another_instant(project: Project) -> None:
    """Even if the file has become invalid since."""
    config = project.config
    (project.root / "status.yml").write_text("services: 7", encoding="utf-8")
    later = project.at(NOW + 60)
    assert (later.config, later.now) == (config, NOW + 60)
    with pytest.raises(InputError):
        _ = project.reopen(NOW + 60).config


def test_recorded_lines_are_in_the_register_at_once(project: Project) -> None:
    assert not project.recorded_register.services
    record_pending_lines(project)
    assert {line.service for line in project.recorded_register.services} == {"one"}
    assert list_pending_lines(project).lines == ()


def test_the_evidence_of_a_window_is_read_once(project: Project) -> None:
    window = Interval(NOW - 60, NOW + 1)
    assert project.evidence(window) is project.evidence(window)
