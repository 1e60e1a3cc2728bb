"""`init DIR`: start a status page."""

import argparse
import os
from pathlib import Path

from tasks.init import start_project


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
    print(f"{args.folder / 'status.yml'} says what is watched: make it yours, then look with")
    print(f"    python generate.py run --root {args.folder}")
    return 0
