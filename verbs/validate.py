"""`validate`: everything that people write, looked at before it is published."""

import argparse
import json
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from checks.registry import KINDS, load_kind
from constat import notices, register
from constat.availability import build_account, is_idle
from constat.errors import InputError, Problem, UsageError, without_notes
from constat.interval import DAY_S, Instant, Interval
from constat.maintainers.review import format_review, quote_verbatim
from constat.model import Config, Correction, Register
from constat.register import corrections
from constat.text.reporting import FORMATS
from outside.evidence import store
from outside.project import files as project
from outside.project.tickets import promises_of_support, read_tickets
from tasks.notice_editor import WORDINGS
from tasks.record import list_pending_lines

CORRECTIONS = "corrections.yml"
REVIEW = "review"
REGISTER = f"history/{register.REGISTER}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which files, and for whom."""
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="only these (default: everything people write)"
    )
    parser.add_argument(
        "--format",
        choices=[*sorted(FORMATS), REVIEW],
        default="text",
        help="text for people, github for annotations of a workflow, json for editors, "
        "review for what merging would publish, in Markdown",
    )
    parser.add_argument(
        "--schema",
        action="store_true",
        help="print the JSON Schema of status.yml for editors, and look at nothing",
    )


def run(args: argparse.Namespace) -> int:
    """Look at everything, tell what is wrong, and end with 1 if something is (2: with `status.yml` itself)."""
    if args.schema:
        from constat.config.schema import build_schema  # noqa: PLC0415 -- it loads pydantic, which nothing else here needs

        print(json.dumps(build_schema(KINDS, load_kind), indent=2, ensure_ascii=False))
        return 0
    only = _chosen(args.root, args.files)
    try:
        config = project.read_config(args.root, KINDS, load_kind)
    except InputError as error:
        args.format = "text" if args.format == REVIEW else args.format
        _tell(error.problems, args)
        return 2
    problems = [problem for problem in found(args.root, config, args.now) if not only or problem.file in only]
    if args.format == REVIEW:
        print(_review(args.root, config, problems, only, args.now))
    else:
        _tell(problems, args)
    if args.verbose and all(problem.severity == "note" for problem in problems):
        print("nothing is wrong", file=sys.stderr)
    return 1 if any(problem.severity == "error" for problem in problems) else 0


def found(root: Path, config: Config, now: Instant) -> tuple[Problem, ...]:
    """All that is wrong with what stands beside `status.yml`, in the order of files and lines."""
    of_each = (
        _of_notices(root, config, now),
        _of_wordings(root),
        _of_corrections(root, config, now),
        _of_tickets(root, config, now),
        _of_register(root, config, now),
    )
    return tuple(sorted(problem for problems in of_each for problem in problems))


def _review(
    root: Path, config: Config, problems: Iterable[Problem], only: Collection[str], now: Instant
) -> str:
    """What merging would publish, of the named files or of all, under what is wrong with it."""
    files = project.read_notices(root)
    read, _ = notices.parse_notices(files, notices.NoticeContext.of_config(config, now))
    stems = {Path(path).name.partition(".")[0] for path in only or files}
    held = register.build_effective_register(store.read_register(root), config, read, now)
    wrong = "\n".join(f"- {quote_verbatim(str(each))}" for each in without_notes(problems))
    told = f"## What is wrong\n\n{wrong}\n\n" if wrong else ""
    chosen = [notice for notice in read if notice.stem in stems]
    return told + format_review(config, chosen, held, list_pending_lines(root, config, now)[0], now)


def _of_notices(root: Path, config: Config, now: Instant) -> Iterator[Problem]:
    """What is wrong with notices by themselves, with what was published of them, and with what is measured."""
    files, pictures = project.read_notices(root), project.read_pictures(root)
    read, problems = notices.parse_notices(
        files, notices.NoticeContext.of_config(config, now, pictures=pictures)
    )
    recorded = store.read_register(root)
    yield from problems
    yield from _unread(root)
    yield from notices.find_moved(read, files, recorded.maintenance)
    yield from notices.find_removed(files, recorded, now)
    if any(notice.is_open_incident(now) for notice in read):
        up = _measured_up(root, config, register.build_effective_register(recorded, config, read, now), now)
        yield from notices.describe_forgotten(
            (notice, notices.find_forgotten(notice, up, now)) for notice in read
        )


def _unread(root: Path) -> Iterator[Problem]:
    """Files that look as if they were published, and are not."""
    kinds = ", ".join(sorted(kind.removeprefix(".") for kind in project.PUBLISHED))
    for path in project.list_unpublished(root):
        hint = "call a notice YYYY-MM-DD-some-words.md, and put pictures under incidents/files/"
        if path.startswith(project.FILES):
            hint = f"put there only {kinds}"
        yield Problem(path, 0, 0, "this file is not published", hint)
    for path in project.list_escaping_links(root):
        yield Problem(path, 0, 0, "a link that leads out of incidents/", "put the file itself there")


def _measured_up(root: Path, config: Config, held: Register, now: Instant) -> Mapping[str, Instant | None]:
    """Since when each service is measured up, within the past day."""
    zone = config.page.timezone
    evidence = store.load_evidence(root, Interval(now - DAY_S, now + 1), zone, now)
    accounts = (build_account(held, evidence, service.id, zone, now) for service in config.services)
    return {each.service: notices.find_up_since(each.measured, now) for each in accounts}


def _of_wordings(root: Path) -> Iterable[Problem]:
    """What is wrong with a project's own wordings."""
    path = f"{project.TEMPLATES}/{WORDINGS}"
    try:
        text = project.read_text(root, path)
        notices.read_wordings([(path, text)] if text is not None else [])
    except InputError as error:
        return error.problems
    return ()


def _of_corrections(root: Path, config: Config, now: Instant) -> Iterator[Problem]:
    """Services that are gone from `status.yml` may still be corrected: the register knows them."""
    text = project.read_text(root, CORRECTIONS)
    if text is None:
        return
    held = register.build_effective_register(store.read_register(root), config, (), now)
    known = {recorded.service for recorded in held.services}
    decided, problems = corrections.parse_corrections(text, CORRECTIONS, known, now)
    yield from problems
    for correction in decided:
        if _is_idle(root, config, held, correction, now):
            message = f"the correction changes no second of {correction.service}"
            hint = "up and unknown replace what was down or degraded, down replaces what was unknown"
            yield Problem(CORRECTIONS, correction.line, 0, message, hint, "warning")


def _is_idle(root: Path, config: Config, held: Register, correction: Correction, now: Instant) -> bool:
    """Whether a correction changes nothing of the evidence that is here; without any, nobody can tell."""
    zone = config.page.timezone
    evidence = store.load_evidence(root, correction.window, zone, now)
    if not evidence.firsts:
        return False
    measured = build_account(held, evidence, correction.service, zone, now).measured
    return is_idle(correction, measured)


def _of_tickets(root: Path, config: Config, now: Instant) -> Iterable[Problem]:
    """Levels and regions that are gone from `status.yml` may still have tickets: the register knows them."""
    recorded = (promise.support for promise in promises_of_support(store.read_register(root)))
    return read_tickets(root, [config.support, *recorded], now)[1]


def _of_register(root: Path, config: Config, now: Instant) -> Iterator[Problem]:
    """What the next run will record: what is published with it holds us."""
    for line in list_pending_lines(root, config, now)[0]:
        yield Problem(
            REGISTER, 0, 0, f"the next run will record {register.describe_line(line)}", severity="note"
        )


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
    """Print; what is no more than a note is for those who ask for more, and for machines."""
    quiet = args.format == "text" and not args.verbose
    told = sorted(problem for problem in problems if not (quiet and problem.severity == "note"))
    for line in FORMATS[args.format](told, args.root.as_posix()):
        print(line)
