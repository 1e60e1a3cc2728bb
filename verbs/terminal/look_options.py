"""The options of the verbs that look: which checks, from which vantage, for how long."""

import argparse
import os
from dataclasses import replace
from pathlib import Path

from constat.config.fields.marks import wrong
from constat.config.fields.text_fields import parse_name
from constat.config.fields.time_fields import parse_positive_duration
from constat.interval import Instant, Interval, parse_instant
from outside.github import Job
from tasks.look import LookPlan, plan_look
from tasks.project import Project
from verbs.terminal.arguments import ALLOW_EXEC_HELP, typed


def add_look_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of a verb that looks."""
    until = parser.add_mutually_exclusive_group()
    until.add_argument(
        "--for",
        dest="watch",
        type=typed(parse_positive_duration),
        metavar="TIME",
        help="watch for this long, each check at its own interval: 55m",
    )
    until.add_argument("--until", type=typed(_parse_instant), metavar="TIME", help="watch until this time")
    parser.add_argument(
        "--from",
        dest="begin",
        type=typed(_parse_instant),
        metavar="TIME",
        help="begin no slot before this time",
    )
    parser.add_argument(
        "--summary",
        type=Path,
        metavar="FILE",
        help="append the summary of a watch to this file (default: $GITHUB_STEP_SUMMARY if set)",
    )
    parser.add_argument("--only", metavar="SERVICE", help="check this service only, due or not")
    parser.add_argument(
        "--vantage",
        type=typed(parse_name),
        metavar="NAME",
        help="the place that checks are made from (default: monitor.vantage)",
    )
    parser.add_argument("--allow-exec", action="store_true", help=ALLOW_EXEC_HELP)


def _parse_instant(text: str) -> Instant:
    try:
        return parse_instant(text)
    except ValueError:
        raise wrong(f"{text!r} is not a valid time", "write it as 2026-11-23T10:00:00Z") from None


def read_plan(args: argparse.Namespace) -> LookPlan:
    """Return the plan to look that the options describe.

    Raises:
        InputError: `status.yml` is invalid.
        UsageError: there is no such service, or no check belongs to that vantage.

    """
    project = Project(args.root, args.code, args.now)
    return plan_look(project, os.environ, vantage=args.vantage, only=args.only, allow_exec=args.allow_exec)


def read_span(args: argparse.Namespace) -> Interval | None:
    """Return the span of time to watch; `None` for a single look."""
    until = args.now + args.watch if args.watch else args.until
    return None if until is None else Interval(args.begin or args.now, until)


def read_job(args: argparse.Namespace) -> Job:
    """Return the job that runs us, with the summary file that the options name."""
    job = Job.of(os.environ)
    return replace(job, summary=args.summary) if args.summary else job
