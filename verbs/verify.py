"""`verify`: recompute the frozen months from the evidence alone, and compare."""

import argparse
import sys
from collections.abc import Iterator, Sequence

from constat.errors import UsageError
from constat.statement import MonthReport, is_month
from outside.site.reader import Place
from outside.web.access import DEADLINE_S, Access
from tasks.project import Project
from tasks.verify import VerificationReport, verify_project, verify_site
from verbs.terminal.printing import conclude, quantify

_LONGEST_S = 3600
COLUMNS = ("month", "service", "frozen", "recomputed", "verdict")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `verify`."""
    parser.add_argument(
        "month", nargs="?", metavar="YYYY-MM", help="only this month (default: every frozen month)"
    )
    parser.add_argument(
        "--evidence",
        metavar="URL_OR_DIR",
        help="verify a published page from its own files, as a customer would",
    )
    parser.add_argument(
        "--timeout",
        type=_parse_seconds,
        default=DEADLINE_S,
        metavar="SECONDS",
        help=f"with --evidence URL: the longest time for one file (default: {DEADLINE_S:g})",
    )
    parser.add_argument(
        "--proxy", metavar="URL", help="with --evidence URL: fetch through this HTTP proxy (default: none)"
    )


def _parse_seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds <= _LONGEST_S:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds up to {_LONGEST_S}")
    return seconds


def run(args: argparse.Namespace) -> int:
    """Verify and print the table. Return 1 if something does not verify."""
    if args.month is not None and not is_month(args.month):
        raise UsageError(f"{args.month!r} is not a valid month", tip="write it as 2026-10")
    report = _verify(args)
    for line in _format_table(report.months):
        print(line)
    for note in report.notes:
        print(f"note: {note}")
    for trouble in report.troubles:
        print(f"does not verify: {trouble}")
    conclude(args, _sum_up(report))
    return 1 if report.troubles else 0


def _sum_up(report: VerificationReport) -> str:
    months = quantify(len(report.months), "month")
    return f"{months} compared, {quantify(len(report.troubles), 'trouble')}"


def _verify(args: argparse.Namespace) -> VerificationReport:
    if args.evidence:
        place = Place(args.evidence, Access(args.timeout, args.proxy))
        return verify_site(place, args.month, args.now, _draw_progress)
    return verify_project(Project(args.root, args.code, args.now), args.month, _draw_progress)


def _draw_progress(done: int, count: int) -> None:
    """Draw the progress, if standard error is a terminal."""
    if sys.stderr.isatty() and count > 1:
        end = "\r" if done < count else "\r\033[K"
        print(f"{done} of {count} months verified", end=end, file=sys.stderr, flush=True)


def _format_table(reports: Sequence[MonthReport]) -> Iterator[str]:
    """Format the months, service by service, in columns; yields nothing without rows."""
    rows = [
        (report.month, row.service, row.frozen or "no data", row.recomputed or "no data", row.verdict)
        for report in reports
        for row in report.rows
    ]
    if not rows:
        return
    widths = [max(map(len, cells)) for cells in zip(COLUMNS, *rows, strict=True)]
    for row in (COLUMNS, *rows):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
