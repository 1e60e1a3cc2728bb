"""`check`: record pending lines in the register, then run one round of due checks, or watch for a while."""

import argparse

from tasks.watch import look
from verbs.terminal import INTERRUPTED
from verbs.terminal.look_options import add_look_options, read_job, read_plan, read_span
from verbs.terminal.printing import LookPrinter, conclude, quantify


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `check`, which it shares with `run`."""
    add_look_options(parser)


def run(args: argparse.Namespace) -> int:
    """Look, and record the samples. Return 0 also if a service is down: that is data, not a failure."""
    printer = LookPrinter(verbose=args.verbose)
    is_complete = look(read_plan(args), read_span(args), args.clock, printer, read_job(args))
    conclude(args, f"{quantify(printer.total, 'sample')} written to {args.root / 'history'}")
    return 0 if is_complete else INTERRUPTED
