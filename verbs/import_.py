"""`import SOURCE PLACE`: bring services, notices and what was measured over from another status page."""

import argparse
import os
import re
import shlex
import sys
from collections.abc import Mapping

from constat.errors import UsageError
from constat.moving.model import SOURCE_TITLES, ReadRequest, SourceName
from constat.moving.report import REPORT
from tasks.importing import READERS, Imported, ImportRequest, import_source
from verbs.terminal.misspelt import OneOf
from verbs.terminal.printing import conclude, quantify
from verbs.terminal.steps import StepPrinter

_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `import`."""
    add = parser.add_argument
    known = ", ".join(READERS)
    add("source", metavar="SOURCE", type=OneOf("source", READERS), help=f"what to import from: {known}")
    place = "where it is: a folder, a file, the address of a repository or of a page"
    add("place", metavar="PLACE", help=place)
    add("--dry-run", action="store_true", help="write nothing; print what would be written, and the report")
    mapping = "map the source's service OLD to the service ID here, which is created if status.yml lacks it (may be repeated)"
    add("--map", metavar="OLD=ID", action="append", default=[], help=mapping)
    work = "treat notices whose title matches as maintenance, not incidents (cState has no maintenance)"
    add("--maintenance", metavar="REGEX", help=work)
    add("--page", metavar="SLUG", default="", help="the status page to import, if the source has several")


def run(args: argparse.Namespace) -> int:
    """Import, and say what came of it."""
    steps = StepPrinter()
    source: SourceName = args.source
    reading = ReadRequest(
        place=args.place,
        now=args.now,
        maintenance=_compile(args.maintenance),
        page=args.page,
        environment=os.environ,
        tell=steps.tell,
    )
    request = ImportRequest(source, reading, args.root, _read_maps(args.map), dry_run=args.dry_run)
    try:
        imported = import_source(request)
    finally:
        steps.end()
    if args.dry_run or args.verbose:
        _print_files(imported, dry_run=args.dry_run)
    if args.dry_run:
        print(imported.report)
    conclude(args, _summarise(args, imported))
    return 0


def _compile(pattern: str | None) -> re.Pattern[str] | None:
    if pattern is None:
        return None
    try:
        return re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        raise UsageError(f"--maintenance {pattern!r} is not a regular expression: {error}") from None


def _read_maps(written: list[str]) -> Mapping[str, str]:
    """Read `--map OLD=ID`; OLD may hold `=` itself."""
    maps = {}
    for each in written:
        old, equals, chosen = each.rpartition("=")
        if not equals or not old.strip() or not _ID.fullmatch(chosen):
            tip = "write OLD=ID, the ID in lower-case letters, digits and hyphens: --map 'Mail relay=smtp'"
            raise UsageError(f"--map {each!r} is not OLD=ID", tip=tip)
        maps[old.strip()] = chosen
    return maps


def _print_files(imported: Imported, *, dry_run: bool) -> None:
    for path in sorted(imported.written):
        print(f"{'would write' if dry_run else 'wrote'} {path}")
    for path in imported.kept:
        print(f"left alone {path}: it was edited or removed here")
    sys.stdout.flush()


def _summarise(args: argparse.Namespace, imported: Imported) -> str:
    source = SOURCE_TITLES[args.source]
    held = (
        f"{quantify(imported.services, 'service')} and {quantify(imported.notices, 'notice')} from {source}"
    )
    lines = f"{quantify(imported.findings, 'line')} to read"
    if args.dry_run:
        return f"would import {held}, and write {quantify(len(imported.written), 'file')}; {lines}"
    if not imported.written:
        return f"{held} are already here: nothing changed"
    kept = f"; {quantify(len(imported.kept), 'file')} edited here left alone" if imported.kept else ""
    return (
        f"imported {held}: {quantify(len(imported.written), 'file')} written{kept};"
        f" {args.root / REPORT} says what was not imported ({lines}). Next: constat build --root {shlex.quote(str(args.root))}"
    )
