"""The clone at history/ is small, cannot harm the branch if somebody works in it by hand, and changes no byte."""

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from constat.history import HEADER, build_day_path
from constat.history.fetch_plan import plan_for_page, plan_for_watch
from constat.interval import Interval, parse_instant
from outside.branch.append import push
from outside.branch.clone import prepare_clone
from outside.branch.git import Git
from outside.evidence import store
from tests.support.git_remote import ENVIRONMENT, HURRIED, Remote, run

NOW = parse_instant("2026-11-24T09:00:00Z")
TODAY = date(2026, 11, 24)
ZURICH = ZoneInfo("Europe/Zurich")


def build_day_files(count: int) -> dict[str, str]:
    """The last day files up to today, by path."""
    files = {}
    for ago in range(count):
        day = TODAY - timedelta(days=ago)
        hours = range(24 if ago else 9)
        rows = "".join(f"{day}T{hour:02}:00:00Z,api,main,up,9,1,60,gha,\n" for hour in hours)
        files[build_day_path(day)] = f"{HEADER}\n{rows}"
    return files


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    """A branch with two years of evidence."""
    remote = Remote(tmp_path / "remote.git")
    remote.seed(build_day_files(730))
    return remote


def prepare_for_watch(remote: Remote, root: Path) -> Git:
    git = Git(root / "history", ENVIRONMENT)
    prepare_clone(git, remote.url, plan_for_watch(NOW, 60), NOW)
    return git


def count_objects(git: Git, kind: str) -> int:
    listed = run("git", "-C", str(git.folder), "cat-file", "--batch-all-objects", "--batch-check")
    return listed.count(f" {kind} ")


def test_a_watch_fetches_two_days_out_of_two_years_and_their_trees(remote: Remote, tmp_path: Path) -> None:
    """Three trees: the root, a year, a month. A push writes these three again."""
    git = prepare_for_watch(remote, tmp_path)
    assert sorted(path.name for path in git.folder.rglob("*.csv")) == ["2026-11-23.csv", "2026-11-24.csv"]
    assert (count_objects(git, "tree"), count_objects(git, "blob")) == (3, 2)
    with (git.folder / build_day_path(TODAY)).open("a") as file:
        file.write("2026-11-24T09:01:00Z,api,main,up,9,1,60,gha,\n")
    push(git, "gha: evidence", NOW, HURRIED)
    assert (count_objects(git, "tree"), count_objects(git, "blob")) == (6, 3)
    assert len(remote.list_paths()) == 730
    assert remote.read_text(build_day_path(TODAY)).endswith("09:01:00Z,api,main,up,9,1,60,gha,\n")


def test_a_watch_does_not_change_the_derived_files_on_the_branch(tmp_path: Path) -> None:
    """Its clone lacks most of the days that they come from, so those that it makes are not published."""
    remote = Remote(tmp_path / "remote.git")
    remote.seed(build_day_files(60))
    (tmp_path / "page").mkdir()
    page = Git(tmp_path / "page/history", ENVIRONMENT)
    prepare_clone(page, remote.url, plan_for_page(NOW), NOW)
    store.load_evidence(tmp_path / "page", Interval(NOW - 86_400, NOW), ZURICH, NOW)
    push(page, "gha: evidence", NOW, HURRIED)
    before = {path: remote.read_text(path) for path in remote.list_paths() if path.startswith("derived/")}
    assert "2026/11/2026-11-22.csv" in before["derived/2026/11/2026-11-23.json"]
    git = prepare_for_watch(remote, tmp_path)
    store.load_evidence(tmp_path, Interval(NOW - 86_400, NOW), ZURICH, NOW)
    assert (git.folder / "derived/2026/11/2026-11-23.json").exists()
    assert push(git, "gha: evidence", NOW, HURRIED) is None
    assert {
        path: remote.read_text(path) for path in remote.list_paths() if path.startswith("derived/")
    } == before


def test_a_remote_without_partial_clone_works_and_sends_more(remote: Remote, tmp_path: Path) -> None:
    run("git", "-C", str(remote.folder), "config", "uploadpack.allowFilter", "false")
    git = prepare_for_watch(remote, tmp_path)
    (git.folder / "register.jsonl").write_text("{}\n")
    assert push(git, "gha: evidence", NOW, HURRIED)
    assert remote.read_text("register.jsonl") == "{}\n"
    assert len(remote.list_paths()) == 731


def test_a_commit_by_hand_cannot_remove_files(remote: Remote, tmp_path: Path) -> None:
    """Git sees nothing to commit: a commit of the files that are checked out would remove all others."""
    git = prepare_for_watch(remote, tmp_path)
    git.run("add", "--all")
    assert git.run_text("status", "--porcelain") == ""
    assert not git.succeeds("commit", "--quiet", "--message", "by hand")


def test_git_does_not_change_the_line_ends_of_the_evidence(tmp_path: Path) -> None:
    """Its hashes depend on them, and on Windows git changes line ends unless told otherwise."""
    remote = Remote(tmp_path / "remote.git")
    git = remote.clone(tmp_path / "ours")
    (git.folder / "day.csv").write_bytes(b"one\ntwo\n")
    push(git, "gha: evidence", NOW, HURRIED)
    words = ("-c", "core.autocrlf=true", "clone", "--quiet", "--branch=history", remote.url)
    run("git", *words, str(tmp_path / "theirs"))
    assert (tmp_path / "theirs/day.csv").read_bytes() == b"one\ntwo\n"


def test_a_commit_message_says_what_the_commit_is(remote: Remote, tmp_path: Path) -> None:
    git = prepare_for_watch(remote, tmp_path)
    (git.folder / "register.jsonl").write_text("{}\n")
    push(git, "gha: evidence", NOW, HURRIED)
    message = run("git", "-C", str(remote.folder), "log", "-1", "--format=%B", "history")
    assert message.startswith("gha: evidence\n\nAppended by Constat: ")
