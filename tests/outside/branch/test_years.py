"""A branch for each year: the turn of the year loses nothing and rewrites nothing, for any order of writers."""

from pathlib import Path

import pytest

from constat.errors import OutsideError, UsageError
from constat.history import HEADER
from constat.history.fetch_plan import plan_for_watch
from constat.interval import DAY_S, Interval, parse_instant
from outside.branch import watches
from outside.branch.append import list_changed_evidence, push
from outside.branch.branches import read_branches
from outside.branch.clone import prepare_clone
from outside.branch.git import Git
from outside.branch.years import begin_year, is_year_due
from tests.outside.branch.test_clone import build_day_files, count_objects
from tests.support.git_remote import ENVIRONMENT, HURRIED, Remote, run

EVE = parse_instant("2026-12-31T23:59:50Z")
NEW_YEAR = parse_instant("2027-01-01T00:03:00Z")
LAST_DAY, FIRST_DAY = "2026/12/2026-12-31.csv", "2027/01/2027-01-01.csv"
REGISTER = "register.jsonl"


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    return Remote(tmp_path / "remote.git")


def write(git: Git, path: str, *lines: str) -> None:
    """Append lines to a file of a clone, below the header if it is a new day file."""
    file = git.folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    header = f"{HEADER}\n" if path.endswith(".csv") and not file.exists() else ""
    with file.open("a", encoding="utf-8") as stream:
        stream.write(header + "".join(f"{line}\n" for line in lines))


def row(at: str, vantage: str) -> str:
    return f"{at},api,main,up,9,1,60,{vantage},"


def make_register_line(vantage: str) -> str:
    return f'{{"at":"2026-12-31T23:59:00Z","kind":"service","id":"{vantage}","rules":null}}'


def push_at(git: Git, now: int) -> None:
    """Push as a run does: the year first, if it is due."""
    if is_year_due(git, now):
        begin_year(git, now, HURRIED)
    push(git, "evidence", now, HURRIED)


def test_rows_of_two_writers_around_midnight_go_to_the_branch_of_their_day(
    remote: Remote, tmp_path: Path
) -> None:
    """The second writer knows nothing of the new branch, and its rows of the old year come after it was begun."""
    one, other = (remote.clone(tmp_path / name, now=EVE, yearly=True) for name in ("one", "other"))
    write(one, LAST_DAY, row("2026-12-31T23:59:00Z", "one"))
    write(one, REGISTER, make_register_line("one"))
    push_at(one, EVE)
    old = run("git", "-C", str(remote.folder), "rev-parse", "history-2026").strip()
    write(one, FIRST_DAY, row("2027-01-01T00:00:00Z", "one"))
    push_at(one, NEW_YEAR)
    write(other, LAST_DAY, row("2026-12-31T23:58:00Z", "other"))
    write(other, FIRST_DAY, row("2027-01-01T00:01:00Z", "other"))
    write(other, REGISTER, make_register_line("other"))
    push_at(other, NEW_YEAR + 30)

    assert remote.read_text(LAST_DAY, "history-2026").splitlines() == [
        HEADER,
        row("2026-12-31T23:59:00Z", "one"),
        row("2026-12-31T23:58:00Z", "other"),
    ]
    assert remote.read_text(FIRST_DAY, "history-2027").count("2027-01-01T00:0") == 2
    assert remote.read_text(REGISTER, "history-2027").splitlines() == [
        make_register_line("one"),
        make_register_line("other"),
    ]
    assert remote.read_text(REGISTER, "history-2026").splitlines() == [make_register_line("one")]
    assert [path for path in remote.list_paths("history-2027") if path.startswith("2026")] == []
    assert remote.list_subjects("history-2026")[:2] == ["evidence", "The evidence goes on at history-2027"]
    in_line = ("merge-base", "--is-ancestor", old, "history-2026")
    run("git", "-C", str(remote.folder), *in_line)  # nothing was rewritten
    first = run("git", "-C", str(remote.folder), "log", "--max-parents=0", "--format=%s %b", "history-2027")
    assert first.startswith("Begin 2027")
    closing = run("git", "-C", str(remote.folder), "rev-parse", "history-2026^").strip()
    assert f"Carries on from history-2026 as of commit {closing}." in first
    assert list_changed_evidence(one) == list_changed_evidence(other) == []


def test_what_upstream_services_said_stays_on_the_branch_of_its_own_year(
    remote: Remote, tmp_path: Path
) -> None:
    """It is shown for four weeks, and counted nowhere: carried on, it would lie in every year to come."""
    december, january = "upstream-2026-12.csv", "upstream-2027-01.csv"
    git = remote.clone(tmp_path / "one", now=EVE, yearly=True)
    write(git, december, "2026-12-31T23:59:00Z,dns,up,,")
    push_at(git, EVE)
    write(git, january, "2027-01-01T00:01:00Z,dns,up,,")
    push_at(git, NEW_YEAR)
    assert january in remote.list_paths("history-2027")
    assert december not in remote.list_paths("history-2027")
    page = remote.clone(tmp_path / "page", now=NEW_YEAR, yearly=True)
    watch = Git(tmp_path / "watch", ENVIRONMENT)
    prepare_clone(watch, remote.url, plan_for_watch(NEW_YEAR + 20 * DAY_S, 60), NEW_YEAR, yearly=True)
    for clone in (page, watch):
        assert (clone.folder / december).read_text().count("dns") == 1
    write(watch, december, "2026-12-31T23:59:30Z,mail,up,,")
    push_at(watch, NEW_YEAR + 60)
    said = remote.read_text(december, "history-2026")
    assert (said.count("dns"), said.count("mail")) == (1, 1), "both rows are there"
    assert december not in remote.list_paths("history-2027")


def test_restored_evidence_creates_a_branch_for_each_year(remote: Remote, tmp_path: Path) -> None:
    """Else its earlier days, whose branch is not there, would never be pushed, and be gone with the disk."""
    folder = tmp_path / "one"
    write(Git(folder, ENVIRONMENT), "2025/12/2025-12-31.csv", row("2025-12-31T23:58:00Z", "one"))
    write(Git(folder, ENVIRONMENT), LAST_DAY, row("2026-12-31T23:58:00Z", "one"))
    write(Git(folder, ENVIRONMENT), REGISTER, make_register_line("one"))
    git = remote.clone(folder, now=NEW_YEAR, yearly=True)
    push_at(git, NEW_YEAR)
    assert read_branches(git).names == ("history-2025", "history-2026", "history-2027")
    assert "2025/12/2025-12-31.csv" in remote.list_paths("history-2025")
    assert LAST_DAY in remote.list_paths("history-2026")
    assert remote.read_text(REGISTER, "history-2027") == f"{make_register_line('one')}\n"
    assert REGISTER not in remote.list_paths("history-2025")
    assert list_changed_evidence(git) == []


def test_every_year_gets_a_branch_despite_a_pause_or_a_fast_clock(remote: Remote, tmp_path: Path) -> None:
    """Days of a year without a branch would never be pushed."""
    git = remote.clone(tmp_path / "one", now=EVE, yearly=True)
    push_at(git, parse_instant("2028-01-01T00:00:00Z"))
    write(git, FIRST_DAY, row("2027-01-01T00:00:00Z", "one"))
    push_at(git, NEW_YEAR)
    assert read_branches(git).names == ("history-2026", "history-2027", "history-2028")
    assert FIRST_DAY in remote.list_paths("history-2027")
    assert list_changed_evidence(git) == []


def test_writer_with_a_slow_clock_uses_the_new_branch(remote: Remote, tmp_path: Path) -> None:
    """Otherwise its register line would be only on the old branch, which is not read any more."""
    one, late = (remote.clone(tmp_path / name, now=EVE, yearly=True) for name in ("one", "late"))
    begin_year(one, NEW_YEAR, HURRIED)
    write(late, REGISTER, make_register_line("late"))
    push_at(late, EVE)
    assert remote.read_text(REGISTER, "history-2027") == f"{make_register_line('late')}\n"


def test_watch_announced_in_the_old_year_is_known_in_the_new_year(remote: Remote, tmp_path: Path) -> None:
    git = remote.clone(tmp_path / "one", now=EVE, yearly=True)
    span = Interval(EVE, EVE + 3300)
    assert watches.announce_watch(git, "gha", span, EVE, 1200) == ""
    begin_year(git, NEW_YEAR, HURRIED)
    assert "it is alive" in watches.announce_watch(git, "gha", span, NEW_YEAR, 1200)


def test_single_branch_is_continued_without_fetching_its_days(remote: Remote, tmp_path: Path) -> None:
    """The first yearly branch holds the whole year in which a project switches to yearly branches."""
    now = parse_instant("2026-11-24T12:00:00Z")
    remote.seed({**build_day_files(400), REGISTER: f"{make_register_line('one')}\n"})
    git = remote.clone(tmp_path / "one", [REGISTER], now=now, yearly=True)
    before = count_objects(git, "blob")
    write(git, "2025/12/2025-12-31.csv", row("2025-12-31T23:58:00Z", "late"))
    push_at(git, now)
    assert count_objects(git, "blob") <= before + 3
    assert len([path for path in remote.list_paths("history-2026") if path.endswith(".csv")]) == 328
    assert "late" in remote.read_text("2025/12/2025-12-31.csv", "history")
    everything = remote.clone(tmp_path / "all", now=now, yearly=True)
    assert len(list(everything.folder.rglob("*.csv"))) == 400


def test_days_of_an_archived_branch_are_ignored(remote: Remote, tmp_path: Path) -> None:
    """A day on this disk, perhaps fetched from an archive, must not recreate its branch."""
    git = remote.clone(tmp_path / "one", now=EVE, yearly=True)
    write(git, LAST_DAY, row("2026-12-31T23:59:00Z", "one"))
    push_at(git, EVE)
    push_at(git, NEW_YEAR)
    run("git", "-C", str(remote.folder), "branch", "-D", "history-2026")
    write(git, LAST_DAY, row("2026-12-31T23:59:30Z", "one"))
    push_at(git, NEW_YEAR + DAY_S)
    again = remote.clone(git.folder, now=NEW_YEAR + 2 * DAY_S, yearly=True)
    write(again, FIRST_DAY, row("2027-01-01T00:01:00Z", "one"))
    push_at(again, NEW_YEAR + 2 * DAY_S)
    assert read_branches(again).names == ("history-2027",)
    assert remote.read_text(FIRST_DAY, "history-2027").endswith(f"{row('2027-01-01T00:01:00Z', 'one')}\n")


def test_refused_first_push_changes_neither_branch(remote: Remote, tmp_path: Path) -> None:
    git = remote.clone(tmp_path / "one", now=EVE, yearly=True)
    remote.refuse(100)
    with pytest.raises(OutsideError, match="push failed"):
        begin_year(git, NEW_YEAR, HURRIED)
    assert remote.list_subjects("history-2026") == ["Begin the evidence"]
    assert read_branches(Git(remote.folder, ENVIRONMENT)).names == ()
    remote.refuse(1)
    begin_year(git, NEW_YEAR, HURRIED)
    assert remote.list_subjects("history-2027") == ["Begin 2027"]


def test_return_to_a_single_branch_is_refused(remote: Remote, tmp_path: Path) -> None:
    remote.clone(tmp_path / "one", now=EVE, yearly=True)
    with pytest.raises(UsageError, match="history-2026"):
        remote.clone(tmp_path / "other", now=EVE)
