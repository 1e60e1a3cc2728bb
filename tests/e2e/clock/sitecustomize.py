"""A clock that is handed in to every Python process of a job: CONSTAT_TEST_CLOCK is `real,shown,speed`.

At the real time `real` it shows `shown`, and runs `speed` times as fast; who waits on it waits so much shorter.
"""

import os
import queue
import threading
import time
from typing import Any

_HANDED_IN = os.environ.get("CONSTAT_TEST_CLOCK")


def _install(real: float, shown: float, speed: float) -> None:
    """Replace the clocks, and what every wait of Python's own comes down to."""
    ours: dict[Any, dict[str, Any]] = {
        time: {
            "time": lambda wall=time.time: shown + (wall() - real) * speed,
            "monotonic": lambda steady=time.monotonic: steady() * speed,
            "sleep": lambda seconds, sleep=time.sleep: sleep(seconds / speed),
        },
        threading.Condition: {"wait": _hurried(threading.Condition.wait, speed)},
        queue: {"SimpleQueue": queue._PySimpleQueue},  # type: ignore[attr-defined] # the one that waits in Python
    }
    for owner, names in ours.items():
        for name, replacement in names.items():
            setattr(owner, name, replacement)
    threading._time = time.monotonic  # type: ignore[attr-defined] # it took the clock before us


def _hurried(wait: Any, speed: float) -> Any:
    def hurried(condition: threading.Condition, timeout: float | None = None) -> bool:
        return bool(wait(condition, None if timeout is None else timeout / speed))

    return hurried


if _HANDED_IN:
    _install(*map(float, _HANDED_IN.split(",")))
