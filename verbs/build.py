"""`build`: build `site/` from the history and the notices."""

import argparse
import os

from tasks.build import build_and_publish
from tasks.project import Project
from verbs.terminal.printing import warn


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `build`: none of its own."""
    del parser


def run(args: argparse.Namespace) -> int:
    """Build the site and publish it."""
    built = build_and_publish(Project(args.root, args.code, args.now), os.environ, warn)
    if args.verbose:
        print(f"{len(built.files)} files in {args.root / 'site'}")
    return 0
