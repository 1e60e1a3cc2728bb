"""The evidence of a project and its branch: what is announced, and what dates the commits."""

import base64
import os
import threading
from pathlib import Path

import pytest

from constat.errors import OutsideError
from constat.history import HEADER
from constat.interval import Interval
from outside.evidence.troubles import read_troubles
from outside.evidence.watch_lock import lock_watch
from tasks.evidence_branch import EvidenceBranch, clear_leftover_locks, open_branch
from tasks.project import Project
from tasks.push import BranchActions, follow_watch, prepare_clone, push_evidence
from tasks.verify_seals import verify_project_past
from tasks.watch_announcement import WatchAnnouncement, announce_watch
from tests.support.availability_cases import parse_time
from tests.support.command_line import generate_here
from tests.support.fake_github import serve_fake_github
from tests.support.git_remote import ENVIRONMENT, Remote, run
from tests.support.small_project import format_service, write_project
from tests.support.source_tree import ROOT

NOW = 1_795_600_800  # 2026-11-25T10:00:00Z


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    return Remote(tmp_path / "remote.git")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    checked = format_service("one", "kind: tcp, host: 127.0.0.1, port: 9")
    return write_project(folder, checked, monitor="  tell: ['json://chat.maxony.example']")


def open_project_branch(root: Path, remote: Remote, now: int = NOW, **environment: str) -> EvidenceBranch:
    """Open the branch and make its clone, as a run that begins now does."""
    branch = open_branch(Project(root, ROOT, now), {**ENVIRONMENT, **environment}, None)
    prepare_clone(branch, "watch", remote.url)
    return branch


def announce(branch: EvidenceBranch, begin: int | None) -> WatchAnnouncement:
    return announce_watch(branch, 55, begin, pytest.fail)


def test_called_watch_begins_at_its_take_over_time(root: Path, remote: Remote) -> None:
    announcement = announce(open_project_branch(root, remote), NOW + 180)
    assert announcement.span == Interval(NOW + 180, NOW + 180 + 3300)
    assert announcement.outputs == {
        "watch": "yes",
        "from": "2026-11-25T10:03:00Z",
        "until": "2026-11-25T10:58:00Z",
    }


def test_unneeded_watch_says_why(root: Path, remote: Remote) -> None:
    announce(open_project_branch(root, remote), None)
    second = announce(open_project_branch(root, remote, NOW + 60), None)
    assert (second.span, second.outputs) == (None, {"watch": "no"})
    assert "it is alive" in second.not_needed


def test_a_broken_chain_of_watches_is_reported_to_the_maintainers(root: Path, remote: Remote) -> None:
    announce(open_project_branch(root, remote), None)
    assert announce(open_project_branch(root, remote, NOW + 7200), None).span is not None
    [trouble] = read_troubles(root)
    assert trouble.endswith("the chain of watches broke: here wrote last at 2026-11-25T10:00:00Z")


def test_a_watch_started_by_another_goes_on_even_if_its_announcement_fails(
    root: Path, remote: Remote, tmp_path: Path
) -> None:
    branch = open_project_branch(root, remote)
    remote.folder.rename(tmp_path / "gone")
    troubles: list[str] = []
    assert announce_watch(branch, 55, NOW, troubles.append).span == Interval(NOW, NOW + 3300)
    assert len(troubles) == 1
    assert troubles[0].endswith("; the watch is not announced")
    with pytest.raises(OutsideError):
        announce_watch(branch, 55, None, troubles.append)


def test_given_clock_dates_the_last_push(root: Path, remote: Remote) -> None:
    """That clock is a day ahead; the watch ends as soon as it is followed."""
    branch = open_project_branch(root, remote)
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


def test_stale_git_lock_is_removed_and_reported(root: Path, remote: Remote) -> None:
    """Else no push would ever work again."""
    branch = open_project_branch(root, remote)
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
    assert remote.read_text("register.jsonl") == "{}\n"


@pytest.mark.parametrize(
    ("vantages", "called"),
    [("", {}), ("  vantages: {here: {}, there: {name: There}}", {"vantage": "here"})],
    ids=["one", "two"],
)
def test_next_watch_is_called_for_its_own_vantage(
    tmp_path: Path, remote: Remote, vantages: str, called: dict[str, str]
) -> None:
    """Otherwise each run would start a chain of every vantage."""
    write_project(tmp_path, format_service("one", "kind: tcp, host: 127.0.0.1, port: 9"), monitor=vantages)
    with serve_fake_github() as github:
        job = {
            "GITHUB_REPOSITORY": "maxony/status",
            "GITHUB_TOKEN": "a-token-of-the-job",
            "GITHUB_API_URL": github.url,
        }
        branch = open_project_branch(tmp_path, remote, NOW, **job)
        BranchActions(branch, None, lambda: float(NOW), pytest.fail).call_next(NOW + 180)
        assert github.list_dispatches("watch") == [{"from": "2026-11-25T10:03:00Z", **called}]


def test_last_day_of_a_year_is_sealed_in_the_register_of_the_new_year(root: Path, remote: Remote) -> None:
    """The chain of seals goes on: the register begins at its first line on either branch."""
    with (root / "status.yml").open("a", encoding="utf-8") as file:
        file.write("\nhistory: {branch: yearly}\n")
    eve, new_year = parse_time("2026-12-31 12:00"), parse_time("2027-01-01 01:30")
    before = open_project_branch(root, remote, eve)
    for day in (30, 31):
        _append_row(root, f"2026/12/2026-12-{day}.csv", f"2026-12-{day}T10:00:00Z")
    push_evidence(before, eve, lambda: eve)
    _append_row(root, "2027/01/2027-01-01.csv", "2027-01-01T01:00:00Z")
    assert push_evidence(before, new_year, lambda: new_year).seals == 1
    seals = [
        line.split('"path":"')[1][:22]
        for line in remote.read_text("register.jsonl", "history-2027").splitlines()
    ]
    assert seals == ["2026/12/2026-12-30.csv", "2026/12/2026-12-31.csv"]
    assert remote.read_text("register.jsonl", "history-2026").count("\n") == 1
    assert remote.list_paths("history-2027")[-1] == "register.jsonl"
    other = Project(root.parent / "elsewhere", ROOT, new_year)
    other.root.mkdir()
    (other.root / "status.yml").write_bytes((root / "status.yml").read_bytes())
    prepare_clone(open_branch(other, ENVIRONMENT, None), "page", remote.url)
    report = verify_project_past(other, ())
    assert report.troubles == ()
    assert sorted(path.name for path in (other.root / "history").glob("2*/*/*.csv")) == [
        "2026-12-30.csv",
        "2026-12-31.csv",
        "2027-01-01.csv",
    ]


def _append_row(root: Path, path: str, time: str) -> None:
    file = root / "history" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{HEADER}\n{time},one,check-0,up,9,1,60,here,\n", encoding="utf-8")


def test_rows_of_a_year_whose_branch_was_moved_away_are_told_kept_and_pushed_once_it_is_back(
    root: Path, remote: Remote, tmp_path: Path
) -> None:
    with (root / "status.yml").open("a", encoding="utf-8") as status:
        status.write("\nhistory: {branch: yearly}\n")
    open_project_branch(root, remote, parse_time("2026-12-31 23:59"))
    now = parse_time("2027-01-01 00:05")
    branch = open_project_branch(root, remote, now)
    push_evidence(branch, now, lambda: now)
    moved = Remote(tmp_path / "moved.git")
    whole = ("git", "-C", str(remote.folder), "push", "--quiet")
    run(*whole, moved.url, "history-2026:history-2026")
    run("git", "-C", str(remote.folder), "branch", "-D", "history-2026")

    path = "2026/12/2026-12-31.csv"
    late = "2026-12-31T23:58:00Z,one,main,up,9,1,60,here,\n2026-12-31T23:59:00Z,one,main,up,9,1,60,here,\n"
    (root / "history/2026/12").mkdir(parents=True, exist_ok=True)
    (root / "history" / path).write_text(f"{HEADER}\n{late}", encoding="utf-8")
    told = (
        f"history/{path}: 2 rows stay on this disk alone, since the branch history-2026 was moved away: keep the file,"
        " push the branch back to origin, and the next push takes them there"
    )
    branch = open_project_branch(root, remote, now + 60)
    result = push_evidence(branch, now + 60, lambda: now + 60)
    assert (result.is_new, result.warnings) == (False, (told,))
    done = generate_here("push", "--root", str(root), "--now", "2027-01-01T00:07:00Z")
    assert done.returncode == 0
    assert told in done.stderr
    warned: list[str] = []
    actions = BranchActions(branch, None, lambda: float(now + 180), warned.append)
    actions.push()
    actions.push()
    assert warned == [told], "once in a watch"
    assert [trouble.partition(" ")[2] for trouble in read_troubles(root)] == [told]

    run("git", "-C", str(moved.folder), "push", "--quiet", remote.url, "history-2026:history-2026")
    branch = open_project_branch(root, remote, now + 240)
    assert push_evidence(branch, now + 240, lambda: now + 240).warnings == ()
    assert remote.read_text(path, "history-2026") == f"{HEADER}\n{late}"
