"""`init DIR`: start a status page, or add what runs it to an existing one."""

import argparse
import os
import re
import shlex
import shutil
from decimal import Decimal
from pathlib import Path

from checks.probing import Context, Deadline
from constat.config.fields.network_fields import parse_url
from constat.config.fields.text_fields import parse_percentage
from constat.errors import UsageError
from constat.moving.model import SOURCE_TITLES, ReadRequest, SourceName
from constat.moving.report import REPORT
from outside.project.starter import Wishes
from tasks.importing import READERS, ImportRequest, import_source
from tasks.init import find_source, guess_action, start_project
from tasks.propose import propose_checks
from verbs.terminal.arguments import PROGRAM, typed
from verbs.terminal.printing import conclude, warn
from verbs.terminal.steps import StepPrinter

_LOOK_S = 10
_ACTION = re.compile(r"[\w.-]+/[\w.-]+(/[\w./-]+)?@[\w./-]+")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `init`."""
    add = parser.add_argument
    where = "the project's folder; created if it does not exist (with --from SOURCE: PLACE, then DIR)"
    add("folders", nargs="+", metavar="DIR", help=where)
    origin = (
        "inspect this website, its certificate and its domain's mail once, and propose checks;"
        f" or import another status page: {', '.join(READERS)}, followed by its place"
    )
    add("--from", dest="origin", type=typed(_parse_origin), metavar="URL|SOURCE", help=origin)
    promise = "promise this availability, in percent of each month: 99.5 (default: nothing is promised)"
    add("--promise", type=typed(parse_percentage), metavar="PERCENT", help=promise)
    action = (
        "add the workflows for GitHub, which use the action at this address: OWNER/NAME@REF (default: the one"
        " of the checkout that runs, if it has one)"
    )
    add("--action", type=typed(_parse_action), metavar="ACTION", help=action)
    units = "add systemd units that watch and build on this machine"
    add("--systemd", action="store_true", help=units)


def _parse_origin(text: str) -> str:
    return text if text in READERS else parse_url(text)


def _parse_action(text: str) -> str:
    if not _ACTION.fullmatch(text):
        raise ValueError(f"{text!r} is not the address of an action: OWNER/NAME@REF")
    return text


def run(args: argparse.Namespace) -> int:
    """Write the files that are asked for, and print what to do next."""
    source = next((known for known in READERS if known == args.origin), None)
    args.folder = _choose_folder(args.folders, source)
    if source is not None:
        _bring_over(args, source)
    elif held := find_source(args.folder):
        warn(f"{args.folder} contains a page of {SOURCE_TITLES[held]}: {PROGRAM} import {held} imports it")
    checks = _propose(args.origin, args.now) if args.origin and source is None else ""
    action = args.action or ("" if args.systemd else guess_action(args.code, os.environ))
    program = str(shutil.which(PROGRAM) or args.code / "bin" / PROGRAM) if args.systemd else ""
    wishes = Wishes(checks, _write_percent(args.promise), action, program)
    paths = []
    if source is None or action or program:
        paths = start_project(args.code, args.folder, os.environ, Path("/etc/localtime"), wishes)
    if args.verbose:
        print("\n".join(paths))
    came = f"{args.folder / REPORT} says what came and what did not; " if source else ""
    conclude(args, came + _say_what_next(args.folder, paths))
    return 0


def _choose_folder(folders: list[str], source: SourceName | None) -> Path:
    """Return the project's folder: the one named alone or after the source's place, else the current one."""
    expected = 1 if source is None else 2
    if len(folders) > expected:
        raise UsageError(f"one folder too many: {folders[-1]}", tip=f"write {PROGRAM} init DIR")
    return Path(folders[expected - 1] if len(folders) == expected else "")


def _bring_over(args: argparse.Namespace, source: SourceName) -> None:
    place = args.folders[0]
    if (args.folder / "status.yml").exists():
        tip = f"complete it: {PROGRAM} import {source} {shlex.quote(place)} --root {shlex.quote(str(args.folder))}"
        raise UsageError(f"{args.folder} already has status.yml", tip=tip)
    steps = StepPrinter()
    try:
        reading = ReadRequest(place, args.now, environment=os.environ, tell=steps.tell)
        import_source(ImportRequest(source, reading, args.folder, {}))
    finally:
        steps.end()


def _propose(website: str, now: int) -> str:
    proposal = propose_checks(website, lambda: Context(Deadline(_LOOK_S), now=now))
    for what, outcome in proposal.sights:
        print(f"{what}: {outcome}")
    return proposal.lines


def _write_percent(promise: Decimal | None) -> str:
    return "" if promise is None else f"{promise:f}"


def _say_what_next(folder: Path, paths: list[str]) -> str:
    status, command = folder / "status.yml", f"{PROGRAM} run --root {shlex.quote(str(folder))}"
    if not paths:
        return f"then type: {command}"
    if "status.yml" in paths:
        return f"{status} says what is watched: edit it, then type: {command}"
    return f"{len(paths)} files written to {folder}: {', '.join(paths)}"
