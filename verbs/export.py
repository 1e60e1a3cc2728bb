"""`export SHAPE`: write services and notices in a shape that other status pages read."""

import argparse
from pathlib import Path

from tasks.exporting import WRITERS, Shape, export
from tasks.project import Project
from verbs.terminal.misspelt import OneOf
from verbs.terminal.printing import conclude, quantify


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `export`."""
    shapes = "statuspage: JSON as in its API; markdown: a cState site, with one file for each notice"
    parser.add_argument("shape", metavar="SHAPE", type=OneOf("shape", WRITERS), help=shapes)
    where = "the folder to write into (default: export/SHAPE)"
    parser.add_argument("--to", type=Path, metavar="DIR", help=where)


def run(args: argparse.Namespace) -> int:
    """Write the files, and say where they are."""
    shape: Shape = args.shape
    folder: Path = args.to or args.root / "export" / shape
    paths = export(Project(args.root, args.code, args.now), shape, folder)
    if args.verbose:
        print("\n".join(paths))
    conclude(args, f"{quantify(len(paths), 'file')} in {folder}")
    return 0
