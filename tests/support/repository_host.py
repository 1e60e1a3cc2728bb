"""A stand-in for GitHub's page for a new file: shows what the address fills in, and writes it into a project on submit."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.support.http_threads import run_http_server

_PAGE = """<!doctype html><html lang="en"><title>New file</title><meta name="viewport" content="width=device-width">
<form method="post"><input name="path" value="{path}"><textarea name="text">{text}</textarea><button>Commit</button></form>"""
LONGEST_LINE = 8192
"""What GitHub takes of an address, in bytes."""


class _Host(BaseHTTPRequestHandler):
    """Answers `/maxony/status/new/main?filename=...&value=...` and what that page posts."""

    root: Path

    def do_GET(self) -> None:
        """Show the page for a new file."""
        address = urlsplit(self.path)
        if len(self.path) > LONGEST_LINE or address.path != "/maxony/status/new/main":
            self.send_error(414 if len(self.path) > LONGEST_LINE else 404)
            return
        given = parse_qs(address.query)
        text = "\n" + given.get("value", [""])[0]  # HTML drops the first line break of a textarea
        self._answer(_PAGE.format(path=escape(given["filename"][0]), text=escape(text)))

    def do_POST(self) -> None:
        """Write the file, as the merge of a pull request would."""
        given = parse_qs(
            self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True
        )
        file = self.root / given["path"][0]
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(given["text"][0].encode())
        self._answer("<!doctype html><title>Merged</title><h1>Merged</h1>")

    def _answer(self, html: str) -> None:
        body = html.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serve_repository_host(root: Path) -> Iterator[str]:
    """Serve the repository, whose merged files are written to `root`; yields its address."""
    handler = type("_HostOfProject", (_Host,), {"root": root})
    with run_http_server(handler) as server:
        yield f"http://127.0.0.1:{server.server_port}/maxony/status"
