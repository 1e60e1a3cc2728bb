"""The options of looking: which checks, from where, for how long."""

import argparse
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from constat.config.fields.text_fields import parse_name
from constat.config.fields.time_fields import parse_positive_duration
from constat.interval import Interval, parse_instant
from outside.github import Job
from tasks.look import LookPlan, plan_look
from tasks.project import Project


def _typed(parse: Callable[[str], object]) -> Callable[[str], object]:
    """A parser of ours as argparse wants it: what is wrong is told."""

    def read(text: str) -> object:
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return read


def add_look_options(parser: argparse.ArgumentParser) -> None:
    """The options of a verb that looks."""
    until = parser.add_mutually_exclusive_group()
    until.add_argument(
        "--for",
        dest="watch",
        type=_typed(parse_positive_duration),
        metavar="TIME",
        help="keep watching for so long, each check at its own interval: 55m",
    )
    until.add_argument(
        "--until", type=_typed(parse_instant), metavar="TIME", help="keep watching until a time"
    )
    parser.add_argument(
        "--from", dest="begin", type=_typed(parse_instant), metavar="TIME", help="begin no slot before a time"
    )
    parser.add_argument(
        "--summary",
        type=Path,
        metavar="FILE",
        help="add what a watch did to a file; $GITHUB_STEP_SUMMARY where that is set",
    )
    parser.add_argument("--only", metavar="SERVICE", help="look at one service, due or not")
    parser.add_argument(
        "--vantage",
        type=_typed(parse_name),
        metavar="NAME",
        help="the place we look from, where it is another one",
    )
    parser.add_argument(
        "--allow-exec", action="store_true", help="run the programs that checks of the kind exec name"
    )


def read_plan(args: argparse.Namespace) -> LookPlan:
    """The plan to look as the options say.

    Raises:
        InputError: `status.yml` is wrong.
        UsageError: there is no such service, or nothing to look at from that vantage.

    """
    project = Project(args.root, args.code, args.now)
    return plan_look(project, os.environ, vantage=args.vantage, only=args.only, allow_exec=args.allow_exec)


def read_span(args: argparse.Namespace) -> Interval | None:
    """From when to when to watch; `None` where one look is enough."""
    until = args.now + args.watch if args.watch else args.until
    return None if until is None else Interval(args.begin or args.now, until)


def read_job(args: argparse.Namespace) -> Job:
    """The job that runs us, with the summary that the options name."""
    job = Job.of(os.environ)
    return replace(job, summary=args.summary) if args.summary else job
