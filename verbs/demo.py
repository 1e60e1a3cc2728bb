"""`demo`: run a small Maxony on this machine, with real checks, a simulated past, and its page; on a terminal it stays alive."""

import argparse
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from constat.errors import ConstatError
from constat.interval import Instant
from tasks.build import build_and_publish
from tasks.demo import Demo, lay_demo
from tasks.live_demo import Stage, run_live_demo
from tasks.look import look_once, plan_look
from tasks.project import Project
from verbs.terminal.clock import start_clock
from verbs.terminal.look_printer import LookPrinter
from verbs.terminal.printing import conclude, warn

_SHORTEST_DAYS = 90
_LONGEST_DAYS = 1100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `demo`."""
    parser.add_argument(
        "--days", type=_parse_days, default=_SHORTEST_DAYS, help="length of the simulated past, in days"
    )
    once = "end when the page is built (the default if standard output is not a terminal)"
    parser.add_argument("--once", action="store_true", help=once)


def _parse_days(text: str) -> int:
    if not text.isdigit() or not _SHORTEST_DAYS <= int(text) <= _LONGEST_DAYS:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a number of days from {_SHORTEST_DAYS} to {_LONGEST_DAYS}"
        )
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Write the past, look at the servers, build the page; show it, or print where it is. Without `--root`, use `.demo/`."""
    started = time.monotonic()
    root = Path(".demo") if args.root == Path() else args.root
    project = Project(root, args.code, args.now)
    with lay_demo(project, args.days, _make_ticker(args.now, started), _look) as demo:
        build_and_publish(demo.project, os.environ, warn)
        _report(demo, args.days)
        page, took_s = root / "site" / "index.html", time.monotonic() - started
        if sys.stdout.isatty() and not args.once:
            print(f"{page} made in {took_s:.0f} s")
            _run_live(demo, args, started)
        else:
            conclude(args, f"{page} made in {took_s:.0f} s; see it with: constat serve --root {root}")
    return 0


def _run_live(demo: Demo, args: argparse.Namespace, started: float) -> None:
    """Show the page until Ctrl+C."""
    plan, printer = plan_look(demo.project, os.environ), LookPrinter(verbose=args.verbose)

    def build(project: Project) -> None:
        """Build the page again and print problems of what people wrote, but not omissions from the evidence."""
        try:
            built = build_and_publish(project, os.environ, lambda _: None)
            for problem in built.problems:
                warn(str(problem))
        except ConstatError as error:
            warn(str(error))

    def read_clock() -> float:
        return float(args.now) + time.monotonic() - started

    def announce(address: str) -> None:
        print(_TRY.format(address, demo.project.root), flush=True)

    with suppress(KeyboardInterrupt):
        run_live_demo(plan, demo.servers, printer, Stage(build, announce, _tell, read_clock))


def _tell(news: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {news}", flush=True)


_TRY = """
{0} is the page. A service breaks there in a moment, and works again soon after. Ctrl+C ends it.
Meanwhile, in another terminal:
  constat new incident "The API is down" --services api --text "We look." --root {1}   # the page shows it
  constat show --at "$(date +%Y-%m-%dT%H:%M)" api --root {1}   # what was known of an instant
  constat verify --root {1}   # recompute the months that are frozen
  constat init my-status --from https://www.example.org/   # begin a page of your own
"""


def _make_ticker(now: Instant, started: float) -> Callable[[], Instant]:
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
