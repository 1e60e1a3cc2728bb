"""A clock for several processes: it runs fast while all of them wait for it, and at the speed of real time while one works.

So an hour of watching takes half a minute plus the work in it, which takes as long on this clock as in reality: a
clock that is always fast would make the work of a slow machine seem slower still. The processes' side of it is
`tests/e2e/clock/sitecustomize.py`.
"""

import mmap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.support.source_tree import ROOT

AT_WORK = (
    '[ -z "$CONSTAT_TEST_CLOCK" ] || printf "\\\\001\\\\000\\\\000\\\\000" >"$CONSTAT_TEST_CLOCK/busy.$$"\n'
)
"""Marks a script as busy before it becomes a Python process, which takes a while until it can do so itself."""

_LOOK_EVERY_S = 0.001
_STEP_S = 0.2
"""How far the clock moves between two checks while everybody waits."""
_LOOKS = 3
"""How many checks must find everybody waiting before the clock runs: one process may just have been woken by another."""
_LONG_S = 1.0


class Clock:
    """A clock that starts at `shown`; `folder` holds the files that it shares with the processes."""

    def __init__(self, folder: Path, shown: float) -> None:
        folder.mkdir()
        self._folder = folder
        (folder / "now").write_bytes(bytes(8))
        self._now = _mapped(folder / "now").cast("d")
        self._now[0] = shown
        self._known: dict[Path, memoryview] = {}
        self._end = threading.Event()
        self._ours = 0
        self._waited_at = time.monotonic()

    def now(self) -> float:
        """The time on this clock."""
        return float(self._now[0])

    def set(self, shown: float) -> None:
        """Set the clock while no process uses it."""
        self._now[0] = shown

    def wait(self, seconds: float) -> None:
        """Wait for this long on this clock."""
        end = self.now() + seconds
        while self.now() < end:
            time.sleep(_LOOK_EVERY_S)

    def environment(self) -> dict[str, str]:
        """The environment variables that give it to a process."""
        return {"PYTHONPATH": str(ROOT / "tests/e2e/clock"), "CONSTAT_TEST_CLOCK": str(self._folder)}

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Count the work of this process, like that of the others."""
        self._ours += 1
        try:
            yield
        finally:
            self._ours -= 1

    def run(self) -> None:
        """Move on every millisecond until `stop`."""
        quiet, looked = 0, time.monotonic()
        while not self._end.wait(_LOOK_EVERY_S):
            before, looked = looked, time.monotonic()
            quiet = 0 if self._is_anybody_at_work(looked) else quiet + 1
            self._now[0] += _STEP_S if quiet >= _LOOKS else looked - before

    def stop(self) -> None:
        """Stop for good."""
        self._end.set()

    def _is_anybody_at_work(self, now: float) -> bool:
        announced = set(self._folder.glob("busy.*"))
        self._known = {path: count for path, count in self._known.items() if path in announced}
        at_work = [path for path in announced if self._count(path) > 0]
        if not at_work:
            self._waited_at = now
        elif now - self._waited_at > _LONG_S:  # somebody may have died without a word
            for path in at_work:
                if _is_dead(path.suffix[1:]):
                    path.unlink(missing_ok=True)
        return bool(at_work or self._ours)

    def _count(self, path: Path) -> int:
        """The number of threads of a process that work."""
        try:
            if path not in self._known:
                self._known[path] = _mapped(path).cast("i")
            return int(self._known[path][0])
        except FileNotFoundError:
            return 0
        except ValueError:  # it is empty: its process is just about to begin
            return 1


def _mapped(path: Path) -> memoryview:
    with path.open("r+b") as file:
        return memoryview(mmap.mmap(file.fileno(), 0))


def _is_dead(process: str) -> bool:
    """Whether a process has ended, even if nobody has collected its exit code."""
    with suppress(OSError):
        return Path("/proc", process, "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return True


@contextmanager
def run_clock(folder: Path, shown: float) -> Iterator[Clock]:
    """Run a clock until the end of the block."""
    clock = Clock(folder, shown)
    beside = threading.Thread(target=clock.run, daemon=True)
    beside.start()
    try:
        yield clock
    finally:
        clock.stop()
        beside.join()
