"""A web server for the site on localhost, and the state of the files that the site is built from."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from constat.errors import OutsideError
from constat.register.corrections_file import CORRECTIONS

SOURCES = ("status.yml", CORRECTIONS, "incidents", "templates", "history", "support")
"""The files and folders of a project that its site is built from."""


class _Handler(SimpleHTTPRequestHandler):
    """Serves the files of a folder uncached, and the site's own 404 page."""

    extensions_map = {  # noqa: RUF012 -- a class attribute in the library too
        **SimpleHTTPRequestHandler.extensions_map,
        ".rss": "text/xml; charset=utf-8",
        ".atom": "text/xml; charset=utf-8",
        ".ics": "text/calendar; charset=utf-8",
        ".json": "application/json",
    }

    def log_message(self, *_: Any) -> None:  # noqa: ANN401 -- the signature of the library
        """Do not log requests."""

    def end_headers(self) -> None:
        """Keep browsers from caching a page that is about to be rebuilt, and let a page elsewhere try the banner."""
        self.send_header("Cache-Control", "no-store")
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer 404 with the site's own page."""
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
    """Open a server for a folder on the loopback address; port 0 chooses a free port. The caller runs and closes it.

    Raises:
        OutsideError: the port cannot be used.

    """
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, directory=str(site)))
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or "a port is a number up to 65535"
        raise OutsideError(
            f"port {port} cannot be used: {why}", tip="give another one with --port; 0 picks a free one"
        ) from error


def _list_files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from (file for file in path.rglob("*") if file.is_file())
    elif path.is_file():
        yield path


def read_source_state(*folders: Path) -> frozenset[tuple[str, int, int]]:
    """Read the path, size and modification time (ns) of every source file. Derived files are not sources."""
    state = set()
    for folder in folders:
        for path in (path for name in SOURCES for path in _list_files(folder / name)):
            if "derived" not in path.parts:
                with suppress(FileNotFoundError):  # it has just been removed, which is a change too
                    stat = path.stat()
                    state.add((str(path), stat.st_size, stat.st_mtime_ns))
    return frozenset(state)
