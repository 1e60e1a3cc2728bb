"""Every error that Constat raises on purpose, as a tree, and the problems that people read.

ConstatError
├── UsageError       the command line asked for something impossible          (exit 2)
├── InputError       status.yml, a notice, a correction or a ticket is wrong  (exit 1 or 2: the verb decides)
├── EvidenceError    the evidence contradicts itself or what was frozen       (exit 1)
└── OutsideError     the disk, git, a mail server or the web did not do it    (exit 2)

Foreign exceptions are translated where they arise; the command line catches ConstatError once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A problem in a file that a person wrote: its place, its message, and what to write instead.

    `line` and `column` count from 1; 0 means the file as a whole. A note is no error, only good to know; a hint says how
    a reader would be served better.
    """

    file: str
    line: int
    column: int
    message: str
    hint: str = ""
    severity: Literal["error", "warning", "hint", "note"] = "error"

    def __str__(self) -> str:
        place = ":".join([self.file, *(str(number) for number in (self.line, self.column) if number)])
        severity = "" if self.severity == "error" else f"{self.severity}: "
        return visible(f"{place}: {severity}{self.message}" + (f" ({self.hint})" if self.hint else ""))


def visible(text: str) -> str:
    """A text on one line, with every character spelt out that would control a terminal, a log or the writing direction."""
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() or letter in _SPACES else letter.encode("unicode_escape").decode()
        for letter in text
    )


_SPACES = "\u00a0\u202f"
"""Spaces at which no line breaks: Python does not call them printable."""


def without_notes(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems that say that something is, or may be, wrong."""
    return tuple(problem for problem in problems if problem.severity != "note")


class ConstatError(Exception):
    """The root of all errors: one sentence for people, and perhaps a tip."""

    def __init__(self, message: str, *, tip: str = "") -> None:
        super().__init__(message)
        self.tip = tip


class UsageError(ConstatError):
    """The command line asked for something impossible."""


class InputError(ConstatError):
    """Files that people write are wrong; it carries all problems at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class EvidenceError(ConstatError):
    """The evidence contradicts itself or what was frozen."""


class OutsideError(ConstatError):
    """The disk, git, a mail server or the web did not do what was asked."""
