"""How many rows a second are collected from a source: a day of many services from five places, five minutes apart.

The server is a process of its own that gives prepared answers in Prometheus' format, compressed.
"""

import gzip
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import parse_qs

from benchmarks.bounds import judge_at_least, report
from constat.interval import DAY_S
from constat.model import Sample
from tasks.collect import Collector
from tasks.look import plan_look
from tasks.project import Project

ROOT = Path(__file__).parents[1]
NOW = 1_795_600_800
EVERY_S = 300
PLACES = ("geneva", "lyon", "dallas", "berlin", "porto")
LEAST_ROWS_PER_S = 100_000
STATUS = """\
page: {{id: maxony, name: Maxony, url: "https://status.maxony.example/", languages: [fr], timezone: Europe/Zurich}}
monitor: {{vantage: geneva}}
sources:
  - {{id: engine, kind: prometheus, url: "{url}", query: probe_success, latency: probe_duration_seconds, every: 5m, since: 2026-11-24}}
services:
"""
SERVICE = (
    "  - {{id: {name}, name: {name}, checks: [{{name: port, kind: tcp, host: 127.0.0.1, port: 9, via: engine,"
    f" vantages: [{', '.join(PLACES)}], quorum: 2}}}}]}}}}\n"
)


def build_answer(services: int, metric: str, end: float, seconds: int) -> bytes:
    """Build Prometheus' answer with the raw samples of a window, compressed."""
    first = int(end - seconds) // EVERY_S + 1
    times = [n * EVERY_S + 0.731 for n in range(first, int(end) // EVERY_S + 1) if n * EVERY_S + 0.731 <= end]
    value = "1" if metric == "probe_success" else "0.012345678"
    values = [[at, value] for at in times]
    result = [
        {
            "metric": {
                "__name__": metric,
                "service": f"s{n}",
                "check": "port",
                "vantage": place,
                "instance": f"i{n}",
            },
            "values": values,
        }
        for n in range(services)
        for place in PLACES
    ]
    content = {"status": "success", "data": {"resultType": "matrix", "result": result}}
    return gzip.compress(json.dumps(content, separators=(",", ":")).encode(), 1)


def serve(services: int, to: Connection) -> None:
    """Serve for ever, after sending the port to the parent process."""
    prepared: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if form not in prepared:
                query = parse_qs(form)
                metric, _, rest = query["query"][0].partition("[")
                seconds = int(rest.removesuffix("s]"))
                prepared[form] = build_answer(services, metric, float(query["time"][0]), seconds)
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(prepared[form])))
            self.end_headers()
            self.wfile.write(prepared[form])

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    to.send(server.server_port)
    server.serve_forever()


@contextmanager
def serving(services: int) -> Iterator[str]:
    """Run the server until the end of the block; yield its address."""
    receiver, sender = multiprocessing.Pipe()
    process = multiprocessing.Process(target=serve, args=(services, sender), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{receiver.recv()}"
    finally:
        process.kill()
        process.join()


class Counter:
    """A listener that counts rows, and stops at any trouble."""

    rows = 0

    def report_samples(self, samples: list[Sample]) -> None:
        """Count the rows."""
        self.rows += len(samples)

    def report_trouble(self, line: str) -> None:
        """Stop at a trouble."""
        raise RuntimeError(line)


def collect(url: str, services: int) -> tuple[int, float]:
    """Collect into a new project; return its rows and the CPU seconds, which a busy machine does not lengthen."""
    with tempfile.TemporaryDirectory() as folder:
        names = "".join(SERVICE.format(name=f"s{n}") for n in range(services))
        Path(folder, "status.yml").write_text(STATUS.format(url=url) + names)
        plan, counter = plan_look(Project(Path(folder), ROOT, NOW), {}), Counter()
        _ = plan.project.config
        began = time.process_time()
        Collector(lambda: NOW, counter).collect(plan)  # type: ignore[arg-type] # no other method is called
        return counter.rows, time.process_time() - began


def measure(quick: bool) -> Iterable[str]:
    """Measure rows a second of one core, from the first question to the last row on the disk."""
    services = 100 if quick else 1000
    with serving(services) as url:
        collect(url, services)  # the server prepares its answers
        rows, seconds = collect(url, services)
    days = (NOW - (NOW // DAY_S - 1) * DAY_S) / DAY_S
    speed = rows / seconds
    verdict = judge_at_least(speed, LEAST_ROWS_PER_S, quick=quick)
    yield f"{rows:,} rows of {services} services x {len(PLACES)} places in {days:.1f} days: {seconds:.1f} s of a core"
    yield f"{speed:,.0f} rows a second (at least {LEAST_ROWS_PER_S:,}): {verdict}"


if __name__ == "__main__":
    sys.exit(report(sys.argv, measure))
