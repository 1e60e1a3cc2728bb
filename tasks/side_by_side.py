"""Share out work on independent things among the processors of the machine."""

import os
import pickle
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import IO, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

MOST_WORKERS = 8
"""More would cost more in memory than they save in time."""
LEAST_PAGES, LEAST_DAYS = 50, 7
"""The least number of things for each worker: with fewer, a process costs more than it saves."""


def spread(function: Callable[[T], R], things: Sequence[T], /) -> list[R]:
    """Share out what is quick for each thing, such as the pages of a site."""
    return _share_out(function, things, LEAST_PAGES)


def spread_days(function: Callable[[T], R], things: Sequence[T], /) -> list[R]:
    """Share out what takes long for each thing, such as reading days of evidence."""
    return _share_out(function, things, LEAST_DAYS)


def _share_out(function: Callable[[T], R], things: Sequence[T], least: int) -> list[R]:
    """Share out among as many processes as there are processors, each with at least `least` things."""
    workers = min(MOST_WORKERS, _count_processors(), len(things) // least)
    return map_side_by_side(function, things, workers if _can_copy() else 1)


def map_side_by_side(function: Callable[[T], R], things: Sequence[T], workers: int) -> list[R]:
    """Apply a function to things in `workers` processes, this one included; return the results in order.

    The other processes are forks of this one, so that only results have to be handed over; the function must have no side
    effects. What fails in a fork is done again here, so that an error is raised as if there were no forks.
    """
    if workers <= 1:
        return list(map(function, things))
    shares = [things[first::workers] for first in range(workers)]
    with _start_copies(function, shares[1:]) as copies:
        done = [list(map(function, shares[0])), *(copy.collect() for copy in copies)]
    return [done[index % workers][index // workers] for index in range(len(things))]


def _count_processors() -> int:
    """Count the processors that this process may use, which may be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _can_copy() -> bool:
    """Return whether this process can be forked safely: no other thread survives in a fork, and its locks stay locked."""
    return hasattr(os, "fork") and threading.active_count() == 1


@contextmanager
def _start_copies(function: Callable[[T], R], shares: Sequence[Sequence[T]]) -> "Iterator[list[_Copy[T, R]]]":
    """Start a copy of this process for each share; whatever happens, each is waited for."""
    copies: list[_Copy[T, R]] = []
    try:
        with ExitStack() as files:
            copies += (
                _Copy(function, share, files.enter_context(tempfile.TemporaryFile())) for share in shares
            )
            yield copies
    finally:
        for copy in copies:
            copy.wait()


class _Copy(Generic[T, R]):
    """A copy of this process at work on a share; it leaves its results in a file without a name."""

    def __init__(self, function: Callable[[T], R], share: Sequence[T], file: IO[bytes]) -> None:
        self._function, self._share, self._file = function, share, file
        self._pid = os.fork()
        if not self._pid:
            self._work()

    def _work(self) -> None:
        """Work on the share, and exit without running the original process's exit handlers."""
        code = 1
        try:
            results = [self._function(thing) for thing in self._share]
            pickle.dump(results, self._file, pickle.HIGHEST_PROTOCOL)
            self._file.flush()
            code = 0
        finally:
            os._exit(code)

    def collect(self) -> list[R]:
        """Wait for the results; work on the share here if the copy failed."""
        if self.wait():
            return list(map(self._function, self._share))
        self._file.seek(0)
        results: list[R] = pickle.load(self._file)  # noqa: S301 -- written by a copy of this process
        return results

    def wait(self) -> int:
        """Wait for the copy to end; return its exit code, 0 if it was waited for already."""
        pid, self._pid = self._pid, 0
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) if pid else 0
