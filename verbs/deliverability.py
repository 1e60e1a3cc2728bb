"""`deliverability DOMAIN`: report what decides whether a domain's mail arrives, for support to read out or paste."""

import argparse

from tasks.project import Project
from verbs.terminal.mail_report import add_report_arguments, report_on_domain


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `deliverability`."""
    add_report_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print the report. Return 0 if all is well, 1 if something is wrong, 2 if we cannot tell."""
    return report_on_domain(args, Project(args.root, args.code, args.now))
