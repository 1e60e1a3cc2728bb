"""`validate`: everything that people write, looked at before it is published."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from checks.registry import KINDS, kind
from constat import corrections, notices, register
from constat.availability import account, is_idle
from constat.config.schema import schema
from constat.errors import InputError, Problem, UsageError
from constat.interval import Instant
from constat.model import Config, Correction, Register
from outside import history, project
from outside.recording import pending_news
from outside.tickets import promises_of_support, read_tickets

CORRECTIONS = "corrections.yml"
REGISTER = f"history/{history.REGISTER}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which files, and for whom."""
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="only these (default: everything people write)"
    )
    parser.add_argument(
        "--format",
        choices=sorted(FORMATS),
        default="text",
        help="text for people, github for annotations of a workflow, json for editors",
    )

    parser.add_argument(
        "--schema",
        action="store_true",
        help="print the JSON Schema of status.yml for editors, and look at nothing",
    )


def run(args: argparse.Namespace) -> int:
    """Look at everything, tell what is wrong, and end with 1 if something is (2: with `status.yml` itself)."""
    if args.schema:
        print(json.dumps(schema(KINDS, kind), indent=2, ensure_ascii=False))
        return 0
    only = _chosen(args.root, args.files)
    try:
        config = project.read_config(args.root, KINDS, kind)
    except InputError as error:
        _tell(error.problems, args)
        return 2
    problems = [problem for problem in found(args.root, config, args.now) if not only or problem.file in only]
    _tell(problems, args)
    if args.verbose and all(problem.severity == "note" for problem in problems):
        print("nothing is wrong", file=sys.stderr)
    return 1 if any(problem.severity == "error" for problem in problems) else 0


def found(root: Path, config: Config, now: Instant) -> tuple[Problem, ...]:
    """All that is wrong with what stands beside `status.yml`, in the order of files and lines."""
    services = [service.id for service in config.services]
    _, of_notices = notices.parse(
        project.read_notices(root),
        services,
        config.page.languages,
        config.page.timezone,
        now,
        pictures=project.read_pictures(root),
    )
    others = (
        _of_corrections(root, config, now),
        _of_tickets(root, config, now),
        _of_register(root, config, now),
    )
    return tuple(sorted([*of_notices, *(problem for problems in others for problem in problems)]))


def _of_corrections(root: Path, config: Config, now: Instant) -> Iterator[Problem]:
    """Services that are gone from `status.yml` may still be corrected: the register knows them."""
    text = project.read_text(root, CORRECTIONS)
    if text is None:
        return
    held = register.holding(history.read_register(root), config, (), now)
    known = {recorded.service for recorded in held.services}
    decided, problems = corrections.parse(text, CORRECTIONS, known, now)
    yield from problems
    for correction in decided:
        if _is_idle(root, config, held, correction, now):
            message = f"the correction changes no second of {correction.service}"
            hint = "up and unknown replace what was down or degraded, down replaces what was unknown"
            yield Problem(CORRECTIONS, correction.line, 0, message, hint, "warning")


def _is_idle(root: Path, config: Config, held: Register, correction: Correction, now: Instant) -> bool:
    """Whether a correction changes nothing of the evidence that is here; without any, nobody can tell."""
    zone = config.page.timezone
    evidence = history.load(root, correction.window, zone, now)
    if not evidence.firsts:
        return False
    measured = account(held, evidence, correction.service, zone, now).measured
    return is_idle(correction, measured)


def _of_tickets(root: Path, config: Config, now: Instant) -> Iterable[Problem]:
    """Levels and regions that are gone from `status.yml` may still have tickets: the register knows them."""
    recorded = (promise.support for promise in promises_of_support(history.read_register(root)))
    return read_tickets(root, [config.support, *recorded], now)[1]


def _of_register(root: Path, config: Config, now: Instant) -> Iterator[Problem]:
    """What the next run will record: what is published with it holds us."""
    for line in pending_news(root, config, now)[0]:
        yield Problem(REGISTER, 0, 0, f"the next run will record {register.tell(line)}", severity="note")


def _chosen(root: Path, files: Iterable[Path]) -> frozenset[str]:
    """The files to speak of, by their path in the project."""
    chosen = set()
    for file in files:
        path = next((each for each in (file, root / file) if each.is_file()), None)
        if path is None:
            raise UsageError(f"there is no file {file}")
        try:
            chosen.add(path.resolve().relative_to(root.resolve()).as_posix())
        except ValueError:
            raise UsageError(
                f"{file} does not belong to the project in {root}", tip="give its folder with --root"
            ) from None
    return frozenset(chosen)


def _tell(problems: Iterable[Problem], args: argparse.Namespace) -> None:
    for line in FORMATS[args.format](sorted(problems), args.root):
        print(line)


def _as_text(problems: Iterable[Problem], root: Path) -> Iterator[str]:
    del root
    yield from map(str, problems)


def _as_json(problems: Iterable[Problem], root: Path) -> Iterator[str]:
    del root
    yield json.dumps([asdict(problem) for problem in problems], indent=2, ensure_ascii=False)


def _as_annotations(problems: Iterable[Problem], root: Path) -> Iterator[str]:
    """Workflow commands of GitHub Actions; what people wrote cannot end one or begin another."""
    for problem in problems:
        place = {"file": (root / problem.file).as_posix(), "line": problem.line, "col": problem.column}
        written = ",".join(f"{key}={_property(str(value))}" for key, value in place.items() if value)
        hint = f" ({problem.hint})" if problem.hint else ""
        yield f"::{_ANNOTATION[problem.severity]} {written},title=Constat::{_data(problem.message + hint)}"


_ANNOTATION = {"error": "error", "warning": "warning", "note": "notice"}


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMATS: Mapping[str, Callable[[Iterable[Problem], Path], Iterator[str]]] = {
    "text": _as_text,
    "github": _as_annotations,
    "json": _as_json,
}
