"""A server that answers `POST /api/v1/query` as Prometheus documents it, from samples added by a test."""

import gzip
import json
import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from tests.support.http_threads import run_http_server

Labels = tuple[tuple[str, str], ...]


class Reply(NamedTuple):
    """An answer of another kind: its status, headers and body."""

    status: int
    body: bytes
    headers: Mapping[str, str] = {}


class Answers:
    """Series by metric and labels, each with its samples; what was asked is kept."""

    def __init__(self) -> None:
        self.series: dict[tuple[str, Labels], list[tuple[float, str]]] = {}
        self.asked: list[tuple[float, int]] = []
        self.headers: list[Mapping[str, str]] = []
        self.instead: Callable[[float, int], Reply | None] = lambda _start, _seconds: None
        self.more: dict[str, Any] = {}
        self.url = ""

    def add_samples(self, metric: str, samples: list[tuple[float, str]], **labels: str) -> None:
        """Add the samples of a series."""
        self.series.setdefault((metric, tuple(labels.items())), []).extend(samples)

    def answer(self, form: str) -> Reply:
        """The answer to a query: both ends of the range count, as in Prometheus 2."""
        query = parse_qs(form)
        found = re.fullmatch(r"(\w+)(?:\{.*\})?\[(\d+)s\]", query["query"][0])
        assert found, query
        end, seconds = float(query["time"][0]), int(found[2])
        self.asked.append((end, seconds))
        instead = self.instead(end, seconds)
        if instead:
            return instead
        result = [
            {
                "metric": {"__name__": metric, **dict(labels)},
                "values": [[at, value] for at, value in samples if end - seconds <= at <= end],
            }
            for (metric, labels), samples in self.series.items()
            if metric == found[1]
        ]
        content = {"status": "success", "data": {"resultType": "matrix", "result": result}, **self.more}
        return Reply(200, gzip.compress(json.dumps(content).encode()), {"Content-Encoding": "gzip"})


@contextmanager
def serve_answers(context: ssl.SSLContext | None = None) -> Iterator[Answers]:
    """Answer until the end of the block."""
    answers = Answers()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answers.headers.append({name.lower(): text for name, text in self.headers.items()})
            reply = answers.answer(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(reply.status)
            for name, text in reply.headers.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with run_http_server(Handler, context) as server:
        answers.url = f"{'https' if context else 'http'}://127.0.0.1:{server.server_port}"
        yield answers
