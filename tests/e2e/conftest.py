"""A repository on GitHub, played on this machine: a bare remote, the demo's servers, an interface that takes dispatches."""

import json
import shutil
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from constat.interval import parse_instant
from demo.certificates import AUTHORITY, build_server_context
from demo.maxony import Maxony, serve_maxony
from demo.project import build_status_yml
from tests.support.fake_github import FakeGitHub, serve_fake_github
from tests.support.git_remote import Remote, run
from tests.support.http_threads import run_http_server
from tests.support.job_clock import Clock, run_clock
from tests.support.source_tree import ROOT
from tests.support.workflow_runner import Run

START = parse_instant("2026-11-24T09:00:00Z")
NOTICE = """---
title: New certificates
kind: maintenance
services: [api]
starts: 2026-11-24T10:20+01:00
ends: 2026-11-24T11:00+01:00
---
We renew the certificates.
"""
_LEFT_OUT = ("tests/", "docs/", "incidents/", "benchmarks/")


@pytest.fixture(scope="session")
def tls() -> ssl.SSLContext:
    return build_server_context()


@pytest.fixture
def servers(tls: ssl.SSLContext) -> Iterator[Maxony]:
    with serve_maxony(tls) as running:
        yield running


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    with serve_fake_github() as running:
        yield running


@pytest.fixture
def clock(tmp_path: Path) -> Iterator[Clock]:
    """A clock at nine o'clock, by which jobs live."""
    with run_clock(tmp_path / "clock", START) as clock:
        yield clock


@pytest.fixture
def remote(servers: Maxony, tmp_path: Path) -> Remote:
    """A remote whose `main` holds this very code, and the demo's servers in its `status.yml`."""
    return begin(tmp_path, servers)


@pytest.fixture
def stage(remote: Remote, github: FakeGitHub, clock: Clock, tmp_path: Path) -> "Stage":
    return Stage(tmp_path, remote, github, clock)


@pytest.fixture(scope="session")
def watched(tls: ssl.SSLContext, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Watched"]:
    """A repository that was watched for two minutes; made once, and copied. Its servers go on."""
    folder = tmp_path_factory.mktemp("watched")
    with serve_maxony(tls) as servers:
        with serve_fake_github() as github, run_clock(folder / "clock", START) as clock:
            run = Stage(folder, begin(folder, servers), github, clock).run("watch", "watch")
            ended = clock.now()
        assert not run.failed
        yield Watched(folder, run.outputs["take"]["until"], ended)


@pytest.fixture
def looked(watched: "Watched", github: FakeGitHub, clock: Clock, tmp_path: Path) -> "Stage":
    """A copy of it, with the clone of its maintainers, at the time at which the watch had ended."""
    shutil.copytree(watched.folder / "main", tmp_path / "main")
    shutil.copytree(watched.folder / "remote.git", tmp_path / "remote.git")
    clock.set(watched.ended)
    return Stage(tmp_path, Remote(tmp_path / "remote.git"), github, clock)


class Watched(NamedTuple):
    """The folder of a watch, when its successor was to take over, and the time on the clock after it."""

    folder: Path
    until: str
    ended: float


@dataclass(frozen=True)
class Stage:
    """A folder with a remote and the clone `main` of its maintainers, GitHub around it, and the clock of its jobs."""

    folder: Path
    remote: Remote
    github: FakeGitHub
    clock: Clock

    def run(
        self, workflow: str, name: str, variables: Mapping[str, str] | None = None, **more: object
    ) -> Run:
        """One run of a workflow, to its end; `name` is its folder's."""
        given: dict[str, Any] = {
            "clock": self.clock,
            "variables": {"WATCH_MINUTES": "2", **(variables or {})},
            **more,
        }
        return Run(workflow, self.folder / name, self.remote.url, github=self.github.url, **given).execute()

    def publish(self, name: str, now: int | None = None, **more: Any) -> Run:
        """One run of the publishing, at a time, that did not fail."""
        if now is not None:
            self.clock.set(now)
        done = self.run("publish", name, **more)
        assert not done.failed
        return done

    def in_register(self, kind: str) -> list[dict[str, Any]]:
        """The lines of one kind that the branch's register holds."""
        lines = map(json.loads, self.remote.read_text("register.jsonl").splitlines())
        return [line for line in lines if line["kind"] == kind]

    def merge(self, path: str, text: str) -> None:
        """Somebody merges a file to `main`."""
        work = self.folder / "main"
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).write_text(text)
        for words in (["add", "--all"], _commit(f"Add {path}"), ["push", "--quiet", self.remote.url, "main"]):
            run("git", "-C", str(work), *words)


def begin(folder: Path, servers: Maxony) -> Remote:
    """A remote in a folder, and beside it the clone `main` that its maintainers work in."""
    remote, work = Remote(folder / "remote.git"), folder / "main"
    listed = run(
        "git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"
    ).split("\0")
    for path in listed:
        if path and not path.startswith(_LEFT_OUT) and (ROOT / path).is_file():
            (work / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, work / path)
    (work / "status.yml").write_text(build_status_yml(servers, "gha").replace("timeout: 2s", "timeout: 20s"))
    shutil.copy(AUTHORITY, work)
    begin_main(work, remote)
    return remote


def begin_main(work: Path, remote: Remote) -> None:
    """Push what lies in a folder as the first commit of `main`."""
    for words in (["init", "--quiet", "--initial-branch=main"], ["add", "--all"], _commit("Begin")):
        run("git", "-C", str(work), *words)
    run("git", "-C", str(work), "push", "--quiet", remote.url, "main")


def _commit(message: str) -> list[str]:
    return ["-c", "user.name=A", "-c", "user.email=a@localhost", "commit", "--quiet", "-m", message]


class _Echo(BaseHTTPRequestHandler):
    """Refuses, and says in its answer all that it was sent: the worst that a server can do with a secret."""

    heard: list[str]

    def do_GET(self) -> None:
        credentials = self.headers["Authorization"] or ""
        self.heard.append(credentials)
        self.send_response(403, credentials)
        self.send_header("X-Said", credentials)
        self.end_headers()
        self.wfile.write(credentials.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def echo() -> Iterator[tuple[int, list[str]]]:
    """Its port, and what it was sent."""
    heard: list[str] = []
    handler = type("Echo", (_Echo,), {"heard": heard})
    with run_http_server(handler) as server:
        yield server.server_port, heard
