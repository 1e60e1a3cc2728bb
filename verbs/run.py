"""`run`, the main job: look, then build the page."""

import argparse
import math
import os
import time

from tasks.build import build_and_publish
from tasks.watch import look
from verbs.terminal import INTERRUPTED
from verbs.terminal.archive_reader import bring_page_days
from verbs.terminal.look_options import add_look_options, read_job, read_plan, read_span
from verbs.terminal.look_report import LookReport, open_printer
from verbs.terminal.printing import conclude, quantify


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `run`, which it shares with `check`."""
    add_look_options(parser)


def run(args: argparse.Namespace) -> int:
    """Look, then build the page as of the end of the look."""
    began = time.monotonic()
    plan = read_plan(args)
    printer = open_printer(args, plan)
    if not look(plan, read_span(args), args.clock, printer, read_job(args)):
        return INTERRUPTED
    ended = args.now + math.ceil(time.monotonic() - began)
    project = plan.project.reopen(ended)
    bring_page_days(project)
    built = build_and_publish(project, os.environ, printer.warn_once)
    printer.end_round()
    report = LookReport(args, plan, printer)
    conclude(args, f"{report}; {args.root / 'site'}/ {quantify(len(built.files), 'file')}", report.mood)
    return 0
