"""`witness URL --store FILE`: keep the seals of a page, as its customer would, and check whether they still hold."""

import argparse
from pathlib import Path

from tasks.witness import WitnessReport, witness
from verbs.terminal.printing import conclude, quantify
from verbs.terminal.site_options import add_site_options, read_place


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `witness`: the page, and the file to keep its seals in."""
    parser.add_argument("url", metavar="URL_OR_DIR", help="the page, or a folder with the files of its site")
    parser.add_argument(
        "--store", type=Path, required=True, metavar="FILE", help="append one line of JSON a day to this file"
    )
    add_site_options(parser)


def run(args: argparse.Namespace) -> int:
    """Keep what is new. Return 1 if something that was kept is gone, or if no seal is newer than 48 hours."""
    report = witness(read_place(args, args.url), args.store, args.now)
    for trouble in report.troubles:
        print(trouble)
    conclude(args, _sum_up(report, args.store))
    return 1 if report.troubles else 0


def _sum_up(report: WitnessReport, store: Path) -> str:
    newest = f"; the newest is of {report.newest.path[8:18]}" if report.newest else ""
    wrong = f", {quantify(len(report.troubles), 'trouble')}" if report.troubles else ""
    return f"{quantify(len(report.news), 'new seal')} in {store}{newest}{wrong}"
