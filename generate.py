"""Constat's command line: parses, wires, prints, exits. Nothing imports it.

    python generate.py VERB [--root DIR] [--now ISO-8601]

Ends with 0 (done), 1 (it looked, and something is wrong) or 2 (it could not).
"""

import argparse
import gc
import os
import sys
import time
from importlib import import_module
from pathlib import Path

from constat.errors import ConstatError, EvidenceError, InputError
from constat.interval import parse_instant
from verbs.terminal.clock import start_clock

VERBS = {
    "run": "check, then build: the main job",
    "check": "record what changed in the register, then look at what is due",
    "build": "history and notices into site/",
    "serve": "show it on localhost and rebuild on change",
    "validate": "status.yml, notices, corrections and tickets, each problem with its line",
    "probe": "one probe by hand, told in full, nothing stored",
    "new": "lay down a notice, or an update in one, that validates",
    "show": "what we knew of an instant: state, samples, notices",
    "statement": "freeze the account of a finished month",
    "verify": "recompute what was frozen from the evidence, and compare",
    "notify": "tell subscribers what is new",
    "alarm": "tell the maintainers what failed on the way",
    "push": "new history to its branch",
    "init": "start a status page in a folder",
    "cost": "what it will cost to run on GitHub: minutes, commits, megabytes",
    "demo": "the embedded default: a small Maxony on this machine, and its page",
}
"""Every verb, in the order of `--help`. The module `verbs.NAME` says what it does."""


def _instant(text: str) -> int:
    try:
        return parse_instant(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{error}; write it as 2026-11-23T09:40:00Z") from None


def _parser(verb: str | None) -> argparse.ArgumentParser:
    """The whole parser, with the options of the one verb that is called: a verb pays only for what it needs."""
    parser = argparse.ArgumentParser(
        prog="generate.py", description="A status page whose numbers can be checked."
    )
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for name, summary in VERBS.items():
        options = verbs.add_parser(name, help=summary, description=summary)
        if name == verb:
            _add_common(options)
            import_module(f"verbs.{name}").add_arguments(options)
    return parser


def _add_common(options: argparse.ArgumentParser) -> None:
    options.add_argument(
        "--root", type=Path, default=Path(), help="the project: status.yml, incidents/, history/"
    )
    options.add_argument("--now", type=_instant, default=None, metavar="TIME", help="pretend it is this time")
    options.add_argument("-v", "--verbose", action="store_true", help="say more")


def main(argv: list[str]) -> int:
    """Run one verb and return the exit code. `now` is read here, once; a verb that goes on is given the clock."""
    verb = next((word for word in argv if word in VERBS), None)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # we have none, and looking takes time
    gc.disable()  # importing makes nothing that dies
    args = _parser(verb).parse_args(argv)
    gc.freeze()  # and what it made need not be looked through again
    gc.enable()
    args.code = Path(__file__).resolve().parent
    args.clock = start_clock(args.now)
    args.now = int(time.time()) if args.now is None else args.now
    try:
        code: int = import_module(f"verbs.{args.verb}").run(args)
        sys.stdout.flush()
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    except ConstatError as error:
        print(f"constat: {error}", file=sys.stderr)
        if error.tip:
            print(f"tip: {error.tip}", file=sys.stderr)
        return 1 if isinstance(error, EvidenceError) else 2
    except BrokenPipeError:  # whoever reads us has seen enough: `show ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
