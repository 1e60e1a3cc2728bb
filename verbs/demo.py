"""`demo`: a small Maxony on this machine, looked at for real, with a simulated past and its page."""

import argparse
import os
import shutil
import time
from pathlib import Path

import trustme

from checks.registry import KINDS, load_kind
from constat import config as configuration
from constat.errors import UsageError
from constat.history import DAY_FILE
from constat.interval import Instant
from constat.model import Config
from demo.certificates import build_server_context
from demo.maxony import Maxony, serve_maxony
from demo.past import Past
from demo.project import build_status_yml
from demo.samples import VANTAGE
from outside.github import Job
from tasks.build import build_and_publish
from tasks.look import look_once, plan_look
from tasks.project import Project
from verbs import statement
from verbs.terminal.clock import start_clock
from verbs.terminal.printing import LookPrinter, warn

MARK = ".constat-demo"
"""A file in every project of the demo. A folder without it is somebody else's and is not replaced."""

_SHORTEST_DAYS = 90
_LONGEST_DAYS = 1100
_MARK_TEXT = "This project is made by `make demo`, which replaces it as a whole.\n"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How long the simulated past is."""
    parser.add_argument("--days", type=_days, default=_SHORTEST_DAYS, help="length of the simulated past")


def _days(text: str) -> int:
    if not text.isdigit() or not _SHORTEST_DAYS <= int(text) <= _LONGEST_DAYS:
        raise argparse.ArgumentTypeError(f"a number of days, from {_SHORTEST_DAYS} to {_LONGEST_DAYS}")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Lay the past, look at the present, build the page, and say where it is."""
    started = time.monotonic()
    root = _emptied(args)
    authority = trustme.CA()
    with serve_maxony(build_server_context(authority, "127.0.0.1")) as servers:
        past = Past(_config(build_status_yml(servers, VANTAGE)), args.now, args.days)
        _write(root / "status.yml", build_status_yml(servers, "demo"))
        rows = lay(root, past)
        authority.cert_pem.write_to_path(str(root / "authority.pem"))
        end = _look(Project(root, args.code, args.now), servers, started)
    build_and_publish(Project(root, args.code, end), Job.of(os.environ), warn)
    _tell(root, rows, args.days, time.monotonic() - started)
    return 0


def _emptied(args: argparse.Namespace) -> Path:
    """The folder of the throw-away project, empty: `.demo/` unless `--root` names another.

    Raises:
        UsageError: it holds something else.

    """
    root: Path = args.code / ".demo" if args.root == Path() else args.root
    if root.is_dir() and any(root.iterdir()) and not (root / MARK).exists():
        raise UsageError(f"{root} is not a project of the demo", tip="give another folder with --root")
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    (root / MARK).write_text(_MARK_TEXT, encoding="utf-8")
    return root


def lay(root: Path, past: Past) -> int:
    """Write the past of a project beside its `status.yml`, every month frozen when its time came; the number of rows."""
    rows = 0
    for path, text in past.build_files():
        _write(root / path, text)
        rows += text.count("\n") - 1 if DAY_FILE.search(path) else 0
    for moment in past.list_freeze_times():
        _as_known(root, past, moment)
        due = argparse.Namespace(root=root, now=moment, due=True, month=None, supersede=None, verbose=False)
        statement.run(due)
    _as_known(root, past, past.now)
    return rows


def _as_known(root: Path, past: Past, moment: Instant) -> None:
    for path, text in past.build_growing_files(moment):
        _write(root / path, text)


def _config(text: str) -> Config:
    return configuration.load_config(text, "status.yml", KINDS, load_kind)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _look(project: Project, servers: Maxony, started: float) -> Instant:
    """Three rounds of real checks: all is well, the API answers 503, it has recovered. The time afterwards."""
    now = project.now
    _round(project.reopen(_next_second(now, started)), only=None)
    servers.fail_api()
    _round(project.reopen(_next_second(now, started)), only="api")
    servers.restore_api()
    _round(project.reopen(_next_second(now, started)), only="api")
    return _next_second(now, started)


def _round(project: Project, *, only: str | None) -> None:
    plan = plan_look(project, os.environ, only=only)
    look_once(plan, start_clock(project.now), LookPrinter(verbose=False))


def _next_second(now: Instant, started: float) -> Instant:
    """Wait for the next second of the clock that said `now` when we started: two samples need two times."""
    elapsed = time.monotonic() - started
    time.sleep(1 - elapsed % 1)
    return now + int(elapsed) + 1


def _tell(root: Path, rows: int, days: int, seconds: float) -> None:
    print(f"{rows:,} rows of {days} days of simulated history, each marked so")
    print(f"{len(list((root / 'history/statements').glob('*.json')))} months frozen, each with its statement")
    print("3 rounds of real checks on 127.0.0.1: all well, the API answering 503, the API recovered")
    print(f"the page is {root / 'site' / 'index.html'}, made in {seconds:.0f} s; see it with: make serve")
