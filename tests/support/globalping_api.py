"""A server that speaks version 1 of Globalping's API as its OpenAPI description has it, with answers set by a test."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any, NamedTuple

from tests.support.http_threads import run_http_server

Json = dict[str, Any]


class Reply(NamedTuple):
    """An answer of another kind: its status, body and headers."""

    status: int
    body: bytes = b"{}"
    headers: Mapping[str, str] = {}


def make_refusal(status: int, kind: str, message: str, **headers: str) -> Reply:
    """Make a refusal in the documented shape; `_` stands for the hyphens of headers."""
    error = {"error": {"type": kind, "message": message}}
    return Reply(
        status, json.dumps(error).encode(), {name.replace("_", "-"): text for name, text in headers.items()}
    )


def make_http_result(
    status: int = 200, total: float = 120, *, authorized: bool = True, error: str = ""
) -> Json:
    """Make a finished `http` test, with the fields that the description requires."""
    certificate = {"authorized": authorized, "protocol": "TLSv1.3", **({"error": error} if error else {})}
    return {
        "status": "finished",
        "rawOutput": f"HTTP/1.1 {status}",
        "rawHeaders": "",
        "rawBody": None,
        "truncated": False,
        "headers": {},
        "resolvedAddress": "203.0.113.7",
        "statusCode": status,
        "statusCodeName": "",
        "timings": {"total": total, "dns": 5, "tcp": 10, "tls": 20, "firstByte": 60, "download": 25},
        "tls": certificate,
    }


def make_ping_result(*rtts: float, sent: int = 3) -> Json:
    """Make a finished `ping` test: the round trips of those packets that were answered."""
    return {
        "status": "finished",
        "rawOutput": "PING",
        "resolvedAddress": "203.0.113.7",
        "resolvedHostname": "www.maxony.example",
        "stats": {
            "min": min(rtts, default=None),
            "avg": sum(rtts) / len(rtts) if rtts else None,
            "max": max(rtts, default=None),
            "total": sent,
            "rcv": len(rtts),
            "drop": sent - len(rtts),
            "loss": 100 * (sent - len(rtts)) / sent,
        },
        "timings": [{"rtt": rtt, "ttl": 57} for rtt in rtts],
    }


def make_dns_result(*values: str, kind: str = "A", code: int = 0, name: str = "NOERROR") -> Json:
    """Make a finished `dns` test."""
    return {
        "status": "finished",
        "rawOutput": "",
        "statusCode": code,
        "statusCodeName": name,
        "resolver": "private",
        "answers": [
            {"name": "maxony.example.", "type": kind, "ttl": 300, "class": "IN", "value": value}
            for value in values
        ],
        "timings": {"total": 18},
    }


def make_empty_result(status: str) -> Json:
    """Make a test that is `failed`, `offline` or still `in-progress`."""
    return {"status": status, "rawOutput": ""}


class StandingClock:
    """A clock that advances only by waiting."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def read(self) -> float:
        return self.seconds

    def wait(self, seconds: float) -> None:
        self.seconds += seconds


class FakeGlobalping:
    """Answers each measurement with the results that `results` gives for its request; all requests are kept.

    `pending`: how often a measurement is in progress before it is over. `instead`: another answer to a method and path.
    """

    def __init__(self, url: str = "") -> None:
        self.url = url
        self.reset()

    def reset(self) -> None:
        """Forget everything but the address."""
        self.results: Callable[[Json], Sequence[Any]] = lambda _request: [make_http_result()]
        self.pending = 0
        self.instead: Callable[[str, str], Reply | None] = lambda _method, _path: None
        self.headers: Mapping[str, str] = {}
        self.requests: list[Json] = []
        self.asked: list[tuple[str, str]] = []
        self.received: list[Mapping[str, str]] = []
        self.release = threading.Event()
        self._polls: dict[str, int] = {}
        self._lock = threading.Lock()

    def post(self, body: bytes) -> Reply:
        """Create a measurement."""
        with self._lock:
            request = json.loads(body)
            self.requests.append(request)
            number = f"m{len(self.requests)}"
        count = len(self.results(request))
        return Reply(202, json.dumps({"id": number, "probesCount": count}).encode(), self.headers)

    def get(self, path: str) -> Reply:
        """Give a measurement as it is now."""
        number = path.rpartition("/")[2]
        with self._lock:
            self._polls[number] = polls = self._polls.get(number, 0) + 1
        request = self.requests[int(number[1:]) - 1]
        is_over = polls > self.pending
        probe = {"continent": "EU", "country": "DE", "city": "Frankfurt", "asn": 64500, "network": "Example"}
        results = self.results(request) if is_over else [make_empty_result("in-progress")]
        found = {
            "id": number,
            "type": request["type"],
            "target": request["target"],
            "status": "finished" if is_over else "in-progress",
            "createdAt": "2026-11-25T10:00:00.000Z",
            "updatedAt": "2026-11-25T10:00:02.000Z",
            "probesCount": len(results),
            "results": [{"probe": probe, "result": each} for each in results],
        }
        return Reply(200, json.dumps(found).encode(), self.headers)


@contextmanager
def serve_globalping() -> Iterator[FakeGlobalping]:
    """Answer until the end of the block."""
    fake = FakeGlobalping()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._answer("POST", lambda: fake.post(body))

        def do_GET(self) -> None:
            self._answer("GET", lambda: fake.get(self.path))

        def _answer(self, method: str, usual: Callable[[], Reply]) -> None:
            fake.asked.append((method, self.path))
            fake.received.append({name.lower(): text for name, text in self.headers.items()})
            reply = fake.instead(method, self.path) or usual()
            self.send_response(reply.status)
            for name, text in reply.headers.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with run_http_server(Handler) as server:
        fake.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield fake
        finally:
            fake.release.set()
