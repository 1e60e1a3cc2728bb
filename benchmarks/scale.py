"""A page of 1,000 services, looked at every 5 minutes for 90 days: `python -m benchmarks.scale`.

Each build is a whole process, compared with a process that only imports the libraries. Derived files and compiled
templates are in place, as in a scheduled job; of the day files, only those of the last days are on the disk, as in a sparse
checkout. Laying the evidence (26 million rows) takes minutes. Memory is that of the largest process: its forks share its
memory. Processor time, of all processes together, shows how much work a build is whatever else the machine does; it has
no bound.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from benchmarks.bounds import judge_at_most, report
from benchmarks.build import LIBRARIES
from benchmarks.notices import CODE, notice
from constat.interval import DAY_S, Interval, format_instant, parse_instant
from demo.samples import SimulatedCheck, build_day_files
from outside.evidence import store

NOW = parse_instant("2026-11-30T12:02:00Z")
ZONE = "Europe/Zurich"
SERVICES, QUICK_SERVICES = 1000, 100
DAYS, KEPT_DAYS = 90, 3
NOTICES = 30
MOST_FIRST, MOST_AGAIN, MOST_LANGUAGE, MOST_MB = 25.0, 4.0, 0.6, 250.0

_STATUS = """\
page: {id: maxony, name: Maxony, url: "https://status.maxony.example/", languages: [%(languages)s], timezone: Europe/Zurich}
monitor: {vantage: simulated}
sla: {target: 99}
services:
"""
_SERVICE = """\
  - {id: %(id)s, name: "Service %(id)s", group: "Group %(group)s", interval: 5m, checks: [{name: port, kind: tcp, host: %(id)s.maxony.example, port: 443}]}
"""


def list_ids(services: int) -> list[str]:
    """The ids of the services."""
    return [f"s{number:04}" for number in range(services)]


def configure(root: Path, services: int, languages: str) -> None:
    """Write `status.yml`."""
    text = _STATUS % {"languages": languages}
    text += "".join(
        _SERVICE % {"id": id_, "group": number // 20} for number, id_ in enumerate(list_ids(services))
    )
    (root / "status.yml").write_text(text, encoding="utf-8")


def lay(root: Path, services: int) -> None:
    """Write a project with 90 days of evidence, of which derived files are kept, and the day files of the last days."""
    configure(root, services, "fr")
    (root / "incidents").mkdir()
    for number in range(NOTICES):
        name, text = notice(number)
        (root / "incidents" / name).write_text(
            text.replace("[smtp, api]", "[s0001, s0002]"), encoding="utf-8"
        )
    checks = [SimulatedCheck(id_, "port", 300) for id_ in list_ids(services)]
    written: list[Path] = []
    for path, text in build_day_files(checks, NOW, DAYS):
        file = root / "history" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        written.append(file)
    store.load_evidence(root, Interval(NOW - DAYS * DAY_S, NOW + 1), ZoneInfo(ZONE), NOW)
    for file in written[:-KEPT_DAYS]:
        file.unlink()


class Cost(NamedTuple):
    """What a command took: wall seconds, CPU seconds, and megabytes of its largest process."""

    wall_s: float
    cpu_s: float
    megabytes: float


def run(command: Sequence[str]) -> Cost:
    """Run a command in a process of its own, and measure it.

    Raises:
        subprocess.CalledProcessError: it failed.

    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=CODE, env=environment) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def build(root: Path) -> Cost:
    """Build a project."""
    where, when = ["--root", str(root)], ["--now", format_instant(NOW)]
    return run([sys.executable, "generate.py", "build", "-q", *where, *when])


def build_anew(root: Path) -> Cost:
    """Build after removing the last site; what is packed, derived and compiled stays."""
    shutil.rmtree(root / "site", ignore_errors=True)
    return build(root)


def add_row(root: Path) -> None:
    """Give one service one more row, older than the newest of all."""
    with (root / "history/2026/11/2026-11-30.csv").open("a", encoding="utf-8") as file:
        file.write("2026-11-30T11:59:30Z,s0007,port,up,41,1,300,simulated,\n")


def measure(quick: bool) -> Iterator[str]:
    """Measure each ratio, and judge it by its bound."""
    services, rounds = (QUICK_SERVICES, 2) if quick else (SERVICES, 3)
    with tempfile.TemporaryDirectory() as name:
        lay(Path(name), services)
        yield from measure_project(Path(name), services, rounds, quick=quick)


def measure_project(root: Path, services: int, rounds: int, *, quick: bool) -> Iterator[str]:
    """Measure a project that is already laid."""
    configure(root, services, "fr")
    build(root)
    took: dict[str, list[Cost]] = {name: [] for name in ("libraries", "first", "again", "three")}
    for _ in range(rounds):
        took["libraries"].append(run([sys.executable, "-c", LIBRARIES]))
        took["first"].append(build_anew(root))
        add_row(root)
        took["again"].append(build(root))
        configure(root, services, "fr, en, de")
        took["three"].append(build_anew(root))
        configure(root, services, "fr")
    yield from _judge(took, services, quick=quick)


def _judge(took: Mapping[str, Sequence[Cost]], services: int, *, quick: bool) -> Iterator[str]:
    floor, first, again, three = (statistics.median(cost.wall_s for cost in costs) for costs in took.values())
    work = {name: statistics.median(cost.cpu_s for cost in costs) for name, costs in took.items()}
    memory = max(cost.megabytes for cost in took["first"])
    yield from (
        f"{what}: {value:.2f} {unit} (at most {most}): {judge_at_most(value, most, quick=quick)}"
        for what, value, unit, most in (
            (
                f"a first build of {services:,} services",
                first / floor,
                "x importing the libraries",
                MOST_FIRST,
            ),
            ("a build after one more row", again / floor, "x importing the libraries", MOST_AGAIN),
            ("each further language", (three - first) / 2 / first, "x the first build", MOST_LANGUAGE),
            ("memory", memory, "MB", MOST_MB),
        )
    )
    yield (
        f"processor time: {work['first'] / work['libraries']:.2f} x importing the libraries for a first build, "
        f"{work['again'] / work['libraries']:.2f} x after one more row"
    )


if __name__ == "__main__":
    sys.exit(report(sys.argv[1:], measure))
