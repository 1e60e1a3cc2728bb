"""`demo`: a small Maxony on this machine, with real checks, a simulated past, and its page."""

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from constat.interval import Instant
from tasks.build import build_and_publish
from tasks.demo import Demo, lay_demo
from tasks.look import look_once, plan_look
from tasks.project import Project
from verbs.terminal.clock import start_clock
from verbs.terminal.printing import LookPrinter, conclude, warn

_SHORTEST_DAYS = 90
_LONGEST_DAYS = 1100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `demo`."""
    parser.add_argument(
        "--days", type=_parse_days, default=_SHORTEST_DAYS, help="length of the simulated past, in days"
    )


def _parse_days(text: str) -> int:
    if not text.isdigit() or not _SHORTEST_DAYS <= int(text) <= _LONGEST_DAYS:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a number of days from {_SHORTEST_DAYS} to {_LONGEST_DAYS}"
        )
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Write the past, look at the present, build the page, and print where it is. Without `--root`, in `.demo/`."""
    started = time.monotonic()
    root = Path(".demo") if args.root == Path() else args.root
    demo = lay_demo(Project(root, args.code, args.now), args.days, _tick(args.now, started), _look)
    build_and_publish(demo.project, os.environ, warn)
    _report(demo, args.days)
    page, command = root / "site" / "index.html", f"constat serve --root {root}"
    conclude(args, f"{page} made in {time.monotonic() - started:.0f} s; see it with: {command}")
    return 0


def _tick(now: Instant, started: float) -> Callable[[], Instant]:
    """Return a function that waits for the next second of a clock that read `now` at `started`, and returns it."""

    def next_second() -> Instant:
        elapsed = time.monotonic() - started
        time.sleep(1 - elapsed % 1)
        return now + int(elapsed) + 1

    return next_second


def _look(project: Project, only: str | None) -> None:
    plan = plan_look(project, os.environ, only=only)
    look_once(plan, start_clock(project.now), LookPrinter(verbose=False))


def _report(demo: Demo, days: int) -> None:
    for problem in demo.past.problems:
        print(f"{problem}: left out", file=sys.stderr)
    print(f"{demo.past.rows:,} rows of {days} days of simulated history, each marked so")
    print(f"{len(demo.project.frozen_months)} months frozen, each with its statement")
    print("3 rounds of real checks on 127.0.0.1: all well, the API answering 503, the API recovered")
