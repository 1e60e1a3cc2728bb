"""Print the progress of looking on the terminal."""

import shutil
import sys
import time
from collections.abc import Callable, Iterable, Sequence

from constat.maintainers.job_summary import format_sample
from constat.model import Sample
from verbs.terminal.printing import print_at_once, quantify, report_trouble, warn


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
        self._warned: set[str] = set()

    def warn(self, line: str) -> None:
        """Print a problem with a file of the project."""
        self._erase()
        self._warned.add(line)
        warn(line)

    def warn_once(self, line: str) -> None:
        """Print a problem with a file of the project, unless it was printed already."""
        if line not in self._warned:
            self.warn(line)

    def report_trouble(self, line: str) -> None:
        """Print a failure of Constat itself."""
        self._erase()
        report_trouble(line)

    def report_register_lines(self, lines: int) -> None:
        """Print the number of new lines in the register, if verbose."""
        if self._verbose:
            print_at_once(f"{quantify(lines, 'new line')} in the register", sys.stdout)

    def begin_round(self, expected: int) -> None:
        """Start counting the checks of a round."""
        self._expected, self._count, self._began = expected, 0, time.monotonic()

    def report_samples(self, samples: Sequence[Sample]) -> None:
        """Print recorded samples, or the counter, or the line of a watch."""
        self._count += len(samples)
        self.total += len(samples)
        self.newest |= {(sample.service, sample.check): sample for sample in samples}
        if self._verbose:
            print_at_once("\n".join(map(format_sample, samples)), sys.stdout)
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
