"""`push`: push the evidence to its branch. Also prepares the clone to push from, and runs the watch companion."""

import argparse
import os

from constat.interval import Instant, parse_instant
from tasks.evidence_branch import EvidenceBranch, clear_leftover_locks, open_branch
from tasks.project import Project
from tasks.push import follow_watch, prepare_clone, push_evidence, record_and_push
from tasks.watch_announcement import announce_watch
from verbs.terminal.archive_reader import bring_page_days
from verbs.terminal.printing import conclude, quantify, report_trouble, warn


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `push`: at most one mode, and the details of its job."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--prepare", choices=("watch", "page"), help="create the clone history/ for a job")
    what.add_argument("--record", action="store_true", help="record pending lines in the register, then push")
    what.add_argument("--follow", action="store_true", help="run beside a watch, and push until it ends")
    parser.add_argument(
        "--remote", metavar="URL", help="the repository with the branch (default: the project's origin)"
    )
    parser.add_argument(
        "--vantage",
        metavar="NAME",
        help="the vantage of the watch (default: monitor.vantage)",
    )
    parser.add_argument(
        "--minutes", type=int, metavar="N", help="with --prepare watch: how long the watch will run"
    )
    parser.add_argument(
        "--from",
        dest="begin",
        type=_parse_optional_time,
        metavar="TIME",
        help="with --prepare watch: when it takes over",
    )
    parser.add_argument(
        "--until",
        type=_parse_optional_time,
        metavar="TIME",
        help="with --follow: when the next watch takes over",
    )


def _parse_optional_time(text: str) -> Instant | None:
    """Parse a time; `None` for an empty text, which a job without that input passes."""
    try:
        return parse_instant(text) if text else None
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def run(args: argparse.Namespace) -> int:
    """Prepare, follow, or push; return 1 if something failed while following."""
    branch = open_branch(Project(args.root, args.code, args.now), os.environ, args.vantage)
    clear_leftover_locks(branch, args.now, report_trouble)
    if args.prepare:
        return _prepare(branch, args)
    if args.follow:
        return _follow(branch, args)
    if args.record:
        result, problems = record_and_push(branch, args.clock)
    else:
        result, problems = push_evidence(branch, args.now, args.clock), ()
    for line in (*problems, *result.troubles, *result.warnings):
        warn(line)
    sealed = f", {quantify(result.seals, 'new seal')}" if result.seals else ""
    conclude(args, f"pushed{sealed}" if result.is_new else "nothing new to push")
    return 0  # what was not recorded or sealed was reported, and the next push tries again


def _prepare(branch: EvidenceBranch, args: argparse.Namespace) -> int:
    """Make the clone; for a watch, announce it and pass its span to the later steps of the job."""
    prepare_clone(branch, args.prepare, args.remote)
    if args.prepare == "page":  # only here does a job have the token that an archive may need
        bring_page_days(branch.project.reopen(args.now))
    if args.prepare == "watch" and args.minutes:
        announcement = announce_watch(branch, args.minutes, args.begin, report_trouble)
        if announcement.not_needed:
            print(announcement.not_needed)
        branch.job.set_outputs(announcement.outputs)
        if not branch.job.outputs:
            print("\n".join(f"{name}={value}" for name, value in announcement.outputs.items()))
    conclude(args, f"{args.root / 'history'} holds what the branch does")
    return 0


def _follow(branch: EvidenceBranch, args: argparse.Namespace) -> int:
    """Push beside the watch until it has ended; return 1 if something failed on the way."""
    report = follow_watch(branch, args.until, args.clock, report_trouble)
    conclude(args, f"pushed {quantify(report.pushes, 'time')}, {quantify(len(report.troubles), 'trouble')}")
    return 1 if report.troubles else 0
