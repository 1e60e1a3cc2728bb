"""`build`: build `site/` from the history and the notices."""

import argparse
import os
import time

from tasks.build import build_and_publish
from tasks.project import Project
from verbs.terminal.archive_reader import bring_page_days
from verbs.terminal.printing import conclude, quantify, warn
from verbs.terminal.steps import StepPrinter


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `build`: none of its own."""
    del parser


def run(args: argparse.Namespace) -> int:
    """Build the site and publish it."""
    began = time.monotonic()
    project = Project(args.root, args.code, args.now)
    bring_page_days(project)
    steps = StepPrinter()

    def warn_below(text: str) -> None:
        steps.end()
        warn(text)

    try:
        built = build_and_publish(project, os.environ, warn_below, steps.tell)
    finally:
        steps.end()
    took_s = time.monotonic() - began
    conclude(args, f"{args.root / 'site'}/ {quantify(len(built.files), 'file')} in {took_s:.1f} s")
    return 0
