"""`serve`: serve the site on localhost, and rebuild it whenever its sources change."""

import argparse
import os
import sys

from constat.errors import ConstatError
from tasks.build import build_and_publish
from tasks.project import Project
from tasks.serve import serve
from verbs.terminal.printing import warn


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `serve`."""
    parser.add_argument("--port", type=int, default=8000, help="the port on 127.0.0.1; 0 picks a free one")


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted."""

    def build(project: Project) -> None:
        """Build and publish; if that fails, print the error and keep the old site."""
        try:
            built = build_and_publish(project, os.environ, warn)
        except ConstatError as error:
            print(error, file=sys.stderr, flush=True)
            return
        if args.verbose:
            print(f"built {len(built.files)} files", flush=True)

    serve(Project(args.root, args.code, args.now), args.port, build, _announce)
    return 0


def _announce(address: str) -> None:
    print(f"{address} (Ctrl+C ends it)", flush=True)
