"""`verify`: recompute the frozen months from the evidence alone, and compare."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from constat.errors import UsageError
from constat.sealing.kept_seals import Kept
from constat.statement import is_month
from tasks.archived_days import bring_archived_days
from tasks.project import Project
from tasks.stamp import read_given_certificates
from tasks.verify import Anchors, VerificationReport, verify_project, verify_site
from tasks.witness import read_kept
from verbs.terminal.months_table import format_months
from verbs.terminal.printing import conclude, quantify
from verbs.terminal.site_options import add_site_options, read_place


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
        "--witness",
        type=Path,
        metavar="FILE",
        help="also compare the evidence with what witness kept in this file",
    )
    parser.add_argument(
        "--timestamp-ca",
        type=Path,
        metavar="FILE",
        help="with --evidence: the certificates by which its time-stamping authority is trusted, in PEM",
    )
    parser.add_argument("--json", action="store_true", help="print the comparison as JSON, for programs")
    add_site_options(parser, "with --evidence URL: ")


def run(args: argparse.Namespace) -> int:
    """Verify and print the table. Return 1 if something does not verify."""
    if args.month is not None and not is_month(args.month):
        raise UsageError(f"{args.month!r} is not a valid month", tip="write it as 2026-10")
    report = _verify(args)
    if args.json:
        print(json.dumps(_list_values(report), indent=2, ensure_ascii=False))
    else:
        _print_report(report)
    conclude(args, _sum_up(report), "bad" if report.troubles else "good" if report.months else "")
    return 1 if report.troubles else 0


def _print_report(report: VerificationReport) -> None:
    for line in format_months(report.months):
        print(line)
    for note in report.notes:
        print(f"note: {note}")
    for trouble in report.troubles:
        print(f"does not verify: {trouble}")


def _list_values(report: VerificationReport) -> dict[str, Any]:
    """The report as plain values, for JSON."""
    months = [
        {"month": month.month, "services": [row._asdict() for row in month.rows]} for month in report.months
    ]
    return {"months": months, "notes": report.notes, "troubles": report.troubles}


def _sum_up(report: VerificationReport) -> str:
    if not report.months and not report.troubles:
        return "no month is frozen yet: there is nothing to compare"
    months = quantify(len(report.months), "month")
    return f"{months} compared, {quantify(len(report.troubles), 'trouble')}"


def _verify(args: argparse.Namespace) -> VerificationReport:
    kept = _read_witness(args.witness) if args.witness else ()
    if args.evidence:
        place = read_place(args, args.evidence)
        roots = read_given_certificates(args.timestamp_ca) if args.timestamp_ca else None
        return verify_site(place, args.month, args.now, _draw_progress, Anchors(kept, roots))
    project = Project(args.root, args.code, args.now)
    archived = bring_archived_days(project, os.environ)
    report = verify_project(project, args.month, _draw_progress, kept)
    return report._replace(troubles=(*report.troubles, *archived.troubles))


def _read_witness(store: Path) -> Sequence[Kept]:
    kept = read_kept(store)
    if not kept:
        raise UsageError(
            f"{store} holds nothing", tip=f"keep seals first: constat witness URL --store {store}"
        )
    return kept


def _draw_progress(done: int, count: int) -> None:
    """Draw the progress, if standard error is a terminal."""
    if sys.stderr.isatty() and count > 1:
        end = "\r" if done < count else "\r\033[K"
        print(f"{done} of {count} months verified", end=end, file=sys.stderr, flush=True)
