"""A world without real time or threads: work declares how long it takes, and clocks move only while the runner waits."""

import heapq
from collections.abc import Callable
from math import inf

from checks.world import Event

START = 1_795_600_800  # 2026-11-25T10:00:00Z, a whole hour


class FakeWorld:
    """Runs work at once, in the order in which it was started, and delivers its event when its declared time is over.

    Work calls `spend` to declare how long it takes; `inf` if it never ends. `jump` moves only the wall clock.
    `schedule` calls a function at a time of the wall clock, as it was before any jump.
    """

    def __init__(self, start: float = START) -> None:
        self._start = start
        self._jumped = 0.0
        self._clock = 0.0
        self._count = 0
        self._events: list[tuple[float, int, Event]] = []
        self._took = 0.0
        self.running = 0
        self.most_running = 0

    def now(self) -> float:
        return self._start + self._jumped + self._clock

    def monotonic(self) -> float:
        return self._clock

    def spend(self, seconds: float) -> None:
        self._took = seconds

    def jump(self, seconds: float) -> None:
        self._jumped += seconds

    def schedule(self, instant: float, event: Event) -> None:
        self._push(instant - self._start, event)

    def start(self, work: Callable[[], Event]) -> None:
        self._took = 0.0
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        event = work()

        def end() -> None:
            self.running -= 1
            event()

        self._push(self._clock + self._took, end)

    def _push(self, due: float, event: Event) -> None:
        self._count += 1
        if due < inf:
            heapq.heappush(self._events, (due, self._count, event))

    def wait(self, seconds: float) -> Event | None:
        until = self._clock + max(0.0, seconds)
        if self._events and self._events[0][0] <= until:
            due, _, event = heapq.heappop(self._events)
            self._clock = max(self._clock, due)
            return event
        self._clock = until
        return None
