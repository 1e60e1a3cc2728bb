"""A small web server on loopback: fixed answers by path. It can be told to fail."""

import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import NamedTuple, Self


class FixedAnswer(NamedTuple):
    """The response to a request for a path."""

    body: str
    status: int = 200
    content_type: str = "text/html; charset=utf-8"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, site: "WebServer") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.site = site


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "Maxony"
    sys_version = ""

    def do_GET(self) -> None:
        self._send_answer(with_body=True)

    def do_HEAD(self) -> None:
        self._send_answer(with_body=False)

    def _send_answer(self, *, with_body: bool) -> None:
        answer = self.server.site.get_answer(self.path.partition("?")[0])
        body = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Do not log requests."""


class WebServer:
    """Serves `pages` (by path) while entered; if `failing` is set, every path gets that answer instead."""

    def __init__(self, pages: Mapping[str, FixedAnswer]) -> None:
        self.pages = pages
        self.failing: FixedAnswer | None = None
        self._server = _Server(self)

    @property
    def address(self) -> str:
        """The address that it listens on, `127.0.0.1:port`."""
        return f"127.0.0.1:{self._server.server_port}"

    def get_answer(self, path: str) -> FixedAnswer:
        """Return the current answer for a path."""
        return self.failing or self.pages.get(path, FixedAnswer("<h1>404</h1>", status=404))

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
