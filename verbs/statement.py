"""`statement YYYY-MM`: freeze the account of a finished month."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from constat.errors import UsageError
from constat.interval import month_interval
from constat.statement import is_month
from outside.disk import replace_file
from outside.evidence.statements import StatementFile
from tasks.freeze import FreezeResult, freeze_due_months, freeze_month, list_due_months
from tasks.project import Project
from tasks.seal import is_clone, require_pushed
from tasks.stamp import stamp_past
from tasks.statement_pdf import build_statement_pdf
from verbs.terminal.archive_reader import bring_days
from verbs.terminal.printing import conclude, warn


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `statement`: either a month or `--due`, and `--supersede`."""
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("month", nargs="?", metavar="YYYY-MM", help="a month that is over")
    which.add_argument("--due", action="store_true", help="freeze every month that is due, oldest first")
    parser.add_argument(
        "--supersede",
        metavar="WHY",
        help="replace a frozen statement that would now be different, for this reason",
    )
    parser.add_argument(
        "--pdf",
        nargs="?",
        const="",
        metavar="FILE",
        help="write it as a PDF too (default: statement-YYYY-MM.pdf)",
    )
    parser.add_argument(
        "--language", metavar="CODE", help="the language of the PDF (default: the page's first)"
    )
    parser.add_argument("--json", action="store_true", help="print the statements as JSON, for programs")


def run(args: argparse.Namespace) -> int:
    """Freeze the month; if it is frozen already, print how it would differ now."""
    why = None if args.supersede is None else args.supersede.strip()
    if why == "":
        raise UsageError("a statement cannot be superseded without a reason", tip='--supersede "why"')
    if why is not None and args.due:
        raise UsageError("--supersede cannot be combined with --due", tip="name the month")
    if args.due and args.pdf is not None:
        raise UsageError("--pdf cannot be combined with --due", tip="name the month")
    project = Project(args.root, args.code, args.now)
    months = list(list_due_months(project)) if args.due else [args.month]
    if months:
        require_pushed(project, os.environ)
        for month in filter(is_month, months):
            bring_days(project, month_interval(month, project.zone))
    results = freeze_due_months(project) if args.due else iter([freeze_month(project, args.month, why)])
    reports = [_report(project, result, as_json=args.json) for result in results]
    if args.json:
        print(json.dumps([values for values, _ in reports], indent=2, ensure_ascii=False))
    if not is_clone(project.root):  # a clone is stamped once its statement is pushed
        for trouble in stamp_past(project.reopen(args.now)).troubles:
            warn(trouble)
    if args.pdf is not None:
        _write_pdf(args, project.reopen(args.now))
    conclude(args, reports[-1][1] if reports else "no month is due")
    return int(not args.due and any(values["differences"] for values, _ in reports))


def _write_pdf(args: argparse.Namespace, project: Project) -> None:
    """Write the frozen month as a PDF, to the file that was asked for."""
    pdf = build_statement_pdf(project, args.month, args.language)
    path = Path(args.pdf or pdf.name)
    replace_file(path.resolve().parent, path.name, pdf.data)
    print(f"{path}: PDF/A-3u, with the statement's JSON attached", file=sys.stderr)


def _report(project: Project, result: FreezeResult, *, as_json: bool) -> tuple[dict[str, Any], str]:
    """Print the result of freezing a month, unless JSON is asked for; return it as plain values, and in one line."""
    file = result.written or _find_frozen(project, result.month)
    place = f"history/{file.path}, SHA-256 {file.sha256}"
    if result.written is None:
        state = "would differ now" if result.differences else "is equal"
        place = f"{result.month} is frozen already, and {state}: {place}"
    values = {
        "month": result.month,
        "path": f"history/{file.path}",
        "sha256": file.sha256,
        "written": result.written is not None,
        "differences": [str(difference) for difference in result.differences],
    }
    _print_differences(result, as_json=as_json)
    return values, place


def _find_frozen(project: Project, month: str) -> StatementFile:
    return next(frozen.current for frozen in project.frozen_months if frozen.month == month)


def _print_differences(result: FreezeResult, *, as_json: bool) -> None:
    """Print what was left out, and how the frozen statement would differ now."""
    for problem in result.problems:
        print(f"{problem}: left out", file=sys.stderr)
    if result.differences and not as_json:
        print(f"{result.month} is frozen, and would differ now:")
        for difference in result.differences:
            print(f"  {difference}")
        print('The frozen statement stands. To replace it, and say so in public: --supersede "why"')
