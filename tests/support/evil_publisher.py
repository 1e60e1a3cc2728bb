"""A hostile publisher: serves a site like a static host, except for one attack on the verifier, its mode."""

import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache, partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from constat.history import HEADER
from tests.support.http_threads import run_http_server

DRIP_S = 0.02
BOMB_BYTES = 128 << 20
"""How large a day file becomes that is a few hundred kilobytes as it is sent."""
_ROW = b"2026-10-01T00:00:00Z,api,check-0,up,1,1,60,here,\n"


@dataclass
class Publisher:
    """A site in a folder, the mode, and the requests that were made: path and headers. `elsewhere`: another origin."""

    site: Path
    mode: str
    elsewhere: str
    url: str = ""
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer a request: with the attack of the mode where it applies, otherwise with the file."""
        path = handler.path.partition("?")[0]
        self.asked.append((path, dict(handler.headers)))
        act = _MODES[self.mode]
        if not act(self, handler, path):
            file = self.site / path.lstrip("/")
            _send(handler, 200 if file.is_file() else 404, file.read_bytes() if file.is_file() else b"")

    def drip(self, handler: BaseHTTPRequestHandler, data: bytes = b"x") -> None:
        """Send a few bytes again and again, until the client is gone."""
        with suppress(OSError):
            while not self.ended.wait(DRIP_S):
                handler.wfile.write(data)
                handler.wfile.flush()


def _send(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    with suppress(OSError):
        handler.wfile.write(body)


def _redirect(publisher: Publisher, handler: BaseHTTPRequestHandler, path: str) -> bool:
    if not path.startswith("/evidence"):
        return False
    _send(handler, 302, b"", Location=f"{publisher.elsewhere}/internal-admin?delete=all")
    return True


def _drip_body(publisher: Publisher, handler: BaseHTTPRequestHandler, path: str) -> bool:
    if not path.startswith("/api/sla/2026-10"):
        return False
    handler.send_response(200)
    handler.send_header("Content-Length", "50000")
    handler.end_headers()
    publisher.drip(handler)
    return True


def _drip_head(publisher: Publisher, handler: BaseHTTPRequestHandler, path: str) -> bool:
    if not path.startswith("/api/sla/2026-10"):
        return False
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    publisher.drip(handler)
    return True


def _go_on(publisher: Publisher, handler: BaseHTTPRequestHandler, path: str) -> bool:
    """Send interim answers without end, and never a final one."""
    if not path.startswith("/api/sla/2026-10"):
        return False
    publisher.drip(handler, b"HTTP/1.1 100 Continue\r\n\r\n")
    return True


@cache
def _build_bomb() -> bytes:
    packer, rows = zlib.compressobj(9, wbits=31), _ROW * ((1 << 20) // len(_ROW))
    chunks = (packer.compress(rows) for _ in range(BOMB_BYTES // len(rows)))
    return b"".join([packer.compress(f"{HEADER}\n".encode()), *chunks, packer.flush()])


def _bomb(_: Publisher, handler: BaseHTTPRequestHandler, path: str) -> bool:
    if not path.endswith(".csv.gz"):
        return False
    _send(handler, 200, _build_bomb())
    return True


def _nest(_: Publisher, handler: BaseHTTPRequestHandler, path: str) -> bool:
    if not path.endswith("register.jsonl"):
        return False
    _send(handler, 200, b"[" * 200_000 + b"\n")
    return True


def _nest_statement(_: Publisher, handler: BaseHTTPRequestHandler, path: str) -> bool:
    if path != "/api/sla/2026-10.json":
        return False
    _send(handler, 200, b'{"schema": ' + b"[" * 200_000)
    return True


def _flood(publisher: Publisher, handler: BaseHTTPRequestHandler, path: str) -> bool:
    """A chunk of a negative size, which some readers take for one without end."""
    if not path.startswith("/api/sla/2026-10"):
        return False
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n")
    with suppress(OSError):
        while not publisher.ended.is_set():
            handler.wfile.write(bytes(1 << 20))
    return True


_MODES: Mapping[str, Callable[[Publisher, BaseHTTPRequestHandler, str], bool]] = {
    "redirect": _redirect,
    "dripbody": _drip_body,
    "driphead": _drip_head,
    "continue": _go_on,
    "bomb": _bomb,
    "deep": _nest,
    "deep-statement": _nest_statement,
    "flood": _flood,
}
MODES = tuple(_MODES)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, publisher: Publisher, *arguments: object) -> None:
        self.publisher = publisher
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer according to the mode."""
        self.publisher.answer(self)
        self.close_connection = True

    def log_message(self, *_arguments: object) -> None:
        """Log nothing."""


@contextmanager
def serve_publisher(site: Path, mode: str, elsewhere: str = "http://127.0.0.1:1") -> Iterator[Publisher]:
    """Serve a folder on a free port of loopback until the block ends."""
    publisher = Publisher(site, mode, elsewhere)
    _build_bomb()  # before anybody waits for it
    with run_http_server(partial(_Handler, publisher)) as server:
        publisher.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield publisher
        finally:
            publisher.ended.set()
