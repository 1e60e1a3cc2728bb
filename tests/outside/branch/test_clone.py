"""The clone at history/: little is fetched, nothing that a person does in it can harm the branch, bytes stay bytes."""

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from constat.history import HEADER, day_path
from constat.history.fetch_plan import plan_for_page, plan_for_watch
from constat.interval import Interval, parse_instant
from outside.branch.append import push
from outside.branch.clone import prepare
from outside.branch.git import Git
from outside.evidence import store
from tests.support.git_remote import ENVIRONMENT, HURRIED, Remote, run

NOW = parse_instant("2026-11-24T09:00:00Z")
TODAY = date(2026, 11, 24)
ZURICH = ZoneInfo("Europe/Zurich")


def days(count: int) -> dict[str, str]:
    """Day files up to today, by path."""
    found = {}
    for ago in range(count):
        day = TODAY - timedelta(days=ago)
        hours = range(24 if ago else 9)
        rows = "".join(f"{day}T{hour:02}:00:00Z,api,main,up,9,1,60,gha,\n" for hour in hours)
        found[day_path(day)] = f"{HEADER}\n{rows}"
    return found


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    """A branch of two years."""
    remote = Remote(tmp_path / "remote.git")
    remote.seed(days(730))
    return remote


def watching(remote: Remote, root: Path) -> Git:
    git = Git(root / "history", ENVIRONMENT)
    prepare(git, remote.url, plan_for_watch(NOW, 60), NOW)
    return git


def objects(git: Git, kind: str) -> int:
    listed = run("git", "-C", str(git.folder), "cat-file", "--batch-all-objects", "--batch-check")
    return listed.count(f" {kind} ")


def test_a_watch_on_two_years_fetches_two_days_and_the_folders_they_lie_in(
    remote: Remote, tmp_path: Path
) -> None:
    """The root, a year, a month; also after a push, which makes these three anew."""
    git = watching(remote, tmp_path)
    assert sorted(path.name for path in git.folder.rglob("*.csv")) == ["2026-11-23.csv", "2026-11-24.csv"]
    assert (objects(git, "tree"), objects(git, "blob")) == (3, 2)
    with (git.folder / day_path(TODAY)).open("a") as file:
        file.write("2026-11-24T09:01:00Z,api,main,up,9,1,60,gha,\n")
    push(git, "gha: evidence", NOW, HURRIED)
    assert (objects(git, "tree"), objects(git, "blob")) == (6, 3)
    assert len(remote.paths()) == 730
    assert remote.text(day_path(TODAY)).endswith("09:01:00Z,api,main,up,9,1,60,gha,\n")


def test_a_watch_leaves_the_derived_files_as_they_are(remote: Remote, tmp_path: Path) -> None:
    """Its clone lacks most of the days that they come from: what it makes of the rest is for itself."""
    (tmp_path / "page").mkdir()
    page = Git(tmp_path / "page/history", ENVIRONMENT)
    prepare(page, remote.url, plan_for_page(NOW), NOW)
    store.load_evidence(tmp_path / "page", Interval(NOW - 86_400, NOW), ZURICH, NOW)
    push(page, "gha: evidence", NOW, HURRIED)
    before = {path: remote.text(path) for path in remote.paths() if path.startswith("derived/")}
    assert "2026/11/2026-11-22.csv" in before["derived/2026/11/2026-11-23.json"]
    git = watching(remote, tmp_path)
    store.load_evidence(tmp_path, Interval(NOW - 86_400, NOW), ZURICH, NOW)
    assert (git.folder / "derived/2026/11/2026-11-23.json").exists()
    assert push(git, "gha: evidence", NOW, HURRIED) is None
    assert {path: remote.text(path) for path in remote.paths() if path.startswith("derived/")} == before


def test_a_remote_that_knows_no_filters_sends_more_and_all_works(remote: Remote, tmp_path: Path) -> None:
    run("git", "-C", str(remote.folder), "config", "uploadpack.allowFilter", "false")
    git = watching(remote, tmp_path)
    (git.folder / "register.jsonl").write_text("{}\n")
    assert push(git, "gha: evidence", NOW, HURRIED)
    assert remote.text("register.jsonl") == "{}\n"
    assert len(remote.paths()) == 731


def test_whoever_commits_in_it_by_hand_takes_nothing_away(remote: Remote, tmp_path: Path) -> None:
    """Git sees nothing to commit: a commit of what is here would leave out all that is not."""
    git = watching(remote, tmp_path)
    git.run("add", "--all")
    assert git.text("status", "--porcelain") == ""
    assert not git.succeeds("commit", "--quiet", "--message", "by hand")


def test_no_git_changes_the_line_ends_of_the_evidence(tmp_path: Path) -> None:
    """Its hashes rest on them, and on Windows git changes them unless it is told."""
    remote = Remote(tmp_path / "remote.git")
    git = remote.clone(tmp_path / "ours")
    (git.folder / "day.csv").write_bytes(b"one\ntwo\n")
    push(git, "gha: evidence", NOW, HURRIED)
    words = ("-c", "core.autocrlf=true", "clone", "--quiet", "--branch=history", remote.url)
    run("git", *words, str(tmp_path / "theirs"))
    assert (tmp_path / "theirs/day.csv").read_bytes() == b"one\ntwo\n"


def test_a_commit_says_what_it_is(remote: Remote, tmp_path: Path) -> None:
    git = watching(remote, tmp_path)
    (git.folder / "register.jsonl").write_text("{}\n")
    push(git, "gha: evidence", NOW, HURRIED)
    said = run("git", "-C", str(remote.folder), "log", "-1", "--format=%B", "history")
    assert said.startswith("gha: evidence\n\nAppended by Constat: ")
