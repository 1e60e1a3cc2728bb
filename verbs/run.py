"""`run`, the main job: look, then build the page."""

import argparse
import math
import os
import time

from tasks.build import build_and_publish
from tasks.watch import look
from verbs.terminal import INTERRUPTED
from verbs.terminal.look_options import add_look_options, read_job, read_plan, read_span
from verbs.terminal.printing import LookPrinter, conclude, quantify, warn


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `run`, which it shares with `check`."""
    add_look_options(parser)


def run(args: argparse.Namespace) -> int:
    """Look, then build the page as of the end of the look."""
    began = time.monotonic()
    plan, printer = read_plan(args), LookPrinter(verbose=args.verbose)
    if not look(plan, read_span(args), args.clock, printer, read_job(args)):
        return INTERRUPTED
    ended = args.now + math.ceil(time.monotonic() - began)
    built = build_and_publish(plan.project.reopen(ended), os.environ, warn)
    samples = f"{quantify(printer.total, 'sample')} written to {args.root / 'history'}"
    conclude(args, f"{samples}; {quantify(len(built.files), 'file')} in {args.root / 'site'}")
    return 0
