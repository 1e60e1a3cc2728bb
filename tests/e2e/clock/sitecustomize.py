"""The clock of every Python process of a job, which runs fast while all of them wait for it.

CONSTAT_TEST_CLOCK is the folder of a `tests.support.job_clock.Clock`. The time is a number in the file `now`, which only
that clock changes. A process writes to `busy.PID` how many of its threads work, which means that they wait neither for
this clock nor for another thread. A waiting thread reads the clock every millisecond.
"""

import atexit
import mmap
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_HANDED_IN = os.environ.get("CONSTAT_TEST_CLOCK")
_LOOK_EVERY_S = 0.001


def _mapped(path: Path, form: str) -> memoryview:
    with path.open("r+b") as file:
        return memoryview(mmap.mmap(file.fileno(), 0)).cast(form)  # type: ignore[call-overload,no-any-return]


def _save_coverage() -> None:
    """Save what was measured while this process still counts as working: coverage would do it after the clock ran on."""
    current = sys.modules["coverage"].Coverage.current() if "coverage" in sys.modules else None
    if current is not None:
        current.stop()
        current.save()


class _Shared:
    """The number on the clock, and the number of working threads of this process."""

    def __init__(self, folder: Path) -> None:
        busy_file = folder / f"busy.{os.getpid()}"
        if not busy_file.exists():  # whoever started us may have written it already
            busy_file.write_bytes((1).to_bytes(4, "little"))
        self._now, self._busy, self._lock = (
            _mapped(folder / "now", "d"),
            _mapped(busy_file, "i"),
            threading.Lock(),
        )
        atexit.register(lambda: busy_file.unlink(missing_ok=True))
        atexit.register(_save_coverage)

    def now(self) -> float:
        return float(self._now[0])

    def count(self, more: int) -> None:
        with self._lock:
            self._busy[0] += more

    @contextmanager
    def idle(self) -> Iterator[None]:
        self.count(-1)
        try:
            yield
        finally:
            self.count(1)


def _install(shared: _Shared) -> None:
    """Replace the clocks of Python, and the functions behind each of its ways of waiting."""
    bootstrap, start = threading.Thread._bootstrap_inner, threading.Thread.start  # type: ignore[attr-defined]
    ours: dict[Any, dict[str, Any]] = {
        time: {"time": shared.now, "monotonic": shared.now, "sleep": _sleeping(shared, time.sleep)},
        threading.Condition: {"wait": _waiting(shared, threading.Condition.wait)},
        threading.Thread: {
            "start": _counted(shared, start, before=1),
            "_bootstrap_inner": _counted(shared, bootstrap, after=-1),
            "join": _joining(shared, threading.Thread.join),
        },
        queue: {"SimpleQueue": queue._PySimpleQueue},  # type: ignore[attr-defined] # the one that waits in Python
    }
    for owner, names in ours.items():
        for name, replacement in names.items():
            setattr(owner, name, replacement)
    threading._time = shared.now  # type: ignore[attr-defined] # it took the clock before us


def _sleeping(shared: _Shared, real: Callable[[float], None]) -> Callable[[float], None]:
    def sleep(seconds: float) -> None:
        end = shared.now() + seconds
        with shared.idle():
            while shared.now() < end:
                real(_LOOK_EVERY_S)

    return sleep


def _waiting(shared: _Shared, real: Any) -> Any:
    """A wait that ends with a notification or by this clock: the steps of the real one, reading the clock in between."""

    def wait(condition: Any, timeout: float | None = None) -> bool:
        with shared.idle():
            if timeout is None:
                return bool(real(condition))
            end, waiter, noticed = shared.now() + timeout, threading.Lock(), False
            waiter.acquire()
            condition._waiters.append(waiter)
            saved = condition._release_save()
            try:
                while not noticed and shared.now() < end:
                    noticed = waiter.acquire(timeout=_LOOK_EVERY_S)
            finally:
                condition._acquire_restore(saved)
            if waiter in condition._waiters:
                condition._waiters.remove(waiter)
                return False
            return True

    return wait


def _joining(shared: _Shared, real: Any) -> Any:
    def join(thread: threading.Thread, timeout: float | None = None) -> None:
        with shared.idle():
            real(thread, timeout)

    return join


def _counted(shared: _Shared, real: Any, before: int = 0, after: int = 0) -> Any:
    def counted(thread: threading.Thread) -> None:
        shared.count(before)
        try:
            real(thread)
        finally:
            shared.count(after)

    return counted


if _HANDED_IN:
    _install(_Shared(Path(_HANDED_IN)))
