"""The world of the runner: its clocks, its threads, its pauses. Handed in, so that tests have another."""

import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol

Event = Callable[[], None]
"""What the runner does, in its own thread, once something beside it has ended."""


class World(Protocol):
    """Clocks, work beside us, and waiting for it."""

    def now(self) -> float:
        """The wall clock, in seconds since the epoch; it may jump."""

    def monotonic(self) -> float:
        """A clock in seconds that only goes forward."""

    def start(self, work: Callable[[], Event]) -> None:
        """Do some work beside us; the event that it returns comes out of `wait`. It must not raise."""

    def wait(self, seconds: float) -> Event | None:
        """Pause until some work has ended, or so many seconds are over."""


def _interrupted() -> None:
    raise KeyboardInterrupt


class ThreadedWorld:
    """The real one. A thread per work in progress: one that never ends costs only itself, also when we end.

    `clock`: the wall clock, which the command line reads.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._ended: queue.SimpleQueue[Event] = queue.SimpleQueue()

    def now(self) -> float:
        """The wall clock."""
        return self._clock()

    def monotonic(self) -> float:
        """The clock that only goes forward."""
        return time.monotonic()

    def interrupt(self) -> None:
        """End the runner at its next turn, when nothing is half done. A signal handler may call it."""
        self._ended.put(_interrupted)

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
    """Let Ctrl-C, and a polite request to end, stop the runner between two turns. A second Ctrl-C does not wait."""

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
    """One thread's turns: timers on the monotonic clock, and the events of work that ended beside it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._timers: list[tuple[float, int, Event]] = []
        self._count = 0

    def after(self, seconds: float, event: Event) -> None:
        """Do something in so many seconds."""
        self._count += 1
        self._timers.append((self.world.monotonic() + seconds, self._count, event))
        self._timers.sort()

    def turn(self, longest: float) -> None:
        """Wait until something happens, but no longer than so many seconds; then do all that is due."""
        event = self.world.wait(min(longest, self._until_next()))
        while event is not None:
            event()
            event = self.world.wait(0)
        while self._until_next() <= 0:
            self._timers.pop(0)[2]()

    def _until_next(self) -> float:
        return self._timers[0][0] - self.world.monotonic() if self._timers else float("inf")
