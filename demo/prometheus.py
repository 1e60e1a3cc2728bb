"""`make demo-prometheus`: run Prometheus with three exporters on the demo's servers, and build a page from what it sees.

Everything is on loopback, and its files are below `.demo-prometheus/`. It runs until Ctrl-C.
"""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from constat.errors import UsageError
from demo.certificates import build_server_context
from demo.maxony import Maxony, serve_maxony

CODE = Path(__file__).resolve().parent.parent
EXAMPLE = CODE / "examples" / "prometheus"
FOLDER = CODE / ".demo-prometheus"
EXPORTERS = ("127.0.0.1:9115", "127.0.0.1:9116", "127.0.0.1:9117")
PROMETHEUS = "127.0.0.1:9090"
PAGE_PORT = 8010


def list_targets(maxony: Maxony) -> list[dict[str, object]]:
    """The targets of the exporters, in the format of `file_sd_configs`."""
    checks = {
        ("website", "home", "http_2xx"): f"http://{maxony.website}/",
        ("api", "status", "http_2xx"): f"http://{maxony.api}/v1/status",
        ("smtp", "submission", "tcp_connect"): maxony.smtp,
    }
    return [
        {"targets": [address], "labels": {"service": service, "check": check, "module": module}}
        for (service, check, module), address in checks.items()
    ]


def lay_down(folder: Path, targets: list[dict[str, object]]) -> None:
    """Lay down the project and the files of Prometheus; existing evidence stays."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("status.yml", "blackbox.yml", "probing.yml"):
        shutil.copy(EXAMPLE / name, folder / name)
    (folder / "targets.json").write_text(json.dumps(targets, indent=2), encoding="utf-8")


def build_commands(folder: Path, programs: Mapping[str, str]) -> list[list[str]]:
    """Build the commands of everything that runs beside the demo's servers."""
    exporter, prometheus = programs["prometheus-blackbox-exporter"], programs["prometheus"]
    constat = [sys.executable, str(CODE / "generate.py")]
    return [
        *(
            [exporter, f"--config.file={folder / 'blackbox.yml'}", f"--web.listen-address={address}"]
            for address in EXPORTERS
        ),
        [
            prometheus,
            f"--config.file={folder / 'probing.yml'}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address={PROMETHEUS}",
        ],
        [*constat, "check", "--root", str(folder), "--for", "30d"],
        [*constat, "serve", "--root", str(folder), "--port", str(PAGE_PORT)],
    ]


def find_programs() -> dict[str, str]:
    """Find the programs that must be installed; return their paths by name.

    Raises:
        UsageError: one is missing.

    """
    names = ("prometheus", "prometheus-blackbox-exporter")
    found = {name: path for name in names if (path := shutil.which(name))}
    missing = [name for name in names if name not in found]
    if missing:
        raise UsageError(f"missing: {', '.join(missing)}", tip=f"apt-get install {' '.join(missing)}")
    return found


@contextmanager
def running(command: list[str], log: Path) -> Iterator[None]:
    """Run a command until the end of the block; its output goes to a file."""
    with log.open("ab") as file, subprocess.Popen(command, stdout=file, stderr=file) as process:  # noqa: S603 -- our own commands
        try:
            yield
        finally:
            process.terminate()


def main() -> int:
    """Start everything, say where it is, and wait for Ctrl-C."""
    try:
        programs = find_programs()
    except UsageError as error:
        print(f"{error} ({error.tip})", file=sys.stderr)
        return 2
    with ExitStack() as stack:
        maxony = stack.enter_context(serve_maxony(build_server_context()))
        lay_down(FOLDER, list_targets(maxony))
        for command in build_commands(FOLDER, programs):
            stack.enter_context(running(command, FOLDER / "log.txt"))
        print(f"the page:    http://127.0.0.1:{PAGE_PORT}/   Prometheus: http://{PROMETHEUS}/")
        print(f"the project: {FOLDER}   the log: {FOLDER / 'log.txt'}")
        print("Ctrl-C ends it", flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return 0


if __name__ == "__main__":
    sys.exit(main())
