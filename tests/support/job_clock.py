"""A clock for several processes that runs only while all of them wait for it, and goes as the world's while one works.

So an hour of watching takes half a minute, and the work in it, which takes as long on this clock as it really does: a
fast clock alone would make a slow machine's work seem slower still. What the processes see of it is in
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
"""What a script says before it becomes a Python process, which takes a while until it can say it itself."""

_LOOK_EVERY_S = 0.001
_STEP_S = 0.2
"""It runs so far from one look to the next."""
_LOOKS = 3
"""So many looks find everybody waiting before the clock runs: one may just have been woken by another."""
_LONG_S = 1.0


class Clock:
    """It shows `shown` at first; `folder` is where it and those who live by it meet."""

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
        """What it shows."""
        return float(self._now[0])

    def set(self, shown: float) -> None:
        """Let it show another time, where nobody lives by it just now."""
        self._now[0] = shown

    def pause(self, seconds: float) -> None:
        """Wait so long on this clock."""
        end = self.now() + seconds
        while self.now() < end:
            time.sleep(_LOOK_EVERY_S)

    def environment(self) -> dict[str, str]:
        """What hands it to a process."""
        return {"PYTHONPATH": str(ROOT / "tests/e2e/clock"), "CONSTAT_TEST_CLOCK": str(self._folder)}

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Work in this very process, as one of those who live by it."""
        self._ours += 1
        try:
            yield
        finally:
            self._ours -= 1

    def run(self) -> None:
        """Go on, from millisecond to millisecond, until `stop`."""
        quiet, looked = 0, time.monotonic()
        while not self._end.wait(_LOOK_EVERY_S):
            before, looked = looked, time.monotonic()
            quiet = 0 if self._is_anybody_at_work(looked) else quiet + 1
            self._now[0] += _STEP_S if quiet >= _LOOKS else looked - before

    def stop(self) -> None:
        """Stand still for good."""
        self._end.set()

    def _is_anybody_at_work(self, now: float) -> bool:
        told = set(self._folder.glob("busy.*"))
        self._known = {path: count for path, count in self._known.items() if path in told}
        at_work = [path for path in told if self._count(path) > 0]
        if not at_work:
            self._waited_at = now
        elif now - self._waited_at > _LONG_S:  # somebody may have died without a word
            for path in at_work:
                if _is_dead(path.suffix[1:]):
                    path.unlink(missing_ok=True)
        return bool(at_work or self._ours)

    def _count(self, path: Path) -> int:
        """How many threads of a process work."""
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
    """Whether a process has ended, also where nobody has asked how."""
    with suppress(OSError):
        return Path("/proc", process, "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return True


@contextmanager
def going(folder: Path, shown: float) -> Iterator[Clock]:
    """A clock that begins now, and goes on until the end of the block."""
    clock = Clock(folder, shown)
    beside = threading.Thread(target=clock.run, daemon=True)
    beside.start()
    try:
        yield clock
    finally:
        clock.stop()
        beside.join()
