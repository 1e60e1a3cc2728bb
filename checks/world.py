"""The world of the runner: clocks, threads, pauses. It is passed in, so that tests can use another."""

import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol

Event = Callable[[], None]
"""What the runner does, in its own thread, once some concurrent work has ended."""


class World(Protocol):
    """Clocks, concurrent work, and waiting for it."""

    def now(self) -> float:
        """The wall clock, in seconds since the epoch; it may jump."""

    def monotonic(self) -> float:
        """A clock in seconds that only goes forward."""

    def start(self, work: Callable[[], Event]) -> None:
        """Start some work concurrently, which must not raise; `wait` returns the event that the work returns."""

    def wait(self, seconds: float) -> Event | None:
        """Wait until some work has ended, at most for `seconds`; return its event, `None` if none has."""


def _raise_interrupt() -> None:
    raise KeyboardInterrupt


class ThreadedWorld:
    """The real world, with a daemon thread for each piece of work: one that never ends holds nothing up, not even our exit.

    `clock`: the wall clock, which the command line provides.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._ended: queue.SimpleQueue[Event] = queue.SimpleQueue()

    def now(self) -> float:
        """Read the wall clock."""
        return self._clock()

    def monotonic(self) -> float:
        """Read the clock that only goes forward."""
        return time.monotonic()

    def interrupt(self) -> None:
        """End the runner in its next turn, where nothing is left half done. Safe to call from a signal handler."""
        self._ended.put(_raise_interrupt)

    def start(self, work: Callable[[], Event]) -> None:
        """Start a daemon thread."""
        threading.Thread(target=lambda: self._ended.put(work()), daemon=True).start()

    def wait(self, seconds: float) -> Event | None:
        """Wait for the next work to end."""
        try:
            return self._ended.get(timeout=max(0.0, seconds))
        except queue.Empty:
            return None


@contextmanager
def interruptible(world: ThreadedWorld) -> Iterator[None]:
    """Let SIGINT (Ctrl-C) and SIGTERM stop the runner between two turns. A second Ctrl-C stops it at once."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        world.interrupt()

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Loop:
    """The turns of one thread: timers on the monotonic clock, and events of concurrent work that has ended."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._timers: list[tuple[float, int, Event]] = []
        self._count = 0

    def after(self, seconds: float, event: Event) -> None:
        """Schedule an event in `seconds`."""
        self._count += 1
        self._timers.append((self.world.monotonic() + seconds, self._count, event))
        self._timers.sort()

    def turn(self, longest: float) -> None:
        """Wait for an event, at most for `longest` seconds; then handle all events and timers that are due."""
        event = self.world.wait(min(longest, self._measure_until_next()))
        while event is not None:
            event()
            event = self.world.wait(0)
        while self._measure_until_next() <= 0:
            self._timers.pop(0)[2]()

    def _measure_until_next(self) -> float:
        return self._timers[0][0] - self.world.monotonic() if self._timers else float("inf")
