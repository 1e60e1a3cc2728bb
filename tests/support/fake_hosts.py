"""Pull requests of GitHub and merge requests of GitLab on loopback, over a bare repository, as their documents describe them.

Like the real ones they refuse a proposal of a branch that the repository lacks, and a second open one of the same branch.
"""

import json
import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "a-token-of-the-job"
Answer = tuple[int, Any]


@dataclass
class Kept:
    """A proposal as the host keeps it."""

    number: int
    branch: str
    title: str
    body: str
    draft: bool
    state: str = "open"


@dataclass
class FakeHost:
    """The proposals of one repository. `log`: what was done, in order; `knows_drafts`: whether the plan has them."""

    repository: Path
    kept: list[Kept] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    knows_drafts: bool = True
    api: str = ""

    def take(self, method: str, address: str, headers: Any, body: dict[str, Any]) -> Answer:
        """Answer a request."""
        url = urlsplit(address)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        if url.path.startswith("/repos/"):
            assert headers["Authorization"] == f"Bearer {TOKEN}"
            return self._github(method, url.path, query, body)
        assert headers["PRIVATE-TOKEN"] == TOKEN
        return self._gitlab(method, url.path, query, body)

    def _github(self, method: str, path: str, query: dict[str, str], body: dict[str, Any]) -> Answer:
        if path == "/repos/maxony/status/dispatches":
            self.log.append(f"dispatch {body['event_type']}")
            return 204, None
        match = re.fullmatch(r"/repos/maxony/status/pulls(?:/(\d+))?", path)
        assert match
        if method == "GET":
            owner, _, branch = query["head"].partition(":")
            assert (owner, query["state"]) == ("maxony", "all")
            return 200, [self._as_pull(each) for each in reversed(self.kept) if each.branch == branch]
        if method == "POST":
            if body.get("draft") and not self.knows_drafts:
                message = "Draft pull requests are not supported in this repository."
                return 422, {"message": "Validation Failed", "errors": [{"message": message}]}
            return self._open(body["head"], body["title"], body["body"], draft=bool(body.get("draft")))
        kept = self.kept[int(match[1]) - 1]
        return self._change(kept, body.get("title"), body.get("body"), closes=body.get("state") == "closed")

    def _gitlab(self, method: str, path: str, query: dict[str, str], body: dict[str, Any]) -> Answer:
        match = re.fullmatch(r"/projects/maxony%2Fstatus/merge_requests(?:/(\d+))?", path)
        assert match
        if method == "GET" and match[1] is None:
            assert query["state"] == "all"
            branch = query["source_branch"]
            return 200, [self._as_merge(each) for each in reversed(self.kept) if each.branch == branch]
        if method == "GET":
            return 200, self._as_merge(self.kept[int(match[1]) - 1])
        if method == "POST":
            title = str(body["title"])
            return self._open(
                body["source_branch"],
                title,
                body["description"],
                draft=title.startswith("Draft: "),
                merge=True,
            )
        kept = self.kept[int(match[1]) - 1]
        closes = body.get("state_event") == "close"
        return self._change(kept, body.get("title"), body.get("description"), closes=closes, merge=True)

    def _open(self, branch: str, title: str, body: str, *, draft: bool, merge: bool = False) -> Answer:
        if not self.has_branch(branch):
            return 422, {"message": "Validation Failed", "errors": [{"field": "head", "code": "invalid"}]}
        if any(each.branch == branch and each.state == "open" for each in self.kept):
            return (409 if merge else 422), {"message": "A pull request already exists"}
        self.kept.append(Kept(len(self.kept) + 1, branch, title, body, draft))
        self.log.append(f"open{' draft' if draft else ''}: {title}")
        return 201, (self._as_merge if merge else self._as_pull)(self.kept[-1])

    def _change(
        self, kept: Kept, title: str | None, body: str | None, *, closes: bool, merge: bool = False
    ) -> Answer:
        if closes:
            kept.state = "closed"
            self.log.append("close")
        if title is not None:
            kept.title, kept.body = title, body or ""
            self.log.append(f"change: {title}")
        return 200, (self._as_merge if merge else self._as_pull)(kept)

    def _as_pull(self, kept: Kept) -> dict[str, Any]:
        return {
            "number": kept.number,
            "state": "open" if kept.state == "open" else "closed",
            "merged_at": "2026-11-29T03:30:00Z" if kept.state == "merged" else None,
            "title": kept.title,
            "body": kept.body,
            "draft": kept.draft,
            "html_url": f"https://github.example/maxony/status/pull/{kept.number}",
        }

    def _as_merge(self, kept: Kept) -> dict[str, Any]:
        return {
            "iid": kept.number,
            "state": "opened" if kept.state == "open" else kept.state,
            "title": kept.title,
            "description": kept.body,
            "web_url": f"https://gitlab.example/maxony/status/-/merge_requests/{kept.number}",
        }

    def has_branch(self, branch: str) -> bool:
        """Whether the repository has a branch."""
        words = (
            "git",
            "-C",
            str(self.repository),
            "rev-parse",
            "--quiet",
            "--verify",
            f"refs/heads/{branch}",
        )
        return subprocess.run(words, check=False, capture_output=True).returncode == 0  # noqa: S603 (our own words)


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else {}
        status, content = self.server.host.take(self.command, self.path, self.headers, body)
        data = b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Answer every method alike: `http.server` calls `do_GET` and the like."""
        if not name.startswith("do_"):
            raise AttributeError(name)
        return self._answer

    def log_message(self, *_: object) -> None:
        """Log nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, host: FakeHost) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.host = host


@contextmanager
def serve_host(host: FakeHost) -> Iterator[FakeHost]:
    """Serve the interface of a host; another one may take its place meanwhile."""
    with _Server(host) as server:
        host.api = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield host
        server.shutdown()
