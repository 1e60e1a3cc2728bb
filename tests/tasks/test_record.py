"""What the project newly promises and announces reaches the register, and a typo withdraws nothing."""

import os
from pathlib import Path

from tasks.project import Project
from tasks.record import record_pending_lines
from tests.support.small_project import format_service, read_register_lines, write_project
from tests.support.source_tree import ROOT

NOW = 1_795_600_800  # 2026-11-25T10:00:00Z
NOTICE = """\
---
title: SMTP relay maintenance
kind: maintenance
services: [smtp]
starts: 2026-12-01T22:00+01:00
ends: 2026-12-02T01:00+01:00
---
We replace two relays.
"""
CORRECTION = """\
- service: smtp
  start: 2026-11-20T03:00:00Z
  end: 2026-11-20T03:04:00Z
  becomes: up
  decided: 2026-11-21
  why: our probe's certificate store was stale
  evidence: https://www.maxony.example/report
"""


def project(root: Path) -> Path:
    (root / "incidents").mkdir()
    return write_project(root, format_service("smtp", "kind: tcp, host: smtp.maxony.example, port: 25"))


def record(root: Path, now: int = NOW) -> tuple[int, list[str]]:
    """Record pending lines; return how many there were, and the problems."""
    lines, problems = record_pending_lines(Project(root, ROOT, now))
    return len(lines), [problem.message for problem in problems]


def test_everything_is_recorded_once(tmp_path: Path) -> None:
    project(tmp_path)
    (tmp_path / "incidents" / "2026-12-01-relay.md").write_text(NOTICE, encoding="utf-8")
    (tmp_path / "corrections.yml").write_text(CORRECTION, encoding="utf-8")
    assert record(tmp_path) == (5, [])
    assert record(tmp_path, NOW + 60) == (0, [])
    assert [line["kind"] for line in read_register_lines(tmp_path)] == [
        "page",
        "service",
        "maintenance",
        "words",
        "correction",
    ]


def test_a_bad_notice_is_reported_and_does_not_affect_the_others(tmp_path: Path) -> None:
    project(tmp_path)
    (tmp_path / "incidents" / "2026-12-01-relay.md").write_text(NOTICE, encoding="utf-8")
    bad = NOTICE.replace("[smtp]", "[stmp]")
    (tmp_path / "incidents" / "2026-12-02-other.md").write_text(bad, encoding="utf-8")
    count, problems = record(tmp_path)
    assert count == 4
    assert len(problems) == 1
    assert "stmp" in problems[0]


def test_a_typo_in_the_corrections_withdraws_no_recorded_one(tmp_path: Path) -> None:
    project(tmp_path)
    path = tmp_path / "corrections.yml"
    path.write_text(CORRECTION, encoding="utf-8")
    record(tmp_path)
    path.write_text(CORRECTION.replace("becomes: up", "becomes: upp"), encoding="utf-8")
    count, problems = record(tmp_path, NOW + 60)
    assert count == 0
    assert len(problems) == 1
    path.write_bytes(b"\xff\xfe")
    assert record(tmp_path, NOW + 90) == (0, ["not UTF-8"]), (
        "nor does a file that is not text, or end the run"
    )
    path.unlink()
    assert record(tmp_path, NOW + 120) == (1, []), "a correction that is taken out of the file is withdrawn"
    assert read_register_lines(tmp_path)[-1]["becomes"] is None


def test_corrections_that_are_not_a_regular_file_withdraw_nothing_and_do_not_block(tmp_path: Path) -> None:
    project(tmp_path)
    os.mkfifo(tmp_path / "corrections.yml")
    assert record(tmp_path)[1] == ["is not a regular file"]
