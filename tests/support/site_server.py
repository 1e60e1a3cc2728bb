"""A published site on loopback, for programs that fetch: answers like a static host, and keeps the requests."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler

from tests.support.http_threads import run_http_server

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
    ".ics": "text/calendar; charset=utf-8",
}


@dataclass
class Site:
    """Files by path, the headers that go with every answer, and the paths that were requested."""

    files: dict[str, bytes]
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def count_requests(self, path: str) -> int:
        """The number of requests for a path."""
        return self.asked.count(path)


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, site: Site, *arguments: object) -> None:
        self.site = site
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer with a file, or 404."""
        path = self.path.partition("?")[0].lstrip("/")
        self.site.asked.append(path)
        name = path + "index.html" if not path or path.endswith("/") else path
        content = self.site.files.get(name)
        self.send_response(404 if content is None else 200)
        body = b"not found" if content is None else content
        self.send_header("Content-Type", TYPES.get(name[name.rfind(".") :], "application/octet-stream"))
        self.send_header("Content-Length", str(len(body)))
        for header, value in self.site.headers.items():
            self.send_header(header, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Log nothing."""


@contextmanager
def serve_files(files: Mapping[str, bytes], headers: Mapping[str, str] | None = None) -> Iterator[Site]:
    """Serve some files on a free port of loopback until the block ends."""
    site = Site(dict(files), dict(headers or {}))
    with run_http_server(partial(_Handler, site)) as server:
        site.url = f"http://127.0.0.1:{server.server_port}/"
        yield site
