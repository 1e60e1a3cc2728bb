"""`alarm`: alert the maintainers to what failed: everybody whom `monitor.tell` names, by the routes of `notify`."""

import argparse
import os
import sys

from checks.secrets import Secrets
from tasks.alarm import alert_maintainers
from tasks.project import Project


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `alarm`; there are no options of its own."""
    parser.description = "tell the maintainers (monitor.tell) what failed since they were told last"


def run(args: argparse.Namespace) -> int:
    """Alert the maintainers. Ends with 1 where one of them could not be reached."""
    project = Project(args.root, args.code, args.now)
    failures = alert_maintainers(project, Secrets.of(project.config.secrets, os.environ))
    for line in failures:
        print(line, file=sys.stderr)
    return 1 if failures else 0
