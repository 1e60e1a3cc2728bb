"""The options of the verbs that read a published page: how it is reached."""

import argparse

from outside.site.reader import Place
from outside.web.access import DEADLINE_S, Access

_LONGEST_S = 3600


def add_site_options(parser: argparse.ArgumentParser, when: str = "") -> None:
    """Add the options; `when` begins their help: the options that they go with."""
    parser.add_argument(
        "--timeout",
        type=_parse_seconds,
        default=DEADLINE_S,
        metavar="SECONDS",
        help=f"{when}the longest time for one file (default: {DEADLINE_S:g})",
    )
    parser.add_argument("--proxy", metavar="URL", help=f"{when}fetch through this HTTP proxy (default: none)")


def read_place(args: argparse.Namespace, location: str) -> Place:
    """Return the place of a page, and how it is reached."""
    return Place(location, Access(args.timeout, args.proxy))


def _parse_seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds <= _LONGEST_S:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds up to {_LONGEST_S}")
    return seconds
