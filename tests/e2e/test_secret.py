"""A secret that a check sends, and the job's token, are nowhere in what a full run writes: neither files nor git nor logs."""

import base64
import json
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from constat.interval import parse_instant
from tests.e2e.conftest import Merge
from tests.support.github_api import FakeGitHub
from tests.support.remotes import Remote
from tests.support.workflow import Clock, Run

START = parse_instant("2026-11-24T09:00:00Z")
SECRET = "planted-7f3a91c5"
TOKEN = "a-token-of-the-job"
SETTINGS = """
page: {{id: a, name: A, url: "https://status.example.org/", languages: [en], timezone: UTC}}
monitor: {{vantage: gha, confirm: {{attempts: 1, delay: 0s}}}}
secrets: {{CONSTAT_SMTP_PASSWORD: [127.0.0.1]}}
sla: {{target: 99}}
services:
  - id: echo
    name: Echo
    interval: 1m
    checks:
      - name: home
        kind: http
        url: "http://127.0.0.1:{port}/"
        bearer: "${{CONSTAT_SMTP_PASSWORD}}"
        unencrypted: true
        timeout: 20s
"""


class _Echo(BaseHTTPRequestHandler):
    """Refuses, and says in its answer all that it was sent: the worst that a server can do with a secret."""

    heard: list[str]

    def do_GET(self) -> None:
        said = self.headers["Authorization"] or ""
        self.heard.append(said)
        self.send_response(403, said)
        self.send_header("X-Said", said)
        self.end_headers()
        self.wfile.write(said.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def echo() -> Iterator[tuple[int, list[str]]]:
    """Its port, and what it was sent."""
    heard: list[str] = []
    handler = type("Echo", (_Echo,), {"heard": heard})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, heard
        server.shutdown()


def written(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder, and every object of every git repository below it, unpacked."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield str(path), path.read_bytes()
        if path.name == "objects" and (path.parent / "HEAD").exists():
            every = ["git", "--git-dir", str(path.parent), "cat-file", "--batch-all-objects", "--batch"]
            done = subprocess.run(every, check=True, capture_output=True)  # noqa: S603 (our own words)
            yield f"the objects of {path.parent}", done.stdout


def test_a_planted_secret_is_in_nothing_that_a_run_writes(
    remote: Remote, merge: Merge, github: FakeGitHub, echo: tuple[int, list[str]], tmp_path: Path
) -> None:
    port, heard = echo
    merge("status.yml", SETTINGS.format(port=port))
    given = {"secrets": {"CONSTAT_SMTP_PASSWORD": SECRET}, "variables": {"WATCH_MINUTES": "2"}}
    watch = Run("watch", tmp_path / "watch", remote.url, Clock.bearable(START), github.url, **given).execute()  # type: ignore[arg-type]
    clock = Clock.showing(START + 180)
    publish = Run("publish", tmp_path / "publish", remote.url, clock, github.url, **given).execute()  # type: ignore[arg-type]
    assert (watch.failed, publish.failed) == ("", "")
    assert f"Bearer {SECRET}" in heard
    assert ",echo,home,down," in remote.text("2026/11/2026-11-24.csv")
    logs = json.dumps([watch.output, publish.output, watch.summary(), github.dispatched("publish")])
    everything = [*written(tmp_path), ("the logs", logs.encode())]
    assert any(name.endswith("artifact/index.html") for name, _ in everything)
    encoded = base64.b64encode(f"x-access-token:{TOKEN}".encode())
    for needle in (SECRET.encode(), base64.b64encode(SECRET.encode()), TOKEN.encode(), encoded):
        assert [name for name, data in everything if needle in data] == []
