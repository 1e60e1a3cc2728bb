"""Constat's command line: parses, wires, prints, exits. Nothing imports it.

    python generate.py VERB [--root DIR] [--now ISO-8601]

The exit code is 0 (done), 1 (the command ran and found a problem) or 2 (the command could not run).
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
    "build": "build site/ from the history and the notices",
    "serve": "show the site on localhost and rebuild it on change",
    "validate": "check status.yml, notices, corrections and tickets; report each problem with its line",
    "probe": "run one probe by hand and report it in full; nothing is stored",
    "new": "write a valid notice, or add an update to one",
    "show": "show what was known at an instant: state, samples, notices",
    "statement": "freeze the account of a finished month",
    "verify": "recompute the frozen months from the evidence, and compare",
    "notify": "notify subscribers of what is new",
    "alarm": "alert the maintainers to what failed",
    "push": "push new history to its branch",
    "init": "start a status page in a folder",
    "cost": "estimate the cost of running on GitHub: minutes, commits, megabytes",
    "demo": "run the built-in demo: a small Maxony on this machine, and its page",
}
"""Every verb with its help text, in the order of `--help`. The module `verbs.NAME` implements it."""


def _instant(text: str) -> int:
    try:
        return parse_instant(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{error}; write it as 2026-11-23T09:40:00Z") from None


def _parser(verb: str | None) -> argparse.ArgumentParser:
    """Build the parser. Only the verb that is called gets its options, so that no other verb's module is imported."""
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
        "--root",
        type=Path,
        default=Path(),
        help="the folder of the project: status.yml, incidents/, history/",
    )
    options.add_argument(
        "--now", type=_instant, default=None, metavar="TIME", help="pretend that it is this time"
    )
    options.add_argument("-v", "--verbose", action="store_true", help="print more")


def main(argv: list[str]) -> int:
    """Run one verb and return the exit code. `now` is read here, once; verbs that keep running also get the clock."""
    verb = next((word for word in argv if word in VERBS), None)
    os.environ.setdefault(
        "PYDANTIC_DISABLE_PLUGINS", "__all__"
    )  # we have no plugins, and searching for them takes time
    gc.disable()  # what imports allocate stays alive, so collecting would be wasted time
    args = _parser(verb).parse_args(argv)
    gc.freeze()  # so later collections need not scan it
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
    except BrokenPipeError:  # the reader has closed the pipe, as in `show ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
