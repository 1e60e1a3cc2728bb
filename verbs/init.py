"""`init DIR`: start a status page, or add to one what runs it."""

import argparse
import os
import re
import shutil
from decimal import Decimal
from pathlib import Path

from checks.probing import Context, Deadline
from constat.config.fields.network_fields import parse_url
from constat.config.fields.text_fields import parse_percentage
from outside.project.starter import Wishes
from tasks.init import guess_action, start_project
from tasks.propose import propose_checks
from verbs.terminal.arguments import PROGRAM, typed
from verbs.terminal.printing import conclude

_LOOK_S = 10
_ACTION = re.compile(r"[\w.-]+/[\w.-]+(/[\w./-]+)?@[\w./-]+")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `init`."""
    add = parser.add_argument
    add("folder", type=Path, metavar="DIR", help="the project's folder; created if it does not exist")
    website = "look once at this website, its certificate and its domain's mail, and propose checks"
    add("--from", dest="website", type=typed(parse_url), metavar="URL", help=website)
    promise = "promise this availability, in percent of each month: 99.5 (default: nothing is promised)"
    add("--promise", type=typed(parse_percentage), metavar="PERCENT", help=promise)
    action = (
        "add the workflows for GitHub, which use the action at this address: OWNER/NAME@REF (default: the one"
        " of the checkout that runs, if it has one)"
    )
    add("--action", type=typed(_parse_action), metavar="ACTION", help=action)
    add(
        "--systemd",
        action="store_true",
        help="add units with which systemd watches and builds on this machine",
    )


def _parse_action(text: str) -> str:
    if not _ACTION.fullmatch(text):
        raise ValueError(f"{text!r} is not the address of an action: OWNER/NAME@REF")
    return text


def run(args: argparse.Namespace) -> int:
    """Write what is wanted, and print what to do next."""
    checks = _propose(args.website, args.now) if args.website else ""
    action = args.action or ("" if args.systemd else guess_action(args.code, os.environ))
    program = str(shutil.which(PROGRAM) or args.code / "bin" / PROGRAM) if args.systemd else ""
    wishes = Wishes(checks, _write_percent(args.promise), action, program)
    paths = start_project(args.code, args.folder, os.environ, Path("/etc/localtime"), wishes)
    if args.verbose:
        print("\n".join(paths))
    conclude(args, _say_what_next(args.folder, paths))
    return 0


def _propose(website: str, now: int) -> str:
    proposal = propose_checks(website, lambda: Context(Deadline(_LOOK_S), now=now))
    for what, outcome in proposal.sights:
        print(f"{what}: {outcome}")
    return proposal.lines


def _write_percent(promise: Decimal | None) -> str:
    return "" if promise is None else f"{promise:f}"


def _say_what_next(folder: Path, paths: list[str]) -> str:
    status = folder / "status.yml"
    if "status.yml" in paths:
        return f"{status} says what is watched: edit it, then type: {PROGRAM} run --root {folder}"
    return f"{len(paths)} files written to {folder}: {', '.join(paths)}"
