"""`statement YYYY-MM`: freeze the account of a finished month."""

import argparse
import os
import sys

from constat.errors import UsageError
from tasks.freeze import FreezeResult, freeze_due_months, freeze_month, list_due_months
from tasks.project import Project
from tasks.seal import is_clone, require_pushed
from tasks.stamp import stamp_past
from verbs.terminal.printing import conclude, warn


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `statement`: either a month or `--due`, and `--supersede`."""
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("month", nargs="?", metavar="YYYY-MM", help="a month that is over")
    which.add_argument("--due", action="store_true", help="freeze every month that is due, oldest first")
    parser.add_argument(
        "--supersede", metavar="WHY", help="replace a frozen statement that would differ now, for this reason"
    )


def run(args: argparse.Namespace) -> int:
    """Freeze the month; if it is frozen already, print how it would differ now."""
    why = None if args.supersede is None else args.supersede.strip()
    if why == "":
        raise UsageError("a statement cannot be superseded without a reason", tip='--supersede "why"')
    if why is not None and args.due:
        raise UsageError("--supersede cannot be combined with --due", tip="name the month")
    project = Project(args.root, args.code, args.now)
    if not args.due or next(list_due_months(project), None):
        require_pushed(project, os.environ)
    if not args.due:
        result = freeze_month(project, args.month, why)
        code, closing = _report(result), _describe(result)
    else:
        code, closing = 0, "no month is due"
        for result in freeze_due_months(project):
            _report(result)
            closing = _describe(result)
    if not is_clone(project.root):  # a clone is stamped once its statement is pushed
        for trouble in stamp_past(project.reopen(args.now)).troubles:
            warn(trouble)
    conclude(args, closing)
    return code


def _report(result: FreezeResult) -> int:
    """Print the result of freezing a month; return 1 if its frozen statement would differ now."""
    for problem in result.problems:
        print(f"{problem}: left out", file=sys.stderr)
    if result.differences:
        print(f"{result.month} is frozen, and would differ now:")
        for difference in result.differences:
            print(f"  {difference}")
        print('The frozen statement stands. To replace it, and say so in public: --supersede "why"')
        return 1
    return 0


def _describe(result: FreezeResult) -> str:
    if result.written is None:
        return f"{result.month} is frozen already, and equal"
    return f"history/{result.written.path} has the SHA-256 {result.written.sha256}"
