"""Ask other services throughout a watch, in a thread that only the end of the watch stops."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from constat.errors import OutsideError
from constat.interval import Instant
from outside.evidence import troubles
from tasks.look import LookListener, LookPlan

TICK_S: Final = 1.0
_END_WITHIN_S: Final = 5.0


class Collecting(ABC):
    """A collector that asks other services during a watch. `about`: the name by which its troubles are reported."""

    def __init__(self, about: str, listener: LookListener) -> None:
        self.about = about
        self._listener = listener
        self._unforeseen = ""

    @abstractmethod
    def collect(self, plan: LookPlan) -> None:
        """Ask whatever is due."""

    def collect_followed(self, follow: Callable[[], LookPlan | None]) -> None:
        """Collect by the current plan, if there is one. Whatever goes wrong is reported once, and stops nothing."""
        try:
            plan = follow()
            if plan is not None:
                self.collect(plan)
        except Exception as error:  # noqa: BLE001 (the thread has to live: without it, nobody is asked any more)
            text = f"{self.about}: {describe_unforeseen(error)}"
            if self._unforeseen != text:
                self._listener.report_trouble(text)
            self._unforeseen = text
        else:
            self._unforeseen = ""


def note_for_maintainers(plan: LookPlan, listener: LookListener, at: Instant, text: str) -> None:
    """Note a trouble for `monitor.tell`. If it cannot be noted, as on a full disk, report that: it must not end a watch."""
    try:
        troubles.note_trouble(plan.project.root, plan.project.config.monitor, at, text)
    except OutsideError as error:
        listener.report_trouble(str(error))


def describe_unforeseen(error: Exception) -> str:
    """Describe an error that nobody foresaw, for a report."""
    return f"unforeseen {type(error).__name__}: {error}"


@contextmanager
def collecting(collector: Collecting, follow: Callable[[], LookPlan | None]) -> Iterator[None]:
    """Collect during a watch, in a thread of its own, so that no slot waits for a source. `follow` returns the current plan, if any."""
    stop = threading.Event()

    def keep_collecting() -> None:
        while not stop.is_set():
            collector.collect_followed(follow)
            stop.wait(TICK_S)

    thread = threading.Thread(target=keep_collecting, name=collector.about, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_END_WITHIN_S)  # an answer that is still awaited is asked for again next time
