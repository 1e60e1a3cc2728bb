"""A second process for work that only needs what is already in memory: on two cores, two things are made at once."""

import os
import pickle  # what is read was written by a copy of this very process, through a pipe that nobody else holds
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Aside(Generic[T]):
    """A piece of work that goes on beside this process; `result` waits for it.

    Where processes cannot be copied, or other threads run (a copy would hold their locks for ever), the work is done
    when its result is asked for, in this process. The outcome is the same.
    """

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._reader = self._child = 0
        if hasattr(os, "fork") and threading.active_count() == 1:
            self._start()

    def _start(self) -> None:
        self._reader, writer = os.pipe()
        self._child = os.fork()
        if self._child:
            os.close(writer)
            return
        status = 1
        try:
            with os.fdopen(writer, "wb") as pipe:
                pickle.dump(self._work(), pipe)
            status = 0
        finally:
            os._exit(status)  # nothing of the parent's is flushed, closed or cleaned up twice

    def result(self) -> T:
        """What the work gave; its errors are raised here. A second process that was killed costs only time."""
        if not self._child:
            return self._work()
        with os.fdopen(self._reader, "rb") as pipe:
            data = pipe.read()
        _, status = os.waitpid(self._child, 0)
        self._child = 0
        if status:
            return self._work()  # its error, if it has one, is raised here, where it is told as any other
        made: T = pickle.loads(data)  # noqa: S301 -- see the import
        return made
