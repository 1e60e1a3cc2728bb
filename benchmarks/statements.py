"""Deriving, sealing, freezing and verifying evidence: `python -m benchmarks.statements`.

Deriving, sealing and freezing are compared with reading the same files once by `csv.reader`, in CPU seconds of this process,
the best of several turns. Verifying a year is timed with one process and with as many as there are cores.
"""

import argparse
import csv
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import date
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch
from zoneinfo import ZoneInfo

from benchmarks.bounds import judge, judge_at_least, judge_at_most, report
from constat.history import HEADER, build_day_path
from constat.history.sealed_bytes import measure_bytes
from constat.interval import DAY_S, Instant, format_instant, month_interval, parse_instant
from constat.model import CheckRules, Contract, MaintenanceRules, RecordedPage, RecordedRules, ServiceRules
from constat.register import line_writer, write_seal
from constat.sealing import build_seals, list_due_paths
from constat.statement import FreezeSettings, build_inputs, encode_statement, month_after, state_month
from outside.disk import read_chunks
from outside.evidence import store
from outside.evidence.folders import list_day_files
from outside.evidence.statements import write_statement
from tasks.project import Project
from tasks.statement_inputs import gather_inputs
from verbs import verify

LEAST_DERIVED = 250_000
MOST_DERIVING, MOST_FREEZING, MOST_SEALING, MOST_VERIFYING = 6.0, 4.0, 1.2, 5.1
ZONE = ZoneInfo("Europe/Zurich")
TURNS, QUICK_TURNS = 5, 2
SERVICES = ("website", "applications", "api", "smtp", "sms")
MONTH, NOW = "2026-10", parse_instant("2026-11-05T00:00:00Z")
SETTINGS = """
page: {id: a, name: A, url: "https://a.example/", languages: [en], timezone: Europe/Zurich}
monitor: {vantage: gha}
sla: {target: 99}
services:
  - {id: smtp, name: Relay, interval: 1m, checks: [{name: main, kind: tcp, host: a.example, port: 25, timeout: 5s}]}
"""


def _lay_days(root: Path, start: Instant, end: Instant, every: int) -> int:
    """Write day files of every service; return the number of rows. One sample in two thousand is down."""
    chance = random.Random(start)  # noqa: S311 -- the same evidence in every run
    count = 0
    for midnight in range(start // DAY_S * DAY_S, end, DAY_S):
        path = root / "history" / build_day_path(date.fromisoformat(format_instant(midnight)[:10]))
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = [
            _row(when, name, every, chance)
            for when in range(midnight, midnight + DAY_S, every)
            for name in SERVICES
        ]
        path.write_text("\n".join([HEADER, *rows, ""]), "utf-8")
        count += len(rows)
    return count


def _row(when: Instant, name: str, every: int, chance: random.Random) -> str:
    latency, down = chance.randint(20, 900), chance.random() < 1 / 2000
    said = f"down,{latency},3,{every},gha,timeout" if down else f"up,{latency},1,{every},gha,"
    return f"{format_instant(when)},{name},main,{said}"


def _lay_register(root: Path, at: Instant, every: int) -> None:
    terms = MaintenanceRules(counts=True, notice_s=0, cap_s=None)
    check = CheckRules("availability", every, 1, ("gha",))
    rules = ServiceRules(every, Decimal(99), Decimal(99), "all", terms, {"main": check})
    recorded = (line_writer.write_service(RecordedRules(at, name, rules)) for name in SERVICES)
    store.append_register(root, [line_writer.write_page(RecordedPage(at, ZONE.key)), *recorded])


def _best_s(work: Callable[[], object], turns: int) -> float:
    """Measure CPU seconds of this process and its children, the best of several turns."""
    best = float("inf")
    for _ in range(turns):
        began = _cpu_s()
        work()
        best = min(best, _cpu_s() - began)
    return best


def _cpu_s() -> float:
    return sum(os.times()[:4])


def _read(root: Path) -> None:
    for path in sorted((root / "history").glob("2*/*/*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            for _ in csv.reader(file):
                pass


def _seal(root: Path) -> None:
    """Do everything that sealing does, except writing."""
    register = store.read_register(root, NOW)
    lines = store.read_register_lines(root)
    history = root / "history"
    paths = list_due_paths({path: stat.size for path, stat in list_day_files(history).items()}, register, NOW)
    measured = ((path, measure_bytes(read_chunks(root, f"history/{path}"))) for path in paths)
    for seal in build_seals(measured, register, lines, NOW):
        write_seal(seal)


def _lay_settings(root: Path) -> Project:
    """Write a `status.yml`, and open the project."""
    (root / "status.yml").write_text(SETTINGS, "utf-8")
    project = Project(root, root, NOW)
    assert project.zone == ZONE  # noqa: S101 -- `status.yml` is read before anything is measured
    return project


def _freeze(project: Project, month: str = MONTH) -> bytes:
    """Do everything that `statement` does, except reading `status.yml` and writing."""
    inputs = gather_inputs(project, month, NOW)
    built = build_inputs(month, inputs.window, inputs.zone, inputs.sources, NOW)
    return encode_statement(
        state_month(month, inputs.zone, built, FreezeSettings(NOW, Contract("2026-01", "")))
    )


def _measure_month(quick: bool) -> Iterator[str]:
    """Measure one month at one minute: deriving, sealing and freezing it."""
    turns = QUICK_TURNS if quick else TURNS
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        window = month_interval(MONTH, ZONE)
        rows = _lay_days(root, window.start, window.end, 60)
        _lay_register(root, window.start, 60)
        project = _lay_settings(root)

        def derive() -> None:
            shutil.rmtree(root / "history/derived", ignore_errors=True)
            store.load_evidence(root, window, ZONE, NOW)

        reading_s, deriving_s = _best_s(lambda: _read(root), turns), _best_s(derive, turns)
        if not quick:
            speed = rows / deriving_s
            yield (
                f"deriving from nothing: {speed:,.0f} rows a second and core "
                f"(at least {LEAST_DERIVED:,}): {judge_at_least(speed, LEAST_DERIVED)}"
            )
        for what, took, most in (
            (f"deriving a month of {rows:,} rows", deriving_s, MOST_DERIVING),
            ("sealing its days", _best_s(lambda: _seal(root), turns), MOST_SEALING),
            ("freezing it", _best_s(lambda: _freeze(project), turns), MOST_FREEZING),
        ):
            ratio = took / reading_s
            verdict = judge_at_most(ratio, most, quick=quick)
            yield f"{what}: {ratio:.2f} x reading it with csv.reader (at most {most}): {verdict}"


def _measure_year() -> Iterator[str]:
    """Measure verifying twelve frozen months at five minutes."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        month, end = "2025-11", month_interval(MONTH, ZONE).end
        _lay_days(root, month_interval(month, ZONE).start, end, 300)
        _lay_register(root, month_interval(month, ZONE).start, 300)
        project = _lay_settings(root)
        while month <= MONTH:
            write_statement(root, month, _freeze(project, month), None, None)
            month = month_after(month)
        reading = _best_s(lambda: _read(root), QUICK_TURNS)
        ratio = _best_s(lambda: _measure_verifying_s(root, 1), QUICK_TURNS) / reading
        yield (
            f"verifying twelve months: {ratio:.2f} x reading them with csv.reader "
            f"(at most {MOST_VERIFYING}): {judge_at_most(ratio, MOST_VERIFYING)}"
        )
        alone, together = _measure_verifying_s(root, 1), _measure_verifying_s(root, os.cpu_count() or 1)
        ratio = alone / together
        cores = os.cpu_count() or 1
        yield (
            f"the same on all cores: {together:.1f} s with {cores} cores, "
            f"{ratio:.2f} x as fast as with one: {judge(cores == 1 or ratio > 1)}"
        )


def _measure_verifying_s(root: Path, cores: int) -> float:
    parser = argparse.ArgumentParser()
    verify.add_arguments(parser)
    args = parser.parse_args([])
    args.root, args.code, args.now, args.verbose, args.quiet = root, root, NOW, False, True
    began, allowed = time.monotonic(), os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(allowed)[:cores])
    try:
        with patch("os.cpu_count", lambda: cores), _silent():
            verify.run(args)
    finally:
        os.sched_setaffinity(0, allowed)
    return time.monotonic() - began


@contextmanager
def _silent() -> Iterator[None]:
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        yield


def measure(quick: bool) -> Iterator[str]:
    """Measure each ratio, and judge it by its bound. A quick run leaves out the year: whether cores help shows only on an idle machine."""
    yield from _measure_month(quick)
    if not quick:
        yield from _measure_year()


if __name__ == "__main__":
    sys.exit(report(sys.argv[1:], measure))
