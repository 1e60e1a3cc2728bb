"""A listener on loopback that accepts or refuses posts, as a chat server or a webhook does."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.support.http_threads import run_http_server


@dataclass
class Hook:
    """The posts received. `status`: the answer to each; `headers` go with it."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    posted: list[dict[str, Any]] = field(default_factory=list)
    port: int = 0

    @property
    def titles(self) -> list[str]:
        """The titles of the posts."""
        return [post["title"] for post in self.posted]


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, hook: Hook, *arguments: object) -> None:
        self.hook = hook
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_POST(self) -> None:
        """Accept a post, or refuse it."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.hook.status == 200:
            self.hook.posted.append(json.loads(body))
        self.send_response(self.hook.status)
        for name, value in self.hook.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Log nothing."""


@contextmanager
def listen_for_posts() -> Iterator[Hook]:
    """Listen on a free port of loopback until the block ends."""
    taking = Hook()
    with run_http_server(partial(_Handler, taking)) as server:
        taking.port = server.server_port
        yield taking
