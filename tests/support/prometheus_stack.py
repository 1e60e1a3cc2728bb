"""A real Prometheus with blackbox exporters on loopback, each exporter a vantage, as `sources` are asked."""

import json
import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode

import yaml

from tests.support.free_ports import find_free_port
from tests.support.required_programs import needs

MODULES = {
    "modules": {"http_2xx": {"prober": "http", "timeout": "900ms", "http": {"preferred_ip_protocol": "ip4"}}}
}
_READY_WITHIN_S = 15


class Exporter:
    """A blackbox exporter, which can be killed and started again on its port."""

    def __init__(self, folder: Path) -> None:
        self._program = needs("prometheus-blackbox-exporter", "prometheus-blackbox-exporter")
        self._config = folder / "blackbox.yml"
        self._config.write_text(yaml.safe_dump(MODULES))
        self.address = f"127.0.0.1:{find_free_port()}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        words = [f"--config.file={self._config}", f"--web.listen-address={self.address}"]
        self._process = start_quietly(self._program, *words)

    def kill(self) -> None:
        """Kill it with SIGKILL."""
        if self._process:
            self._process.kill()
            self._process.wait()


def start_quietly(program: str, *words: str) -> subprocess.Popen[bytes]:
    """Start a server that says nothing, on one core."""
    return subprocess.Popen(  # noqa: S603 (programs of the distribution)
        [program, *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "GOMAXPROCS": "1"},
    )


class Prometheus:
    """A Prometheus. It can be paused, and asked. `more`: further options of its command line."""

    def __init__(
        self, folder: Path, jobs: Iterable[Mapping[str, Any]], every: str = "1s", more: Sequence[str] = ()
    ) -> None:
        self._folder, self._more = folder, more
        self._program = needs("prometheus", "prometheus")
        timing = {"scrape_interval": every, "scrape_timeout": every}
        (folder / "prometheus.yml").write_text(
            yaml.safe_dump({"global": timing, "scrape_configs": list(jobs)})
        )
        self.url = f"http://127.0.0.1:{find_free_port()}"

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run it until the end of the block."""
        words = [
            f"--config.file={self._folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={self._folder / 'data'}",
            f"--web.listen-address={self.url.removeprefix('http://')}",
            "--storage.tsdb.retention.time=100y",
            *self._more,
        ]
        self._process = start_quietly(self._program, *words)
        try:
            self._await_ready()
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)
            self._process.kill()
            self._process.wait()

    def pause(self) -> None:
        """Suspend the process."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Resume the process."""
        self._process.send_signal(signal.SIGCONT)

    def ask(self, query: str, at: float) -> list[Any]:
        """The result of an instant query, as JSON has it."""
        address = f"{self.url}/api/v1/query?{urlencode({'query': query, 'time': at})}"
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 (loopback)
            result: list[Any] = json.load(answer)["data"]["result"]
        return result

    def _await_ready(self) -> None:
        deadline = time.monotonic() + _READY_WITHIN_S
        while not self._is_ready():
            if time.monotonic() > deadline:
                raise TimeoutError(self.url)
            time.sleep(0.05)

    def _is_ready(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/-/ready", timeout=1).close()  # noqa: S310 (loopback)
        except HTTPError as error:
            error.close()
            return error.code in (401, 404)  # it wants a password, or lies below a prefix
        except OSError:
            return False
        return True


def probe_job(vantage: str, exporter: str, targets: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    """A job that has an exporter probe targets, each an address by service and check."""
    return {
        "job_name": f"blackbox-{vantage}",
        "metrics_path": "/probe",
        "params": {"module": ["http_2xx"]},
        "static_configs": [
            {"targets": [url], "labels": {"service": service, "check": check, "vantage": vantage}}
            for (service, check), url in targets.items()
        ],
        "relabel_configs": [
            {"source_labels": ["__address__"], "target_label": "__param_target"},
            {"source_labels": ["__param_target"], "target_label": "instance"},
            {"target_label": "__address__", "replacement": exporter},
        ],
    }
