"""Pushing history: every row of every writer is on the branch afterwards, once; nothing is rewritten."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from constat.errors import EvidenceError, OutsideError
from outside.branch.append import PUSH_ATTEMPTS, Backoff, push
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


def test_the_first_use_creates_the_branch(remote: Remote, git: Git) -> None:
    assert remote.list_subjects() == ["Begin the evidence"]
    assert (git.folder / "README.md").exists()


def test_new_rows_are_pushed(remote: Remote, git: Git) -> None:
    write(git, DAY, f"{HEADER}one\ntwo\n")
    assert push_now(git)
    assert remote.read_text(DAY) == f"{HEADER}one\ntwo\n"


def test_no_commit_is_made_if_nothing_is_new(remote: Remote, git: Git) -> None:
    write(git, DAY, f"{HEADER}one\n")
    push_now(git)
    assert push_now(git) is None
    assert len(remote.list_subjects()) == 2


def test_file_that_is_not_evidence_is_ignored(remote: Remote, git: Git) -> None:
    write(git, ".watch.lock", "1234")
    write(git, "notes.txt", "mine")
    assert push_now(git) is None
    assert remote.list_paths() == [".gitattributes", "README.md"]


def test_after_a_refusal_our_rows_follow_those_of_the_other_writer(
    remote: Remote, git: Git, tmp_path: Path
) -> None:
    """The published file has only grown, and our copy equals it."""
    other = remote.clone(tmp_path / "other")
    write(other, DAY, f"{HEADER}theirs\n")
    write(git, DAY, f"{HEADER}ours\n")
    push_now(other)
    push_now(git)
    assert remote.read_text(DAY) == f"{HEADER}theirs\nours\n"
    assert (git.folder / DAY).read_text() == f"{HEADER}theirs\nours\n"


def test_a_row_written_by_both_is_published_once(remote: Remote, git: Git, tmp_path: Path) -> None:
    other = remote.clone(tmp_path / "other")
    write(other, DAY, f"{HEADER}same\ntheirs\n")
    write(git, DAY, f"{HEADER}ours\nsame\n")
    push_now(other)
    push_now(git)
    assert sorted(remote.read_text(DAY).splitlines()[1:]) == ["ours", "same", "theirs"]


def test_a_push_that_is_refused_three_times_succeeds_the_fourth_time(remote: Remote, git: Git) -> None:
    pauses: list[float] = []
    remote.refuse(3)
    write(git, DAY, f"{HEADER}one\n")
    assert push(git, "gha: evidence", NOW, Backoff(pauses.append, lambda: 0.5))
    assert pauses == [0.375, 0.75, 1.5]
    assert remote.read_text(DAY) == f"{HEADER}one\n"


def test_a_remote_that_always_refuses_causes_an_error_and_loses_no_row(remote: Remote, git: Git) -> None:
    remote.refuse(PUSH_ATTEMPTS)
    write(git, DAY, f"{HEADER}one\n")
    with pytest.raises(OutsideError, match="git push failed"):
        push_now(git)
    assert push_now(git)
    assert remote.read_text(DAY) == f"{HEADER}one\n"


def test_a_row_that_is_still_being_written_is_not_pushed_yet(remote: Remote, git: Git) -> None:
    write(git, DAY, f"{HEADER}one\ntw")
    push_now(git)
    assert remote.read_text(DAY) == f"{HEADER}one\n"
    assert (git.folder / DAY).read_text() == f"{HEADER}one\ntw"
    write(git, DAY, "o\n")
    push_now(git)
    assert remote.read_text(DAY) == f"{HEADER}one\ntwo\n"


def test_five_writers_at_once_lose_nothing(remote: Remote, tmp_path: Path) -> None:
    writers = [remote.clone(tmp_path / f"writer{n}") for n in range(5)]
    for number, writer in enumerate(writers):
        write(writer, DAY, HEADER + "".join(f"row {number} {n}\n" for n in range(20)))
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(push_now, writers))
    rows = remote.read_text(DAY).removeprefix(HEADER).splitlines()
    assert sorted(rows) == sorted(f"row {number} {n}" for number in range(5) for n in range(20))


def test_a_statement_that_was_frozen_twice_stays_as_published(
    remote: Remote, git: Git, tmp_path: Path
) -> None:
    other = remote.clone(tmp_path / "other")
    write(other, "statements/2026-10.json", json.dumps({"month": "2026-10", "frozen_at": "a"}))
    write(git, "statements/2026-10.json", json.dumps({"month": "2026-10", "frozen_at": "b"}))
    push_now(other)
    push_now(git)
    assert json.loads(remote.read_text("statements/2026-10.json"))["frozen_at"] == "a"
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
    """Both stay on the branch; a clone that still has the old one gets the new one, and can push."""
    write(git, "statements/2026-10.json", json.dumps({"month": "2026-10", "services": [1]}))
    write(git, "statements/2026-10.tickets.csv", "one\n")
    push_now(git)
    other = remote.clone(tmp_path / "other")
    _supersede(git)
    push_now(git)
    assert json.loads(remote.read_text("statements/2026-10.json"))["services"] == [2]
    assert json.loads(remote.read_text("statements/2026-10.1.json"))["services"] == [1]
    assert remote.read_text("statements/2026-10.tickets.csv") == "two\n"
    write(other, DAY, f"{HEADER}one\n")
    push_now(other)
    assert remote.read_text(DAY) == f"{HEADER}one\n"
    assert json.loads(remote.read_text("statements/2026-10.json"))["services"] == [2]


def _derived(day: str, sha256: str) -> str:
    return json.dumps({"sources": {day: {"size": 1, "sha256": sha256}}})


def test_a_derived_file_is_published_only_if_it_comes_from_the_published_day(
    remote: Remote, git: Git
) -> None:
    write(git, DAY, f"{HEADER}one\n")
    write(git, "derived/2026/11/2026-11-24.json", _derived(DAY, "0" * 64))
    push_now(git)
    assert "derived/2026/11/2026-11-24.json" not in remote.list_paths()


def test_a_late_row_removes_the_derived_file_that_lacks_it(remote: Remote, git: Git, tmp_path: Path) -> None:
    """A derived file is trusted where its day file is not checked out, so a wrong one must not stay."""
    write(git, DAY, f"{HEADER}one\n")
    push_now(git)
    write(
        git,
        "derived/2026/11/2026-11-24.json",
        _derived(DAY, hashlib.sha256(f"{HEADER}one\n".encode()).hexdigest()),
    )
    push_now(git)
    assert "derived/2026/11/2026-11-24.json" in remote.list_paths()
    late = remote.clone(tmp_path / "late", wanted=[DAY])
    write(late, DAY, "two\n")
    push_now(late)
    assert "derived/2026/11/2026-11-24.json" not in remote.list_paths()


def test_a_clone_holds_only_the_files_of_its_plan(tmp_path: Path) -> None:
    """Two years of days are on the branch; the clone has only the two of its plan, also after a push."""
    remote = Remote(tmp_path / "remote.git")
    days = [f"20{25 + n // 360}/{n // 30 % 12 + 1:02}/day-{n % 30}.csv" for n in range(720)]
    remote.seed({day: f"{HEADER}row {n}\n" for n, day in enumerate(days)})
    sparse = remote.clone(tmp_path / "sparse", days[-2:])
    assert sorted(str(path.relative_to(sparse.folder)) for path in sparse.folder.rglob("*.csv")) == days[-2:]
    write(sparse, days[-1], "late\n")
    write(sparse, "2027/01/day-0.csv", f"{HEADER}first\n")
    push_now(sparse)
    assert len(remote.list_paths()) == 721
    assert remote.read_text(days[0]) == f"{HEADER}row 0\n"
    assert remote.read_text(days[-1]) == f"{HEADER}row 719\nlate\n"
    objects = run("git", "-C", str(sparse.folder), "cat-file", "--batch-all-objects", "--batch-check")
    assert objects.count(" blob ") <= 6
    assert run("git", "-C", str(sparse.folder), "status", "--porcelain") == ""


def test_a_day_file_that_grew_over_many_pushes_can_be_fetched(
    remote: Remote, git: Git, tmp_path: Path
) -> None:
    """The remote stores it as deltas between versions, of which a clone has only the last."""
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
    assert (later.folder / DAY).read_text() == remote.read_text(DAY)


def test_refreshing_the_clone_keeps_rows_that_were_not_pushed(
    remote: Remote, git: Git, tmp_path: Path
) -> None:
    """A run that was killed before its push left rows behind; the next one pushes them."""
    other = remote.clone(tmp_path / "other")
    write(other, DAY, f"{HEADER}theirs\n")
    push_now(other)
    write(git, DAY, f"{HEADER}ours\n")
    remote.clone(git.folder)
    assert push_now(git)
    assert remote.read_text(DAY) == f"{HEADER}theirs\nours\n"


def test_rows_written_before_the_clone_was_made_are_pushed(remote: Remote, tmp_path: Path) -> None:
    folder = tmp_path / "early"
    (folder / DAY).parent.mkdir(parents=True)
    (folder / DAY).write_text(f"{HEADER}early\n")
    push_now(remote.clone(folder))
    assert remote.read_text(DAY) == f"{HEADER}early\n"


WHOLE_FILES = {
    "stamps/" + "ab" * 32 + ".tsr": "token",
    "imported/upptime.csv": "service,start\nb,1\na,2\n",
    "imported/upptime.json": '{\n  "source": "Upptime"\n}\n',
}


def test_stamps_and_imported_files_are_pushed_whole(remote: Remote, git: Git) -> None:
    for path, text in WHOLE_FILES.items():
        write(git, path, text)
    assert push_now(git)
    assert {path: remote.read_text(path) for path in WHOLE_FILES} == WHOLE_FILES


@pytest.mark.parametrize("path", [*WHOLE_FILES, "notes.json"])
def test_published_version_of_a_whole_file_stays(remote: Remote, git: Git, tmp_path: Path, path: str) -> None:
    """Joined line by line they would be neither."""
    other = remote.clone(tmp_path / "other")
    write(other, path, "theirs\n")
    write(git, path, "ours\nwithout an end")
    push_now(other)
    assert push_now(git) is None
    assert remote.read_text(path) == "theirs\n"
    assert (git.folder / path).read_text() == "theirs\n"


def test_a_day_file_with_other_line_ends_is_not_pushed_a_second_time(remote: Remote, git: Git) -> None:
    """A tool gave our copy CRLF: every row would look new."""
    write(git, DAY, f"{HEADER}one\ntwo\n")
    push_now(git)
    (git.folder / DAY).write_bytes(f"{HEADER}one\ntwo\nthree\n".replace("\n", "\r\n").encode())
    assert push_now(git)
    assert remote.read_text(DAY) == f"{HEADER}one\ntwo\nthree\n"
    assert (git.folder / DAY).read_text() == f"{HEADER}one\ntwo\nthree\n"


def test_a_day_file_that_was_sorted_gets_the_order_of_the_branch_again(remote: Remote, git: Git) -> None:
    """The seals are of the branch's bytes."""
    write(git, DAY, f"{HEADER}two\none\n")
    push_now(git)
    (git.folder / DAY).write_text(f"{HEADER}one\nthree\ntwo\n")
    assert push_now(git)
    assert remote.read_text(DAY) == f"{HEADER}two\none\nthree\n"
    assert (git.folder / DAY).read_text() == f"{HEADER}two\none\nthree\n"
