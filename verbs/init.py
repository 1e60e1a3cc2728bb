"""`init DIR`: start a status page."""

import argparse
import os
from pathlib import Path

from constat.errors import UsageError
from constat.moving.model import SOURCE_TITLES, ReadRequest
from constat.moving.report import REPORT
from tasks.importing import READERS, ImportRequest
from tasks.init import find_source, start_from_source, start_project
from verbs.terminal.arguments import explain_unknown
from verbs.terminal.printing import StepPrinter, conclude, warn


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `init`."""
    parser.add_argument(
        "folder", type=Path, metavar="DIR", help="the project's folder; created if it does not exist"
    )
    whence = "begin with another status page: cstate, upptime, statuspage or kuma, and where it is"
    parser.add_argument("--from", dest="source", nargs=2, metavar=("SOURCE", "PLACE"), help=whence)


def run(args: argparse.Namespace) -> int:
    """Write the starter, and print what to do next."""
    if args.source:
        return _start_from(args, *args.source)
    held = find_source(args.folder)
    if held:
        warn(f"{args.folder} holds a page of {SOURCE_TITLES[held]}: constat import {held} brings it over")
    paths = start_project(args.code, args.folder, os.environ, Path("/etc/localtime"))
    if args.verbose:
        print("\n".join(paths))
    status = args.folder / "status.yml"
    conclude(args, f"{status} says what is watched: edit it, then type: constat run --root {args.folder}")
    return 0


def _start_from(args: argparse.Namespace, source: str, place: str) -> int:
    """Begin with what another status page holds."""
    named = next((known for known in READERS if known == source), None)
    if named is None:
        raise UsageError(explain_unknown("source", source, READERS))
    steps = StepPrinter()
    reading = ReadRequest(place, args.now, environment=os.environ, tell=steps.tell)
    request = ImportRequest(named, reading, args.folder, {})
    try:
        start_from_source(args.code, request, os.environ, Path("/etc/localtime"))
    finally:
        steps.end()
    conclude(args, f"read {args.folder / REPORT}, then type: constat run --root {args.folder}")
    return 0
