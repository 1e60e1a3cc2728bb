"""Print lines and the progress of a long round on the terminal."""

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, TextIO

from constat.maintainers.job_summary import format_sample
from constat.model import Sample


def warn(line: str) -> None:
    """Print a problem with a file of the project, which the line names."""
    _print(line, sys.stderr)


def report_trouble(line: str) -> None:
    """Print a failure of Constat itself."""
    _print(f"constat: {line}", sys.stderr)


Mood = Literal["", "good", "doubtful", "bad"]
"""What a line says of the state of things, which gives it its colour on a terminal."""

_COLOURS: Mapping[Mood, str] = {"good": "32", "doubtful": "33", "bad": "31"}
"""Parameters of SGR (ECMA-48, 8.3.117): green, yellow, red."""


def conclude(args: argparse.Namespace, line: str, mood: Mood = "") -> None:
    """Print the closing line of a verb: what it did, and where the result is. `-q` silences it.

    Where standard output is no terminal, the line goes to standard error: a program that reads the results is spared it.
    """
    if not args.quiet:
        stream = sys.stdout if sys.stdout.isatty() else sys.stderr
        _print(paint(line, mood, stream), stream)


def paint(line: str, mood: Mood, stream: TextIO) -> str:
    """Colour a line for a terminal, unless its user asks for none (https://no-color.org)."""
    has_colours = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return f"\033[{_COLOURS[mood]}m{line}\033[0m" if mood and has_colours else line


def quantify(number: int, noun: str) -> str:
    """A number with its noun: `1 file`, `2,345 files`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _print(text: str, stream: TextIO) -> None:
    """Print without buffering. A log on a full disk, or a closed pipe, must not stop a watch."""
    try:
        print(text, file=stream, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class LookPrinter:
    """Prints the progress of looking: each sample if verbose; else, on a terminal, a counter for a long round.

    `describe` puts the newest samples into the line that a watch keeps up to date on a terminal.
    """

    def __init__(self, *, verbose: bool, describe: Callable[[Iterable[Sample]], str] | None = None) -> None:
        self._verbose = verbose
        self._describe = describe
        self._expected = 0
        self.total = 0
        """The samples of all rounds so far."""
        self.newest: dict[tuple[str, str], Sample] = {}
        """The newest sample of each check, by service and check."""
        self._began = time.monotonic()
        self._count = 0
        self._is_drawn = False

    def warn(self, line: str) -> None:
        """Print a problem with a file of the project."""
        self._erase()
        warn(line)

    def report_trouble(self, line: str) -> None:
        """Print a failure of Constat itself."""
        self._erase()
        report_trouble(line)

    def report_register_lines(self, lines: int) -> None:
        """Print the number of new lines in the register, if verbose."""
        if self._verbose:
            _print(f"{quantify(lines, 'new line')} in the register", sys.stdout)

    def begin_round(self, expected: int) -> None:
        """Count the checks of a round from now on."""
        self._expected, self._count, self._began = expected, 0, time.monotonic()

    def report_samples(self, samples: Sequence[Sample]) -> None:
        """Print recorded samples, or the counter, or the line of a watch."""
        self._count += len(samples)
        self.total += len(samples)
        self.newest |= {(sample.service, sample.check): sample for sample in samples}
        if self._verbose:
            _print("\n".join(map(format_sample, samples)), sys.stdout)
        elif self._expected:
            if time.monotonic() - self._began > 1:
                self._draw(f"{self._count} of {self._expected} checks")
        elif self._describe:
            self._draw(f"{self._describe(self.newest.values())}; {quantify(self.total, 'row')}")

    def end_round(self) -> None:
        """Erase the counter, or the line of a watch, from the terminal."""
        self._erase()

    def _draw(self, line: str) -> None:
        """Draw a line over the one before, if standard error is a terminal."""
        if sys.stderr.isatty():
            width = shutil.get_terminal_size().columns - 1
            print(f"\r\033[K{line[:width]}", end="", file=sys.stderr, flush=True)
            self._is_drawn = True

    def _erase(self) -> None:
        if self._is_drawn:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
            self._is_drawn = False


class StepPrinter:
    """Prints the step of a long task on a terminal, in place of the one before; nothing elsewhere."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._is_drawn = False

    def tell(self, step: str) -> None:
        """Print a step, if the task takes longer than a second."""
        if sys.stderr.isatty() and time.monotonic() - self._began > 1:
            print(f"\r\033[K{step}", end="", file=sys.stderr, flush=True)
            self._is_drawn = True

    def end(self) -> None:
        """Erase the step from the terminal."""
        if self._is_drawn:
            print("\r\033[K", end="", file=sys.stderr)
            self._is_drawn = False
