"""`init DIR`: start a status page."""

import argparse
import os
from pathlib import Path

from outside.project.starter import guess_project, lay_down_starter


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where."""
    parser.add_argument(
        "folder", type=Path, metavar="DIR", help="the project's folder; made where it is not there"
    )


def run(args: argparse.Namespace) -> int:
    """Lay the starter down, and say what to do next."""
    folder: Path = args.folder
    folder.mkdir(parents=True, exist_ok=True)
    paths = lay_down_starter(args.code, folder, guess_project(folder, os.environ, Path("/etc/localtime")))
    if args.verbose:
        print("\n".join(paths))
    print(f"{folder / 'status.yml'} says what is watched: make it yours, then look with")
    print(f"    python generate.py run --root {folder}")
    return 0
