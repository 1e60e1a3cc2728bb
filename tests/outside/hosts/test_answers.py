"""Answers of hosts about proposals that are undocumented or do not concern ours."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from constat.errors import OutsideError
from outside.github import GitHub
from outside.hosts.github import GitHubPulls
from outside.hosts.gitlab import GitLab
from outside.hosts.host import Host

HOSTS: dict[str, Callable[[str], Host]] = {
    "github": lambda api: GitHubPulls(GitHub("maxony/status", "t0ken", api)),
    "gitlab": lambda api: GitLab(api, "maxony/status", "t0ken"),
}


class Answering(ThreadingHTTPServer):
    """Answers every request with one document."""

    answer: Any = None


class Handler(BaseHTTPRequestHandler):
    server: Answering

    def do_GET(self) -> None:
        data = json.dumps(self.server.answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[Answering]:
    with Answering(("127.0.0.1", 0), Handler) as answering:
        Thread(target=answering.serve_forever, args=(0.02,), daemon=True).start()
        yield answering
        answering.shutdown()


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
@pytest.mark.parametrize("answer", [None, [5], [{}], "gone"], ids=repr)
def test_malformed_answer_is_an_error(server: Answering, host: Callable[[str], Host], answer: object) -> None:
    server.answer = answer
    with pytest.raises(OutsideError, match="something other than proposals") as caught:
        host(f"http://127.0.0.1:{server.server_port}").find("constat/outage")
    assert "t0ken" not in str(caught.value)


def test_merge_request_from_a_fork_is_ignored(server: Answering) -> None:
    """A fork may have a branch of the same name: its merge request decides nothing and is not changed."""
    merge = {"iid": 1, "state": "opened", "title": "Draft: x", "web_url": "u", "target_project_id": 7}
    ours = {**merge, "iid": 2, "source_project_id": 7}
    server.answer = [{**merge, "source_project_id": 9}, ours]
    found = HOSTS["gitlab"](f"http://127.0.0.1:{server.server_port}").find("constat/outage")
    assert [each.number for each in found] == [2]
