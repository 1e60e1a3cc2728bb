"""The problems of a file while it is read, and the rules against duplicates."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from constat.errors import Problem
from constat.text.yaml_source import Document, Path


class ValueFault(NamedTuple):
    """A fault of the value, or the key, at a path within a value."""

    path: Path
    message: str
    hint: str = ""
    at_key: bool = False


@dataclass(slots=True)
class ProblemLog:
    """The problems found so far in a document."""

    document: Document
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, path: Path, message: str, hint: str, *, at_key: bool = False) -> None:
        """Note a problem with the value, or the key, at a path; only once, where several checks share what is written."""
        problem = self.document.problem(path, message, hint, at_key=at_key)
        if problem not in self.problems:
            self.problems.append(problem)

    def fault(self, path: Path, fault: ValueFault) -> None:
        """Note a fault in the value at a path."""
        self.wrong((*path, *fault.path), fault.message, fault.hint, at_key=fault.at_key)


def refuse_duplicates(log: ProblemLog, path: Path, values: Iterable[object]) -> None:
    """Refuse a value that appears twice in a list."""
    seen = set()
    for number, value in enumerate(values):
        if value in seen:
            log.wrong((*path, number), f"{value} appears twice", "keep one")
        seen.add(value)


def refuse_equal_keys(log: ProblemLog, path: Path, key: str) -> None:
    """Refuse two entries of a list with the same name. The written text is compared, so faulty entries count too."""
    first_lines: dict[str, int] = {}
    number = 0
    while (*path, number) in log.document.places:
        name = log.document.value_at((*path, number, key))
        line = log.document.place((*path, number, key))[0]
        if not isinstance(name, str):
            pass  # a missing or malformed name is reported elsewhere
        elif name in first_lines:
            hint = f"it is already on line {first_lines[name]}: names are permanent and must be unique"
            log.wrong((*path, number, key), f"the {key} {name} appears twice", hint)
        else:
            first_lines[name] = line
        number += 1
