"""`cost`: estimate what a project costs to run on GitHub."""

import argparse
import json

from constat.maintainers.cost import estimate_cost, format_lines, format_table
from tasks.project import Project


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `cost`."""
    parser.add_argument(
        "--watch-minutes",
        type=_parse_minutes,
        default=55,
        metavar="N",
        help="length of one watch (default: 55)",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--table", action="store_true", help="print a Markdown table")
    form.add_argument("--json", action="store_true", help="print JSON, for programs")


def _parse_minutes(text: str) -> int:
    if not text.isdigit() or not 5 <= int(text) <= 350:  # noqa: PLR2004 (a job may last six hours)
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of minutes from 5 to 350")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Print the estimate."""
    config = Project(args.root, args.code, args.now).config
    estimate = estimate_cost(config, args.watch_minutes)
    if args.json:
        print(json.dumps(estimate._asdict() | {"minutes_a_month": estimate.minutes_a_month}, indent=2))
        return 0
    lines = format_table(estimate) if args.table else format_lines(estimate, config, args.watch_minutes)
    print("\n".join(lines))
    return 0
