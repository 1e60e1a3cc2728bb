"""The evidence of a project and its branch: what is announced, and what dates the commits."""

import base64
import os
import threading
from pathlib import Path

import pytest

from constat.errors import OutsideError
from constat.interval import Interval
from outside.evidence.troubles import read_troubles
from outside.evidence.watch_lock import lock_watch
from tasks.evidence_branch import EvidenceBranch, clear_leftover_locks, open_branch
from tasks.project import Project
from tasks.push import (
    BranchActions,
    WatchAnnouncement,
    announce_watch,
    follow_watch,
    prepare_clone,
    push_evidence,
)
from tests.support.fake_github import fake_github
from tests.support.git_remote import ENVIRONMENT, Remote, run
from tests.support.small_project import service, write_project
from tests.support.source_tree import ROOT

NOW = 1_795_600_800  # 2026-11-25T10:00:00Z


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    return Remote(tmp_path / "remote.git")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    checked = service("one", "kind: tcp, host: 127.0.0.1, port: 9")
    return write_project(folder, checked, monitor="  tell: ['json://chat.maxony.example']")


def opened(root: Path, remote: Remote, now: int = NOW, **environment: str) -> EvidenceBranch:
    """Open the branch and make its clone, as a run that begins now does."""
    branch = open_branch(Project(root, ROOT, now), {**ENVIRONMENT, **environment}, None)
    prepare_clone(branch, "watch", remote.url)
    return branch


def announced(branch: EvidenceBranch, begin: int | None) -> WatchAnnouncement:
    return announce_watch(branch, 55, begin, pytest.fail)


def test_a_watch_that_was_called_begins_when_it_is_to_take_over(root: Path, remote: Remote) -> None:
    announcement = announced(opened(root, remote), NOW + 180)
    assert announcement.span == Interval(NOW + 180, NOW + 180 + 3300)
    assert announcement.outputs == {
        "watch": "yes",
        "from": "2026-11-25T10:03:00Z",
        "until": "2026-11-25T10:58:00Z",
    }


def test_a_watch_that_is_not_needed_says_why(root: Path, remote: Remote) -> None:
    announced(opened(root, remote), None)
    second = announced(opened(root, remote, NOW + 60), None)
    assert (second.span, second.outputs) == (None, {"watch": "no"})
    assert "it is alive" in second.not_needed


def test_a_broken_chain_of_watches_is_reported_to_the_maintainers(root: Path, remote: Remote) -> None:
    announced(opened(root, remote), None)
    assert announced(opened(root, remote, NOW + 7200), None).span is not None
    [trouble] = read_troubles(root)
    assert trouble.endswith("the chain of watches broke: here wrote last at 2026-11-25T10:00:00Z")


def test_a_watch_started_by_another_goes_on_even_if_its_announcement_fails(
    root: Path, remote: Remote, tmp_path: Path
) -> None:
    branch = opened(root, remote)
    remote.folder.rename(tmp_path / "gone")
    troubles: list[str] = []
    assert announce_watch(branch, 55, NOW, troubles.append).span == Interval(NOW, NOW + 3300)
    assert len(troubles) == 1
    assert troubles[0].endswith("; the watch is not announced")
    with pytest.raises(OutsideError):
        announce_watch(branch, 55, None, troubles.append)


def test_the_clock_that_is_handed_in_dates_the_last_push(root: Path, remote: Remote) -> None:
    """That clock is a day ahead; the watch ends as soon as it is followed."""
    branch = opened(root, remote)
    (root / "history/register.jsonl").write_text("{}\n", encoding="utf-8")
    with lock_watch(root, "here", NOW):
        ends = threading.Timer(0.2, (root / "history/.watch-here.lock").write_text, [""])
        ends.start()
        report = follow_watch(branch, None, lambda: NOW + 86_400, pytest.fail)
    ends.join()
    assert (report.pushes, report.troubles) == (1, [])
    dated = run("git", "-C", str(remote.folder), "log", "-1", "--format=%ct %s", "history")
    assert dated == f"{NOW + 86_400} here: evidence\n"


def test_the_token_of_the_job_reaches_git_and_is_not_printed(root: Path) -> None:
    branch = open_branch(Project(root, ROOT, NOW), {**ENVIRONMENT, "GITHUB_TOKEN": "hush"}, "there")
    assert branch.vantage == "there"
    credentials = base64.b64encode(b"x-access-token:hush").decode()
    assert (
        f"authorization: basic {credentials}".lower() in branch.checkout.run_text("config", "--list").lower()
    )
    assert "hush" not in repr(branch)
    assert credentials not in repr(branch)


def test_a_lock_that_a_killed_git_left_is_removed_and_told(root: Path, remote: Remote) -> None:
    """Else no push would ever work again."""
    branch = opened(root, remote)
    lock = root / "history/.git/constat-index.lock"
    lock.touch()
    os.utime(lock, (NOW - 3600, NOW - 3600))
    (root / "history/register.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(OutsideError, match="git update-index failed"):
        push_evidence(branch, NOW, lambda: NOW)
    told: list[str] = []
    clear_leftover_locks(branch, NOW, told.append)
    assert told == ["removed history/.git/constat-index.lock, which git left behind when it was killed"]
    assert [trouble.partition(" ")[2] for trouble in read_troubles(root)] == told
    assert not push_evidence(branch, NOW, lambda: NOW).is_new, "committed before the lock was in the way"
    assert remote.text("register.jsonl") == "{}\n"


@pytest.mark.parametrize(
    ("vantages", "called"),
    [("", {}), ("  vantages: {here: {}, there: {name: There}}", {"vantage": "here"})],
    ids=["one", "two"],
)
def test_of_several_vantages_the_next_watch_is_called_by_name(
    tmp_path: Path, remote: Remote, vantages: str, called: dict[str, str]
) -> None:
    """Otherwise each run would start a chain of every vantage."""
    write_project(tmp_path, service("one", "kind: tcp, host: 127.0.0.1, port: 9"), monitor=vantages)
    with fake_github() as github:
        job = {
            "GITHUB_REPOSITORY": "maxony/status",
            "GITHUB_TOKEN": "a-token-of-the-job",
            "GITHUB_API_URL": github.url,
        }
        branch = opened(tmp_path, remote, NOW, **job)
        BranchActions(branch, None, lambda: float(NOW), pytest.fail).call_next(NOW + 180)
        assert github.dispatched("watch") == [{"from": "2026-11-25T10:03:00Z", **called}]
