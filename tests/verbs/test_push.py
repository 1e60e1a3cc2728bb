"""`push` by hand: prepare, record, push; and the errors when that is impossible."""

import subprocess
from pathlib import Path

import pytest

from constat.history import HEADER
from tests.support.command_line import build_command, generate, generate_here
from tests.support.git_remote import Remote

SETTINGS = """
page: {id: a, name: A, url: "https://a.example/", languages: [en], timezone: UTC}
monitor: {vantage: here}
sla: {target: 99}
services:
  - {id: a, name: A, interval: 5m, checks: [{name: one, kind: tcp, host: 127.0.0.1, port: 9, timeout: 5s}]}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "status.yml").write_text(SETTINGS)
    return root


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    return Remote(tmp_path / "remote.git")


def test_missing_clone_says_how_to_make_one(project: Path) -> None:
    done = generate(project, "push")
    assert done.returncode == 2
    assert "push --prepare" in done.stderr


def test_prepare_record_and_push_work(project: Path, remote: Remote) -> None:
    assert generate(project, "push", "--prepare", "page", "--remote", remote.url).returncode == 0
    assert generate(project, "push", "--record").returncode == 0
    assert '"kind":"service","id":"a"' in remote.read_text("register.jsonl")
    again = subprocess.run(  # noqa: S603 (our own program)
        [word for word in build_command(project, "push") if word != "-q"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert again.stderr == "nothing new to push\n"


def test_existing_clone_is_updated_and_keeps_unpushed_rows(
    tmp_path: Path, project: Path, remote: Remote
) -> None:
    """A machine that only builds prepares the page again before each build."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "status.yml").write_text(SETTINGS)
    roots, day = (project, elsewhere), "history/2026/11/2026-11-24.csv"
    words = ("push", "--prepare", "page", "--remote", remote.url, "--now", "2026-11-24T12:00:00Z")
    for number, root in enumerate(roots):
        assert generate_here("-q", *words, "--root", str(root)).returncode == 0
        (root / day).parent.mkdir(parents=True, exist_ok=True)
        row = f"2026-11-24T1{number}:00:00Z,a,one,up,9,1,300,here,"
        (root / day).write_text(f"{HEADER}\n{row}\n")
    assert generate_here("-q", "push", "--root", str(elsewhere)).returncode == 0
    prepared = generate_here("-q", *words, "--root", str(project))
    assert (prepared.returncode, prepared.stderr) == (0, "")
    assert [line[:16] for line in (project / day).read_text().splitlines()[1:]] == [
        "2026-11-24T11:00",
        "2026-11-24T10:00",
    ]
    assert "T10:00" not in remote.read_text(day.removeprefix("history/"))


def test_watch_is_prepared_for_its_take_over_time(project: Path, remote: Remote) -> None:
    words = ("--prepare", "watch", "--remote", remote.url, "--minutes", "55", "--now", "2026-11-24T10:00:00Z")
    first = generate(project, "push", *words, "--from", "2026-11-24T10:03:00Z")
    assert first.stdout.split() == ["watch=yes", "from=2026-11-24T10:03:00Z", "until=2026-11-24T10:58:00Z"]


def test_a_watch_that_takes_over_late_begins_now(project: Path, remote: Remote) -> None:
    words = ("--prepare", "watch", "--remote", remote.url, "--minutes", "55", "--now", "2026-11-24T10:09:00Z")
    late = generate(project, "push", *words, "--from", "2026-11-24T10:03:00Z")
    assert late.stdout.split() == ["watch=yes", "from=2026-11-24T10:09:00Z", "until=2026-11-24T11:04:00Z"]


def test_a_project_without_a_remote_is_reported(project: Path) -> None:
    done = generate(project, "push", "--prepare", "page")
    assert done.returncode == 2
    assert "has no git remote named origin" in done.stderr


def test_a_run_that_the_cron_started_says_how_late_it_was(
    project: Path, remote: Remote, tmp_path: Path
) -> None:
    """A watch that another run started is not late, and says nothing."""
    summary = tmp_path / "summary.md"
    words = ("--prepare", "watch", "--remote", remote.url, "--minutes", "55", "--now", "2026-11-24T10:05:30Z")
    called = generate(
        project, "push", *words, GITHUB_STEP_SUMMARY=str(summary), GITHUB_EVENT_NAME="repository_dispatch"
    )
    assert called.returncode == 0
    assert not summary.exists()
    assert (
        generate(
            project, "push", *words, GITHUB_STEP_SUMMARY=str(summary), GITHUB_EVENT_NAME="schedule"
        ).returncode
        == 0
    )
    assert "1 min 30 s later" in summary.read_text()
