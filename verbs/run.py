"""`run`: look, then build the page. The main job."""

import argparse
import math
import time

from verbs import build, check


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `check` and of `build`."""
    check.add_arguments(parser)
    build.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Check, then build as of the instant at which the checks ended."""
    began = time.monotonic()
    looked = check.run(args)
    args.now += math.ceil(time.monotonic() - began)
    return looked or build.run(args)
