"""Problems as lines: for people, for the annotations of a workflow, for editors."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Final

from constat.errors import Problem

_COMMANDS: Final = {"error": "error", "warning": "warning", "note": "notice"}


def format_text(problems: Iterable[Problem], folder: str) -> Iterator[str]:
    """One line each, as compilers write them."""
    del folder
    yield from map(str, problems)


def format_json(problems: Iterable[Problem], folder: str) -> Iterator[str]:
    """One list of objects, an empty one where there is nothing to tell."""
    del folder
    yield json.dumps([asdict(problem) for problem in problems], indent=2, ensure_ascii=False)


def format_annotations(problems: Iterable[Problem], folder: str) -> Iterator[str]:
    """Workflow commands of GitHub Actions; what people wrote cannot end one or begin another.

    `folder` is that of the project in the repository.
    """
    for problem in problems:
        file = problem.file if folder in ("", ".") else f"{folder}/{problem.file}"
        place = {"file": file, "line": problem.line, "col": problem.column}
        written = ",".join(f"{key}={_property(str(value))}" for key, value in place.items() if value)
        hint = f" ({problem.hint})" if problem.hint else ""
        yield f"::{_COMMANDS[problem.severity]} {written},title=Constat::{_data(problem.message + hint)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMATS: Final[Mapping[str, Callable[[Iterable[Problem], str], Iterator[str]]]] = {
    "text": format_text,
    "github": format_annotations,
    "json": format_json,
}
