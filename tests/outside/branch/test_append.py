"""Pushing history: every row of every writer is on the branch afterwards, once; nothing is rewritten."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from constat.errors import EvidenceError, OutsideError
from outside.branch.append import TRIES, Patience, push
from outside.branch.git import Git
from tests.support.git_remote import HURRIED, NOW, Remote, run

DAY = "2026/11/2026-11-24.csv"
HEADER = "at,service,check,outcome,latency_ms,attempts,interval_s,vantage,reason\n"


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    return Remote(tmp_path / "remote.git")


@pytest.fixture
def git(remote: Remote, tmp_path: Path) -> Git:
    return remote.clone(tmp_path / "one")


def write(git: Git, path: str, text: str) -> None:
    file = git.folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text((file.read_text() if file.exists() else "") + text)


def push_now(git: Git, message: str = "gha: evidence") -> str | None:
    return push(git, message, NOW, HURRIED)


def test_the_first_use_begins_the_branch(remote: Remote, git: Git) -> None:
    assert remote.commits() == ["Begin the evidence"]
    assert (git.folder / "README.md").exists()


def test_new_rows_are_pushed(remote: Remote, git: Git) -> None:
    write(git, DAY, f"{HEADER}one\ntwo\n")
    assert push_now(git)
    assert remote.text(DAY) == f"{HEADER}one\ntwo\n"


def test_with_nothing_new_there_is_no_commit(remote: Remote, git: Git) -> None:
    write(git, DAY, f"{HEADER}one\n")
    push_now(git)
    assert push_now(git) is None
    assert len(remote.commits()) == 2


def test_what_is_no_evidence_stays_where_it_is(remote: Remote, git: Git) -> None:
    write(git, ".watch.lock", "1234")
    write(git, "notes.txt", "mine")
    assert push_now(git) is None
    assert remote.paths() == [".gitattributes", "README.md"]


def test_a_refused_push_takes_the_others_rows_and_adds_ours_after_them(
    remote: Remote, git: Git, tmp_path: Path
) -> None:
    """The published file only grew, and our copy is the published file."""
    other = remote.clone(tmp_path / "other")
    write(other, DAY, f"{HEADER}theirs\n")
    write(git, DAY, f"{HEADER}ours\n")
    push_now(other)
    push_now(git)
    assert remote.text(DAY) == f"{HEADER}theirs\nours\n"
    assert (git.folder / DAY).read_text() == f"{HEADER}theirs\nours\n"


def test_rows_written_by_both_are_there_once(remote: Remote, git: Git, tmp_path: Path) -> None:
    other = remote.clone(tmp_path / "other")
    write(other, DAY, f"{HEADER}same\ntheirs\n")
    write(git, DAY, f"{HEADER}ours\nsame\n")
    push_now(other)
    push_now(git)
    assert sorted(remote.text(DAY).splitlines()[1:]) == ["ours", "same", "theirs"]


def test_a_remote_that_refuses_three_times_gets_it_the_fourth(remote: Remote, git: Git) -> None:
    pauses: list[float] = []
    remote.refuse(3)
    write(git, DAY, f"{HEADER}one\n")
    assert push(git, "gha: evidence", NOW, Patience(pauses.append, lambda: 0.5))
    assert pauses == [0.375, 0.75, 1.5]
    assert remote.text(DAY) == f"{HEADER}one\n"


def test_a_remote_that_always_refuses_costs_an_error_and_no_row(remote: Remote, git: Git) -> None:
    remote.refuse(TRIES)
    write(git, DAY, f"{HEADER}one\n")
    with pytest.raises(OutsideError, match="git push failed"):
        push_now(git)
    assert push_now(git)
    assert remote.text(DAY) == f"{HEADER}one\n"


def test_a_row_that_is_still_being_written_waits(remote: Remote, git: Git) -> None:
    write(git, DAY, f"{HEADER}one\ntw")
    push_now(git)
    assert remote.text(DAY) == f"{HEADER}one\n"
    assert (git.folder / DAY).read_text() == f"{HEADER}one\ntw"
    write(git, DAY, "o\n")
    push_now(git)
    assert remote.text(DAY) == f"{HEADER}one\ntwo\n"


def test_five_writers_at_once_lose_nothing(remote: Remote, tmp_path: Path) -> None:
    writers = [remote.clone(tmp_path / f"writer{n}") for n in range(5)]
    for number, writer in enumerate(writers):
        write(writer, DAY, HEADER + "".join(f"row {number} {n}\n" for n in range(20)))
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(push_now, writers))
    rows = remote.text(DAY).removeprefix(HEADER).splitlines()
    assert sorted(rows) == sorted(f"row {number} {n}" for number in range(5) for n in range(20))


def test_a_statement_frozen_twice_is_the_published_one(remote: Remote, git: Git, tmp_path: Path) -> None:
    other = remote.clone(tmp_path / "other")
    write(other, "statements/2026-10.json", json.dumps({"month": "2026-10", "frozen_at": "a"}))
    write(git, "statements/2026-10.json", json.dumps({"month": "2026-10", "frozen_at": "b"}))
    push_now(other)
    push_now(git)
    assert json.loads(remote.text("statements/2026-10.json"))["frozen_at"] == "a"
    assert json.loads((git.folder / "statements/2026-10.json").read_text())["frozen_at"] == "a"


def test_a_statement_that_differs_stops_the_push(remote: Remote, git: Git, tmp_path: Path) -> None:
    other = remote.clone(tmp_path / "other")
    write(other, "statements/2026-10.json", json.dumps({"month": "2026-10", "services": [1]}))
    write(git, "statements/2026-10.json", json.dumps({"month": "2026-10", "services": [2]}))
    push_now(other)
    with pytest.raises(EvidenceError, match=r"statements/2026-10\.json differs"):
        push_now(git)


def _supersede(git: Git) -> None:
    """Replace the statement of October by another, the first one kept beside it."""
    folder = git.folder / "statements"
    (folder / "2026-10.1.json").write_bytes((folder / "2026-10.json").read_bytes())
    (folder / "2026-10.json").write_text(json.dumps({"month": "2026-10", "services": [2]}))
    (folder / "2026-10.tickets.csv").write_text("two\n")


def test_a_statement_that_supersedes_the_published_one_takes_its_place(
    remote: Remote, git: Git, tmp_path: Path
) -> None:
    """Both stay on the branch; whoever still has the old one gets the new one, and pushes on."""
    write(git, "statements/2026-10.json", json.dumps({"month": "2026-10", "services": [1]}))
    write(git, "statements/2026-10.tickets.csv", "one\n")
    push_now(git)
    other = remote.clone(tmp_path / "other")
    _supersede(git)
    push_now(git)
    assert json.loads(remote.text("statements/2026-10.json"))["services"] == [2]
    assert json.loads(remote.text("statements/2026-10.1.json"))["services"] == [1]
    assert remote.text("statements/2026-10.tickets.csv") == "two\n"
    write(other, DAY, f"{HEADER}one\n")
    push_now(other)
    assert remote.text(DAY) == f"{HEADER}one\n"
    assert json.loads(remote.text("statements/2026-10.json"))["services"] == [2]


def _derived(day: str, sha256: str) -> str:
    return json.dumps({"sources": {day: {"size": 1, "sha256": sha256}}})


def test_a_derived_file_is_published_only_with_the_day_it_comes_from(remote: Remote, git: Git) -> None:
    write(git, DAY, f"{HEADER}one\n")
    write(git, "derived/2026/11/2026-11-24.json", _derived(DAY, "0" * 64))
    push_now(git)
    assert "derived/2026/11/2026-11-24.json" not in remote.paths()


def test_a_late_row_removes_the_derived_file_that_does_not_know_it(
    remote: Remote, git: Git, tmp_path: Path
) -> None:
    """Where the day file is not at hand, a derived file is trusted: so a wrong one must not stay."""
    write(git, DAY, f"{HEADER}one\n")
    push_now(git)
    write(
        git,
        "derived/2026/11/2026-11-24.json",
        _derived(DAY, hashlib.sha256(f"{HEADER}one\n".encode()).hexdigest()),
    )
    push_now(git)
    assert "derived/2026/11/2026-11-24.json" in remote.paths()
    late = remote.clone(tmp_path / "late", wanted=[DAY])
    write(late, DAY, "two\n")
    push_now(late)
    assert "derived/2026/11/2026-11-24.json" not in remote.paths()


def test_a_prepared_clone_holds_only_what_is_wanted(tmp_path: Path) -> None:
    """Two years of days on the branch; here only the two that were asked for, also after a push."""
    remote = Remote(tmp_path / "remote.git")
    days = [f"20{25 + n // 360}/{n // 30 % 12 + 1:02}/day-{n % 30}.csv" for n in range(720)]
    remote.seed({day: f"{HEADER}row {n}\n" for n, day in enumerate(days)})
    sparse = remote.clone(tmp_path / "sparse", days[-2:])
    assert sorted(str(path.relative_to(sparse.folder)) for path in sparse.folder.rglob("*.csv")) == days[-2:]
    write(sparse, days[-1], "late\n")
    write(sparse, "2027/01/day-0.csv", f"{HEADER}first\n")
    push_now(sparse)
    assert len(remote.paths()) == 721
    assert remote.text(days[0]) == f"{HEADER}row 0\n"
    assert remote.text(days[-1]) == f"{HEADER}row 719\nlate\n"
    objects = run("git", "-C", str(sparse.folder), "cat-file", "--batch-all-objects", "--batch-check")
    assert objects.count(" blob ") <= 6
    assert run("git", "-C", str(sparse.folder), "status", "--porcelain") == ""


def test_a_day_that_grew_over_many_pushes_can_be_taken(remote: Remote, git: Git, tmp_path: Path) -> None:
    """The remote keeps it as differences between contents of which a clone has but the last."""
    for pushed in range(6):
        write(git, DAY, "" if pushed else HEADER)
        write(
            git,
            DAY,
            "".join(f"row {pushed} {n} {hashlib.sha256(bytes([n])).hexdigest()}\n" for n in range(200)),
        )
        push_now(git)
    run("git", "-C", str(remote.folder), "gc", "--quiet")
    later = remote.clone(tmp_path / "later", [DAY])
    assert (later.folder / DAY).read_text() == remote.text(DAY)


def test_preparing_again_keeps_what_was_not_pushed(remote: Remote, git: Git, tmp_path: Path) -> None:
    """A run that was killed before its push left rows; the next one takes them along."""
    other = remote.clone(tmp_path / "other")
    write(other, DAY, f"{HEADER}theirs\n")
    push_now(other)
    write(git, DAY, f"{HEADER}ours\n")
    remote.clone(git.folder)
    assert push_now(git)
    assert remote.text(DAY) == f"{HEADER}theirs\nours\n"


def test_rows_written_before_there_was_a_clone_are_taken_along(remote: Remote, tmp_path: Path) -> None:
    folder = tmp_path / "early"
    (folder / DAY).parent.mkdir(parents=True)
    (folder / DAY).write_text(f"{HEADER}early\n")
    push_now(remote.clone(folder))
    assert remote.text(DAY) == f"{HEADER}early\n"
