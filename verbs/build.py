"""`build`: build `site/` from the history and the notices."""

import argparse
import os

from tasks.build import build_and_publish
from tasks.project import Project
from verbs.terminal.printing import conclude, quantify, warn


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `build`: none of its own."""
    del parser


def run(args: argparse.Namespace) -> int:
    """Build the site and publish it."""
    built = build_and_publish(Project(args.root, args.code, args.now), os.environ, warn)
    conclude(args, f"{quantify(len(built.files), 'file')} in {args.root / 'site'}")
    return 0
