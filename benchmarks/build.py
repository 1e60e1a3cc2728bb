"""A build of 90 days, the same with two years behind it, and deriving from nothing: `python -m benchmarks.build`.

Each build is a whole process that finds derived files, compiled templates and an older site in place, as a scheduled
job does. They are compared with a process that only imports the libraries. The three take turns, and their medians
count.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.bounds import judge_at_least, judge_at_most, report
from benchmarks.notices import CODE, notice
from constat.interval import Interval, format_instant, parse_instant
from demo.samples import SimulatedCheck, build_day_files

ROUNDS, QUICK_ROUNDS = 7, 3
NOTICES = 30
SHOWN_DAYS, ALL_DAYS, QUICK_ALL_DAYS = 90, 731, 180
MOST_BUILD, MOST_BEHIND, LEAST_ROWS = 3.0, 1.2, 250_000
NOW = parse_instant("2026-11-30T22:58:00Z")
SERVICES = ("website", "applications", "api", "smtp", "gateway")
LIBRARIES = "import jinja2, requests, yaml, markdown, xml.etree.ElementTree"

STATUS = """\
page: {id: maxony, name: Maxony, url: "https://status.maxony.example/", languages: [fr], timezone: Europe/Zurich}
monitor: {vantage: simulated}
sla: {target: 99}
services:
"""
_SERVICE = """\
  - {id: %(name)s, name: %(name)s, interval: 1m, checks: [{name: port, kind: tcp, host: %(name)s.maxony.example, port: 443}]}
"""


def lay(root: Path, days: int) -> int:
    """Write a project with this many days of one-minute samples of five services; return the number of rows."""
    (root / "status.yml").write_text(
        STATUS + "".join(_SERVICE % {"name": name} for name in SERVICES), encoding="utf-8"
    )
    (root / "incidents").mkdir()
    for number in range(NOTICES):
        name, text = notice(number)
        (root / "incidents" / name).write_text(text, encoding="utf-8")
    rows = 0
    for path, text in build_day_files([SimulatedCheck(name, "port", 60) for name in SERVICES], NOW, days):
        file = root / "history" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        rows += text.count("\n") - 1
    return rows


def wall_s(command: list[str]) -> float:
    """The wall seconds of a whole process. It may write compiled modules, as it does outside tests."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    subprocess.run(command, cwd=CODE, check=True, capture_output=True, env=environment)
    return time.perf_counter() - began


def building(root: Path) -> list[str]:
    """The command that builds a project."""
    return [sys.executable, "generate.py", "build", "--root", str(root), "--now", format_instant(NOW)]


def taking_turns(commands: Mapping[str, list[str]], rounds: int) -> dict[str, float]:
    """The median wall seconds of some commands that take turns; the first turn is not counted."""
    took: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            seconds = wall_s(command)
            if turn:
                took[name].append(seconds)
    return {name: statistics.median(seconds) for name, seconds in took.items()}


def derived_rows_a_second(root: Path, rows: int) -> float:
    """The number of rows per second that this process derives from nothing."""
    from outside.evidence import store  # noqa: PLC0415 - only what is measured is loaded

    shutil.rmtree(root / "history" / "derived", ignore_errors=True)
    began = time.process_time()
    store.load_evidence(root, Interval(NOW - SHOWN_DAYS * 86_400, NOW + 1), ZoneInfo("Europe/Zurich"), NOW)
    return rows / (time.process_time() - began)


def measure(quick: bool) -> Iterator[str]:
    """Each ratio with its bound."""
    days, rounds = (QUICK_ALL_DAYS, QUICK_ROUNDS) if quick else (ALL_DAYS, ROUNDS)
    with tempfile.TemporaryDirectory() as short_, tempfile.TemporaryDirectory() as long_:
        short, long = Path(short_), Path(long_)
        rows = lay(short, SHOWN_DAYS)
        lay(long, days)
        if (
            not quick
        ):  # a speed by itself says as much about the machine: `benchmarks.statements` has the ratio
            speed = derived_rows_a_second(short, rows)
            yield (
                f"deriving from nothing: {speed:,.0f} rows a second and core (at least {LEAST_ROWS:,}): "
                f"{judge_at_least(speed, LEAST_ROWS)}"
            )
        commands = {
            "libraries": [sys.executable, "-c", LIBRARIES],
            "short": building(short),
            "long": building(long),
        }
        took = taking_turns(commands, rounds)
    build, behind = took["short"] / took["libraries"], took["long"] / took["short"]
    yield (
        f"a build of {rows:,} rows and {NOTICES} notices: {build:.2f} x importing the libraries "
        f"(at most {MOST_BUILD}): {judge_at_most(build, MOST_BUILD, quick=quick)}"
    )
    yield (
        f"the same with {days:,} days of history: {behind:.2f} x that build "
        f"(at most {MOST_BEHIND}): {judge_at_most(behind, MOST_BEHIND, quick=quick)}"
    )


if __name__ == "__main__":
    sys.exit(report(sys.argv[1:], measure))
