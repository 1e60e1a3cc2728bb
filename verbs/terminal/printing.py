"""Print lines and the progress of a long round on the terminal."""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from typing import TextIO

from constat.maintainers.job_summary import format_sample
from constat.model import Sample


def warn(line: str) -> None:
    """Print a problem with a file of the project, which the line names."""
    _print(line, sys.stderr)


def report_trouble(line: str) -> None:
    """Print a failure of Constat itself."""
    _print(f"constat: {line}", sys.stderr)


def conclude(args: argparse.Namespace, line: str) -> None:
    """Print the closing line of a verb: what it did, and where the result is. `-q` silences it.

    Where standard output is no terminal, the line goes to standard error: a program that reads the results is spared it.
    """
    if not args.quiet:
        _print(line, sys.stdout if sys.stdout.isatty() else sys.stderr)


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
    """Prints the progress of looking: each sample if verbose, else a counter for a long round on a terminal."""

    def __init__(self, *, verbose: bool) -> None:
        self._verbose = verbose
        self._expected = 0
        self.total = 0
        """The samples of all rounds so far."""
        self._began = time.monotonic()
        self._count = 0
        self._is_drawn = False

    def warn(self, line: str) -> None:
        """Print a problem with a file of the project."""
        warn(line)

    def report_trouble(self, line: str) -> None:
        """Print a failure of Constat itself."""
        report_trouble(line)

    def report_register_lines(self, lines: int) -> None:
        """Print the number of new lines in the register, if verbose."""
        if self._verbose:
            _print(f"{quantify(lines, 'new line')} in the register", sys.stdout)

    def begin_round(self, expected: int) -> None:
        """Count the checks of a round from now on."""
        self._expected, self._count, self._began = expected, 0, time.monotonic()

    def report_samples(self, samples: Sequence[Sample]) -> None:
        """Print recorded samples, or the counter."""
        self._count += len(samples)
        self.total += len(samples)
        if self._verbose:
            _print("\n".join(map(format_sample, samples)), sys.stdout)
        elif self._expected and sys.stderr.isatty() and time.monotonic() - self._began > 1:
            print(f"\r{self._count} of {self._expected} checks", end="", file=sys.stderr, flush=True)
            self._is_drawn = True

    def end_round(self) -> None:
        """Erase the counter from the terminal."""
        if self._is_drawn:
            print("\r\033[K", end="", file=sys.stderr)
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
