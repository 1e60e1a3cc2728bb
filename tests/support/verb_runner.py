"""A verb run in this process as the command line runs it."""

import argparse
from pathlib import Path
from typing import Protocol

from constat.interval import Instant
from tests.support.source_tree import ROOT


class Verb(Protocol):
    """A module of `verbs/`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add its own options."""

    def run(self, args: argparse.Namespace) -> int:
        """Run it, and return the exit code."""
        ...


def run_verb(verb: Verb, root: Path, now: Instant, *words: str, verbose: bool = False) -> int:
    """Run a verb with some arguments."""
    parser = argparse.ArgumentParser()
    verb.add_arguments(parser)
    args = parser.parse_args(words)
    args.root, args.code, args.now, args.verbose, args.quiet = root, ROOT, now, verbose, not verbose
    return verb.run(args)
