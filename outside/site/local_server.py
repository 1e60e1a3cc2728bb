"""The site on this machine only, as a web server of its host would give it, and a watch over the files it is made of."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from constat.register.corrections import CORRECTIONS

SOURCES = ("status.yml", CORRECTIONS, "incidents", "templates", "history", "support")
"""What a site is made of, in a project."""


class _Handler(SimpleHTTPRequestHandler):
    """Files of the site, never from a cache, with its own page for what is not there."""

    extensions_map = {  # noqa: RUF012 -- as the library has it
        **SimpleHTTPRequestHandler.extensions_map,
        ".rss": "text/xml; charset=utf-8",
        ".atom": "text/xml; charset=utf-8",
        ".ics": "text/calendar; charset=utf-8",
        ".json": "application/json",
    }

    def log_message(self, *_: Any) -> None:  # noqa: ANN401 -- the signature of the library
        """Say nothing."""

    def end_headers(self) -> None:
        """Let no browser keep a page that is about to be built again."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Show the page of the site for what is not there."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def open_server(site: Path, port: int) -> ThreadingHTTPServer:
    """A server of a folder on the loopback address; port 0 takes a free one. The caller runs and closes it."""
    return ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, directory=str(site)))


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from (found for found in path.rglob("*") if found.is_file())
    elif path.is_file():
        yield path


def read_state(*folders: Path) -> frozenset[tuple[str, int, int]]:
    """What the sources are now: every file with its size and time. Derived files are not sources."""
    found = set()
    for folder in folders:
        for path in (path for name in SOURCES for path in _files(folder / name)):
            if "derived" not in path.parts:
                with suppress(FileNotFoundError):  # it went while we looked: that is a change too
                    stat = path.stat()
                    found.add((str(path), stat.st_size, stat.st_mtime_ns))
    return frozenset(found)
