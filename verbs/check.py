"""`check`: record pending lines in the register, then run one round of due checks, or watch for a while."""

import argparse

from tasks.watch import look
from verbs.terminal import INTERRUPTED
from verbs.terminal.look_options import add_look_options, read_job, read_plan, read_span
from verbs.terminal.look_report import LookReport, open_printer
from verbs.terminal.printing import conclude


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `check`; most of them it shares with `run`."""
    add_look_options(parser)
    parser.add_argument("--fail", action="store_true", help="end with 1 if a service is down")
    parser.add_argument("--json", action="store_true", help="print what was seen as JSON, for programs")


def run(args: argparse.Namespace) -> int:
    """Look, and record the samples. Without `--fail`, return 0 also if a service is down: that is data, not a failure."""
    plan = read_plan(args)
    printer = open_printer(args, plan)
    is_complete = look(plan, read_span(args), args.clock, printer, read_job(args))
    printer.end_round()
    report = LookReport(args, plan, printer)
    if args.json:
        print(report.format_json())
    conclude(args, str(report), report.mood)
    if not is_complete:
        return INTERRUPTED
    return int(args.fail and report.has_outage)
