"""The `heartbeat` check: real files, real repositories and real servers, and whose fault it is if there is no report."""

import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from checks.contract import CheckKind
from checks.kinds import heartbeat
from checks.kinds.heartbeat import Options
from checks.probing import ProbeResult
from checks.records.reported_time import parse_reported_time
from checks.secrets import Secrets
from constat.config.fields import WrongError
from constat.interval import format_instant
from tests.support.configured_probe import look, read_outcome
from tests.support.tcp_speakers import (
    Script,
    hang,
    hold_closed_port,
    reset,
    send_and_wait,
    serve_script,
    trickle,
)

KIND: CheckKind[heartbeat.Options] = heartbeat

NOW = 1_795_508_000
MINUTE, HOUR = 60, 3600
PROMISE: dict[str, Any] = {"warn": HOUR, "fail": 2 * HOUR}

AGES: dict[str, tuple[int, tuple[str, str]]] = {
    "just now": (0, ("up", "")),
    "on the edge of late": (HOUR, ("up", "")),
    "late": (HOUR + MINUTE, ("degraded", "late last report 1 h 1 min ago")),
    "on the edge of down": (2 * HOUR, ("degraded", "late last report 2 h ago")),
    "far too late": (50 * HOUR, ("down", "late last report 2 d 2 h ago")),
    "a little ahead": (-MINUTE, ("up", "")),
    "ahead": (-5 * MINUTE, ("degraded", "late the reporter's clock is 5 min ahead of ours")),
    "ahead for longer than it may be silent": (
        -3 * HOUR,
        ("down", "late the reporter's clock is 3 h ahead of ours"),
    ),
}


def probe_file(folder: Path, **options: Any) -> ProbeResult:
    return look("heartbeat", 5, Options(**{**PROMISE, "file": "done", **options}), root=folder, now=NOW)


@pytest.mark.parametrize(("age_s", "expected"), AGES.values(), ids=AGES)
def test_the_age_of_the_report_decides(tmp_path: Path, age_s: int, expected: tuple[str, str]) -> None:
    (tmp_path / "done").touch()
    os.utime(tmp_path / "done", (NOW - age_s, NOW - age_s))
    assert read_outcome(probe_file(tmp_path)) == expected


def test_the_step_says_when_the_last_report_was(tmp_path: Path) -> None:
    (tmp_path / "done").touch()
    os.utime(tmp_path / "done", (NOW - 90, NOW - 90))
    step = probe_file(tmp_path).steps[-1]
    assert (step.name, step.detail) == ("report", f"{format_instant(NOW - 90)}: 90 s ago")


def test_a_job_that_never_reported_is_down(tmp_path: Path) -> None:
    assert read_outcome(probe_file(tmp_path)) == ("down", "late no report yet")


def test_missing_folder_or_non_folder_is_unknown(tmp_path: Path) -> None:
    missing = probe_file(tmp_path, file="mounted/done")
    assert read_outcome(missing) == ("unknown", "unanswered the folder of the report is missing")
    (tmp_path / "mounted").touch()
    odd = probe_file(tmp_path, file="mounted/done")
    assert read_outcome(odd) == ("unknown", "unanswered the folder of the report cannot be read")


def test_impossible_time_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "done").touch()
    os.utime(tmp_path / "done", (-5, -5))
    assert read_outcome(probe_file(tmp_path)) == ("down", "value no possible time -5")


def git(folder: Path, *words: str, at: int = NOW) -> None:
    """Run git as a job would, at some time."""
    names = {f"GIT_{who}_{what}": "job" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    dates = {"GIT_AUTHOR_DATE": "@0 +0000", "GIT_COMMITTER_DATE": f"@{at} +0100"}
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), **names, **dates}
    subprocess.run(["git", *words], cwd=folder, env=environment, check=True, capture_output=True)  # noqa: S603, S607 (our own words)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose branch `heartbeat` was last pushed to an hour and a minute ago."""
    folder = tmp_path_factory.mktemp("jobs")
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", "first", at=NOW - 9 * HOUR)
    git(folder, "checkout", "--quiet", "-b", "heartbeat")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", "done", at=NOW - HOUR - MINUTE)
    return folder


REFERENCES = {
    "a branch": ("heartbeat", ("degraded", "late last report 1 h 1 min ago")),
    "a whole reference": ("refs/heads/main", ("down", "late last report 9 h ago")),
    "one that was never pushed": ("backup", ("down", "late no report yet")),
}


@pytest.mark.parametrize(("ref", "expected"), REFERENCES.values(), ids=REFERENCES)
def test_a_pushed_commit_is_a_report(repository: Path, ref: str, expected: tuple[str, str]) -> None:
    options = Options(**PROMISE, repository=repository.name, ref=ref)
    assert read_outcome(look("heartbeat", 20, options, root=repository.parent, now=NOW)) == expected


@pytest.mark.parametrize("script", [reset, send_and_wait(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")])
def test_unreadable_repository_is_unknown(script: Script) -> None:
    with serve_script(script) as port:
        options = Options(**PROMISE, repository=f"http://127.0.0.1:{port}/jobs.git")
        outcome, reason = read_outcome(look("heartbeat", 20, options, now=NOW))
    assert (outcome, reason.partition(": ")[0]) == ("unknown", "unanswered git")


def test_git_does_not_outlive_the_deadline() -> None:
    began = time.monotonic()
    with serve_script(hang) as port:
        options = Options(**PROMISE, repository=f"http://127.0.0.1:{port}/jobs.git")
        result = look("heartbeat", 0.5, options, now=NOW)
    assert read_outcome(result) == ("unknown", "unanswered the place of the report: timeout after 0.5 s")
    assert time.monotonic() - began < 5


def serve_object(body: str, status: str = "200 OK") -> Script:
    return send_and_wait(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())


PLACE = "unanswered the place of the report: "
OBJECTS: dict[str, tuple[Script, dict[str, Any], tuple[str, str]]] = {
    "a time": (serve_object(format_instant(NOW - 5) + "\n"), {}, ("up", "")),
    "a late time": (serve_object(str(NOW - 3 * HOUR)), {}, ("down", "late last report 3 h ago")),
    "a time in JSON": (serve_object(f'{{"a": [{{"at": {NOW}.25}}]}}'), {"time": "a.0.at"}, ("up", "")),
    "JSON without it": (serve_object("{}"), {"time": "a.at"}, ("down", "value 'a.at' missing")),
    "no JSON": (serve_object("<html>"), {"time": "a"}, ("down", "protocol not JSON")),
    "a time of no zone": (
        serve_object("2026-11-24T10:00:00"),
        {},
        ("down", "value not a time with an offset '2026-11-24T10:00:00'"),
    ),
    "nonsense": (serve_object("soon"), {}, ("down", "value not a time with an offset 'soon'")),
    "nothing yet": (serve_object("", "404 Not Found"), {}, ("down", "late no report yet")),
    "a refusal": (serve_object("", "403 Forbidden"), {}, ("unknown", f"{PLACE}status 403")),
    "a torn connection": (reset, {}, ("unknown", f"{PLACE}reset")),
    "another protocol": (send_and_wait(b"220 ready\r\n"), {}, ("unknown", f"{PLACE}protocol not HTTP")),
    "silence": (hang, {}, ("unknown", f"{PLACE}timeout after 0.3 s")),
    "a drip": (trickle(b"HTTP/1.1 2"), {}, ("unknown", f"{PLACE}timeout after 0.3 s")),
}


@pytest.mark.parametrize(("script", "options", "expected"), OBJECTS.values(), ids=OBJECTS)
def test_object_gives_the_time_and_server_failure_is_unknown(
    script: Script, options: dict[str, Any], expected: tuple[str, str]
) -> None:
    with serve_script(script) as port:
        asked = Options(**PROMISE, url=f"http://127.0.0.1:{port}/done", **options)
        assert (
            read_outcome(look("heartbeat", 0.3 if "timeout" in expected[1] else 5, asked, now=NOW))
            == expected
        )


def test_unreachable_report_server_is_unknown() -> None:
    with hold_closed_port() as port:
        result = look("heartbeat", 2, Options(**PROMISE, url=f"http://127.0.0.1:{port}/"), now=NOW)
    assert read_outcome(result) == ("unknown", f"{PLACE}refused")


def test_secret_goes_only_to_its_host_and_is_never_echoed() -> None:
    secrets = Secrets({"CONSTAT_KEY": "s3cret-token"}, {"CONSTAT_KEY": ("127.0.0.1",)})
    headers = {"Authorization": "Bearer ${CONSTAT_KEY}"}

    def echo(connection: Any) -> None:
        said = connection.recv(65_536).partition(b"Bearer ")[2].partition(b"\r\n")[0]
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(said), said))

    with serve_script(echo) as port:
        url = f"http://127.0.0.1:{port}/"
        asked = Options(**PROMISE, url=url, headers=headers, unencrypted=True)
        result = look("heartbeat", 5, asked, secrets, now=NOW)
    assert read_outcome(result) == ("down", "value not a time with an offset '[secret]'")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "no place where the job reports"),
        ({"file": "a", "url": "https://a.example/"}, "several places"),
        ({"file": "a", "time": "at"}, "time and headers belong to url"),
        ({"file": "a", "warn": 9 * HOUR}, "fail comes before warn"),
        ({"url": "http://a.example/", "headers": {"X": "${CONSTAT_A}"}}, "unencrypted"),
        ({"repository": "ext::sh -c touch%20x"}, "not a repository"),
        ({"repository": "--upload-pack=x"}, "not a repository"),
        ({"repository": "https://u:p@git.example/x"}, "not a repository"),
        ({"repository": "jobs", "ref": "--exec=x"}, "not a valid git reference"),
        ({"repository": "jobs", "ref": "a:b"}, "not a valid git reference"),
    ],
)
def test_invalid_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(WrongError, match=message):
        Options(**{**PROMISE, **options})


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-24T10:00:00Z", 1_795_514_400),
        ("2026-11-24T11:00:00.999+01:00", 1_795_514_400),
        ("1795514400", 1_795_514_400),
        ("1795514400.5\n", 1_795_514_400),
        ("1795514400123", 1_795_514_400),
    ],
)
def test_common_time_formats_are_read(text: str, instant: int) -> None:
    assert parse_reported_time(text) == instant


@pytest.mark.parametrize("text", ["", "now", "42", "2026-11-24", "0001-01-01T00:00:00Z", "1" * 99])
def test_invalid_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (whichever it is)
        parse_reported_time(text)
