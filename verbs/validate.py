"""`validate`: check everything that people write before it is published."""

import argparse
import json
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from constat.errors import InputError, Problem, UsageError
from constat.text.reporting import FORMATS
from tasks.kind_table import KindTable
from tasks.project import Project
from tasks.validate import find_problems, find_tracked_evidence, review
from verbs.terminal.printing import Mood, conclude, quantify

REVIEW = "review"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `validate`."""
    parser.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        help="only these files (default: all that people write)",
    )
    parser.add_argument(
        "--format",
        choices=[*sorted(FORMATS), REVIEW],
        default="text",
        help="text for people, github for workflow annotations, json for editors, "
        "review for a Markdown preview of what merging would publish",
    )
    parser.add_argument(
        "--schema",
        action="store_true",
        help="print the JSON Schema of status.yml for editors, and check nothing",
    )


def run(args: argparse.Namespace) -> int:
    """Check everything and print the problems. Return 1 if there are errors, 2 if `status.yml` itself is invalid."""
    project, only = Project(args.root, args.code, args.now), _read_chosen(args.root, args.files)
    if args.schema:
        _print_schema(project.kinds)
        return 0
    try:
        _ = project.config
    except InputError as error:
        _print_problems(error.problems, args, "text" if args.format == REVIEW else args.format)
        return 2
    tracked = find_tracked_evidence(project, os.environ)
    if tracked:
        _print_problems(tracked, args, "text" if args.format == REVIEW else args.format)
        conclude(args, *_sum_up(tracked))
        return 1
    problems = find_problems(project, only)
    if args.format == REVIEW:
        print(review(project, problems, only))
    else:
        _print_problems(problems, args, args.format)
    conclude(args, *_sum_up(problems))
    return 1 if any(problem.severity == "error" for problem in problems) else 0


def _sum_up(problems: Sequence[Problem]) -> tuple[str, Mood]:
    counts = Counter(problem.severity for problem in problems)
    wrong = [quantify(counts[severity], severity) for severity in ("error", "warning") if counts[severity]]
    mood: Mood = "bad" if counts["error"] else "doubtful" if wrong else "good"
    hints = f"; {quantify(counts['hint'], 'hint')}" if counts["hint"] else ""
    return (" and ".join(wrong) or "nothing is wrong") + hints, mood


def _print_schema(kinds: KindTable) -> None:
    from constat.config.schema import build_schema  # noqa: PLC0415 -- it loads pydantic, which nothing else here needs

    print(json.dumps(build_schema(kinds.names, kinds.load), indent=2, ensure_ascii=False))


def _read_chosen(root: Path, paths: Iterable[Path]) -> frozenset[str]:
    """Resolve the chosen files to paths in the project.

    Raises:
        UsageError: a file does not exist, or is not in the project.

    """
    chosen = set()
    for path in paths:
        file = next((candidate for candidate in (path, root / path) if candidate.is_file()), None)
        if file is None:
            raise UsageError(f"there is no file {path}")
        try:
            chosen.add(file.resolve().relative_to(root.resolve()).as_posix())
        except ValueError:
            raise UsageError(
                f"{path} does not belong to the project in {root}", tip="give its folder with --root"
            ) from None
    return frozenset(chosen)


def _print_problems(problems: Iterable[Problem], args: argparse.Namespace, form: str) -> None:
    """Print problems; as text, notes are only printed if verbose."""
    is_quiet = form == "text" and not args.verbose
    printed = sorted(problem for problem in problems if not (is_quiet and problem.severity == "note"))
    for line in FORMATS[form](printed, args.root.as_posix()):
        print(line)
