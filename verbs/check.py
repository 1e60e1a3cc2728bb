"""`check`: record what changed in the register, then look: one round of what is due, or for a while."""

import argparse

from tasks.watch import look
from verbs.terminal import INTERRUPTED
from verbs.terminal.look_options import add_look_options, read_job, read_plan, read_span
from verbs.terminal.printing import LookPrinter


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of looking."""
    add_look_options(parser)


def run(args: argparse.Namespace) -> int:
    """Look, and record what was seen. A service that is down is data: 0."""
    printer = LookPrinter(verbose=args.verbose)
    is_complete = look(read_plan(args), read_span(args), args.clock, printer, read_job(args))
    return 0 if is_complete else INTERRUPTED
