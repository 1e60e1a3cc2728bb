"""Problems formatted as lines: for people, for the annotations of a workflow, for programs."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Final

from constat.errors import Problem

_COMMANDS: Final = {"error": "error", "warning": "warning", "hint": "notice", "note": "notice"}


def format_text(problems: Iterable[Problem], folder: str) -> Iterator[str]:
    """Format each problem on one line, as compilers do."""
    del folder
    yield from map(str, problems)


def format_json(problems: Iterable[Problem], folder: str) -> Iterator[str]:
    """Format the problems as one JSON list of objects; an empty list where there are none."""
    del folder
    yield json.dumps([asdict(problem) for problem in problems], indent=2, ensure_ascii=False)


def format_annotations(problems: Iterable[Problem], folder: str) -> Iterator[str]:
    """Format workflow commands of GitHub Actions; text that people wrote cannot end one or begin another.

    `folder` is the folder of the project in the repository.
    """
    for problem in problems:
        file = problem.file if folder in ("", ".") else f"{folder}/{problem.file}"
        place = {"file": file, "line": problem.line, "col": problem.column}
        properties = ",".join(
            f"{key}={_escape_property(str(value))}" for key, value in place.items() if value
        )
        hint = f" ({problem.hint})" if problem.hint else ""
        yield f"::{_COMMANDS[problem.severity]} {properties},title=Constat::{_escape_data(problem.message + hint)}"


def _escape_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")


FORMATS: Final[Mapping[str, Callable[[Iterable[Problem], str], Iterator[str]]]] = {
    "text": format_text,
    "github": format_annotations,
    "json": format_json,
}
