"""Sealing: each day that is over by an hour, once, again where it grew, and never what may still be reordered."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from constat.errors import OutsideError
from constat.interval import MINUTE_S, format_instant
from outside.branch.append import push
from outside.branch.git import Git
from outside.evidence.troubles import read_troubles
from tasks.clock_guard import ClockGuard
from tasks.evidence_branch import open_branch
from tasks.project import Project
from tasks.push import prepare_clone, push_evidence, record_and_push
from tasks.record import record_pending_lines
from tasks.seal import require_pushed, seal_folder, seal_tip
from tests.support.availability_cases import parse_time
from tests.support.git_remote import ENVIRONMENT, HURRIED, Remote
from tests.support.http_threads import run_http_server
from tests.support.small_project import format_service, read_register_lines, write_project
from tests.support.source_tree import ROOT

HEADER = "at,service,check,outcome,latency_ms,attempts,interval_s,vantage,reason\n"
DAY = "2026/11/2026-11-23.csv"
TODAY = "2026/11/2026-11-24.csv"
NOW = parse_time("2026-11-24 01:00")


def row(second: int, day: str = "2026-11-23") -> str:
    return f"{day}T10:00:{second:02}Z,one,check-0,up,3,1,60,here,\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    write_project(
        folder,
        format_service("one", "kind: tcp, host: 127.0.0.1, port: 9"),
        monitor="  tell: ['json://chat.maxony.example']",
    )
    record_pending_lines(Project(folder, ROOT, parse_time("2026-11-23 09:00")))
    append(folder, DAY, HEADER + row(0) + row(1))
    return folder


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    return Remote(tmp_path / "remote.git")


def append(root: Path, path: str, text: str) -> None:
    file = root / "history" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as rows:
        rows.write(text)


def seal(root: Path, now: int = NOW, *, confirm: Callable[[], bool] = lambda: True) -> int:
    return len(seal_folder(Project(root, ROOT, now), confirm))


def seals(root: Path) -> list[dict[str, object]]:
    return [line for line in read_register_lines(root) if line["kind"] == "seal"]


def test_a_day_is_sealed_an_hour_after_its_end_and_once(root: Path) -> None:
    before = (root / "history/register.jsonl").read_bytes()
    assert seal(root, NOW - 1) == 0
    assert seal(root) == 1
    data = (root / "history" / DAY).read_bytes()
    assert seals(root) == [
        {
            "at": "2026-11-24T01:00:00Z",
            "kind": "seal",
            "path": DAY,
            "bytes": len(data),
            "rows": 2,
            "sha256": sha256(data).hexdigest(),
            "register": {"lines": before.count(b"\n"), "sha256": sha256(before).hexdigest()},
        }
    ]
    assert seal(root, NOW + 3600) == 0


def test_a_day_that_grew_is_sealed_again(root: Path) -> None:
    seal(root)
    append(root, DAY, row(2))
    assert seal(root, NOW + 3600) == 1
    assert [line["rows"] for line in seals(root)] == [2, 3]


def test_a_line_that_is_still_being_written_is_not_sealed(root: Path) -> None:
    whole = (root / "history" / DAY).stat().st_size
    append(root, DAY, row(2).rstrip("\n"))
    assert seal(root) == 1
    assert seal(root) == 0
    assert [(line["bytes"], line["rows"]) for line in seals(root)] == [(whole, 2)]


def test_headers_are_never_counted_as_rows(root: Path) -> None:
    append(
        root, DAY, HEADER + HEADER.replace("\n", ",more\r\n") + row(2) + row(3).replace("one", "interval_s")
    )
    seal(root)
    assert [line["rows"] for line in seals(root)] == [4]


def test_the_running_day_and_a_day_that_is_to_come_are_never_sealed(root: Path) -> None:
    append(root, TODAY, HEADER + row(0, "2026-11-24"))
    append(root, "2026/11/2026-11-25.csv", HEADER)
    assert seal(root) == 1


def test_a_withdrawn_day_is_sealed_again_only_once_it_grows(root: Path) -> None:
    seal(root)
    data = HEADER + row(0)
    (root / "history" / DAY).write_text(data)
    withdrawn = {
        "at": "2026-11-24T02:00:00Z",
        "kind": "withdrawn",
        "path": DAY,
        "bytes": len(data),
        "sha256": sha256(data.encode()).hexdigest(),
        "why": "a password leaked",
    }
    append(root, "register.jsonl", json.dumps(withdrawn) + "\n")
    assert seal(root, NOW + 7200) == 0
    append(root, DAY, row(5))
    assert seal(root, NOW + 7200) == 1


def test_clone_is_sealed_from_the_branch_not_the_disk(root: Path, remote: Remote) -> None:
    prepare_clone(open_branch(Project(root, ROOT, NOW), ENVIRONMENT, None), "page", remote.url)
    assert seal(root) == 0


def test_a_push_seals_what_the_branch_holds_and_pushes_the_seals(root: Path, remote: Remote) -> None:
    branch = open_branch(Project(root, ROOT, NOW), ENVIRONMENT, None)
    prepare_clone(branch, "page", remote.url)
    result, _ = record_and_push(branch, lambda: NOW)
    assert (result.is_new, result.seals, result.troubles) == (True, 1, ())
    assert '"kind":"seal"' in remote.read_text("register.jsonl").splitlines()[-1]
    assert push_evidence(branch, NOW + 60, lambda: NOW + 60).is_new is False


def _check_seals(remote: Remote) -> int:
    """Hold every seal on the branch against the branch; return how many there are."""
    register = remote.read_text("register.jsonl").encode()
    count = 0
    for line in map(json.loads, register.splitlines()):
        if line["kind"] == "seal":
            first = b"".join(register.splitlines(keepends=True)[: line["register"]["lines"]])
            assert sha256(first).hexdigest() == line["register"]["sha256"]
            data = remote.read_text(line["path"]).encode()[: line["bytes"]]
            assert sha256(data).hexdigest() == line["sha256"]
            count += 1
    return count


def push_until_taken(git: Git) -> None:
    """Push as a watch does: one that others were quicker than too often pushes again later."""
    for _ in range(20):
        with suppress(OutsideError):
            push(git, "here: evidence", NOW, HURRIED)
            return
    pytest.fail("the remote took no push")


def test_seals_made_during_concurrent_pushes_are_valid(tmp_path: Path, remote: Remote) -> None:
    """Each writer has rows of its own for the day, seals it from the tip, and pushes on."""

    def write(number: int) -> None:
        folder = tmp_path / f"writer{number}"
        folder.mkdir()
        write_project(folder, format_service("one", "kind: tcp, host: 127.0.0.1, port: 9"))
        git = remote.clone(folder / "history")
        for turn in range(2):
            append(
                folder, DAY, ("" if (folder / "history" / DAY).exists() else HEADER) + row(5 * number + turn)
            )
            push_until_taken(git)
            project = Project(folder, ROOT, NOW + turn)
            record_pending_lines(project)
            seal_tip(project, git, lambda: True)
            push_until_taken(git)

    remote.clone(tmp_path / "first")
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(write, range(3)))
    assert _check_seals(remote) >= 2
    assert len(remote.read_text(DAY).splitlines()) == 7


def test_a_month_is_not_frozen_from_rows_that_were_not_pushed(root: Path, remote: Remote) -> None:
    project = Project(root, ROOT, NOW)
    require_pushed(project, ENVIRONMENT)
    branch = open_branch(project, ENVIRONMENT, None)
    prepare_clone(branch, "page", remote.url)
    with pytest.raises(OutsideError, match=r"history/2026/11/2026-11-23\.csv holds what the branch does not"):
        require_pushed(project, ENVIRONMENT)
    push_evidence(branch, NOW, lambda: NOW)
    append(root, TODAY, HEADER + row(0, "2026-11-24"))
    require_pushed(project, ENVIRONMENT)


@contextmanager
def serve_time(now: int) -> Iterator[str]:
    """A server that refuses every request, and says what time it has."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            assert "Authorization" not in self.headers
            self.send_error(404)

        def date_time_string(self, timestamp: float | None = None) -> str:
            return super().date_time_string(now if timestamp is None else timestamp)

        def log_message(self, *_: object) -> None:
            pass

    with run_http_server(Handler) as server:
        yield f"http://user:secret@127.0.0.1:{server.server_port}/maxony/status.git"


def set_remote(root: Path, url: str) -> None:
    Git(root / "history", ENVIRONMENT).run("config", "remote.origin.url", url)


@pytest.mark.parametrize("apart_s", [120, -120])
def test_wrong_clock_records_and_seals_nothing(root: Path, remote: Remote, apart_s: int) -> None:
    """The rows are pushed all the same; the maintainers are told."""
    branch = open_branch(Project(root, ROOT, NOW), ENVIRONMENT, None)
    prepare_clone(branch, "page", remote.url)
    set_remote(root, remote.url)
    before = len(read_register_lines(root))
    with serve_time(NOW + apart_s) as url:
        guard = ClockGuard(branch.project, branch.clone, lambda: NOW)
        set_remote(root, url)
        assert seal_tip(branch.project, branch.clone, guard.confirm) == ()
        assert record_pending_lines(Project(root, ROOT, NOW), guard.confirm).lines == ()
    (trouble,) = guard.troubles
    assert f"that of 127.0.0.1 {format_instant(NOW + apart_s)}" in trouble
    assert "secret" not in trouble
    assert len(read_register_lines(root)) == before
    assert read_troubles(root) == (f"{format_instant(NOW)} {trouble}",)


def test_agreeing_clocks_allow_sealing(root: Path, remote: Remote) -> None:
    branch = open_branch(Project(root, ROOT, NOW), ENVIRONMENT, None)
    prepare_clone(branch, "page", remote.url)
    with serve_time(NOW + 59) as url:
        set_remote(root, url)
        assert ClockGuard(branch.project, branch.clone, lambda: NOW).confirm()


@pytest.mark.parametrize("answer", [None, "", "yesterday", "Thu, 99 Nov 2026 01:00:00 GMT"])
def test_remote_without_a_clock_is_not_compared(root: Path, remote: Remote, answer: str | None) -> None:
    prepare_clone(open_branch(Project(root, ROOT, NOW), ENVIRONMENT, None), "page", remote.url)
    set_remote(root, "https://git.maxony.example/status.git")
    assert ClockGuard(
        Project(root, ROOT, NOW), Git(root / "history", ENVIRONMENT), lambda: NOW, lambda _: answer
    ).confirm()


@pytest.mark.parametrize(
    "url", ["file:///srv/status.git", "git@git.maxony.example:status.git", "ssh://git.maxony.example/a"]
)
def test_only_http_remotes_are_asked_for_the_time(root: Path, remote: Remote, url: str) -> None:
    prepare_clone(open_branch(Project(root, ROOT, NOW), ENVIRONMENT, None), "page", remote.url)
    set_remote(root, url)
    assert ClockGuard(
        Project(root, ROOT, NOW), Git(root / "history", ENVIRONMENT), lambda: NOW, pytest.fail
    ).confirm()


def guard_folder(root: Path, now: int) -> ClockGuard:
    return ClockGuard(Project(root, ROOT, now), Git(root / "history", ENVIRONMENT), lambda: now)


def test_clock_behind_the_newest_seal_records_and_seals_nothing(root: Path) -> None:
    """Without a remote there is no other clock; a seal from the past would void the lines before it."""
    assert seal(root) == 1
    number, before = len(read_register_lines(root)), read_register_lines(root)
    append(root, DAY, row(2))
    append(root, "2026/11/2026-11-22.csv", HEADER + row(0, "2026-11-22"))
    behind = NOW - 5 * MINUTE_S - 1
    guard = guard_folder(root, behind)
    assert record_pending_lines(Project(root, ROOT, behind), guard.confirm).lines == ()
    assert seal(root, behind, confirm=guard.confirm) == 0
    (trouble,) = guard.troubles
    assert trouble.startswith(f"history/register.jsonl:{number}: this seal is of 2026-11-24T01:00:00Z")
    assert read_troubles(root) == (f"{format_instant(behind)} {trouble}",)
    assert read_register_lines(root) == before
    assert guard_folder(root, NOW - 5 * MINUTE_S).confirm()


def test_seal_from_the_future_does_not_matter_once_another_follows(root: Path) -> None:
    assert seal(root) == 1
    (made,) = seals(root)
    append(root, "register.jsonl", json.dumps({**made, "at": "2030-01-01T01:00:00Z"}) + "\n")
    assert not guard_folder(root, NOW).confirm()
    append(root, "register.jsonl", json.dumps(made) + "\n")
    assert guard_folder(root, NOW).confirm()
