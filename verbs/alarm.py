"""`alarm`: alert the maintainers of `monitor.tell` to what failed, by the routes of `notify`."""

import argparse
import os
import sys

from checks.secrets import Secrets
from tasks.alarm import alert_maintainers
from tasks.project import Project
from verbs.terminal.printing import conclude, quantify


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `alarm`: none of its own, only a longer description."""
    parser.description = "alert the maintainers (monitor.tell) to what failed since the last alert"


def run(args: argparse.Namespace) -> int:
    """Alert the maintainers. Return 1 if one of them could not be reached."""
    project = Project(args.root, args.code, args.now)
    report = alert_maintainers(project, Secrets.of(project.config.secrets, os.environ))
    for line in report.failures:
        print(line, file=sys.stderr)
    conclude(
        args, f"{quantify(report.troubles, 'trouble')}, {quantify(report.alerted, 'maintainer')} alerted"
    )
    return 1 if report.failures else 0
