"""The part of GitHub's interface that starts workflows: accepts dispatches and keeps them."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class _Handler(BaseHTTPRequestHandler):
    server: "FakeGitHub"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.take(self.path, self.headers["Authorization"], body)
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Log nothing."""


class FakeGitHub(ThreadingHTTPServer):
    """Accepts dispatches, and answers them with `status`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 204
        self.taken: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        """The address of its interface."""
        return f"http://127.0.0.1:{self.server_port}"

    def take(self, path: str, authorization: str, body: dict[str, Any]) -> None:
        """Keep a dispatch to the job's repository."""
        assert path == "/repos/maxony/status/dispatches"
        assert authorization == "Bearer a-token-of-the-job"
        self.taken.append(body)

    def list_dispatches(self, event: str) -> list[dict[str, Any]]:
        """The payloads of the dispatches of one type."""
        return [body["client_payload"] for body in self.taken if body["event_type"] == event]


@contextmanager
def serve_fake_github() -> Iterator[FakeGitHub]:
    """Serve a stand-in for GitHub on loopback."""
    with FakeGitHub() as github:
        threading.Thread(target=github.serve_forever, args=(0.02,), daemon=True).start()
        yield github
        github.shutdown()
