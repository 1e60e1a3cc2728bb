"""`init DIR`: start a status page."""

import argparse
import os
from pathlib import Path

from tasks.init import start_project
from verbs.terminal.printing import conclude


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `init`."""
    parser.add_argument(
        "folder", type=Path, metavar="DIR", help="the project's folder; created if it does not exist"
    )


def run(args: argparse.Namespace) -> int:
    """Write the starter, and print what to do next."""
    paths = start_project(args.code, args.folder, os.environ, Path("/etc/localtime"))
    if args.verbose:
        print("\n".join(paths))
    status = args.folder / "status.yml"
    conclude(args, f"{status} says what is watched: edit it, then type: constat run --root {args.folder}")
    return 0
