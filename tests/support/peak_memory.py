"""The memory that a command took at its peak, with all the processes that it started."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_LOOK_EVERY_S = 0.01


class Measured(NamedTuple):
    """How a command ended: exit code, outputs, seconds, and the peak of its processes in bytes, each at its own peak."""

    code: int
    out: str
    err: str
    seconds: float
    peak: int


def run_measured(command: Sequence[str], environment: Mapping[str, str], timeout_s: float) -> Measured:
    """Run a command in a session of its own, and watch the memory of every process in that."""
    began, peaks = time.monotonic(), dict[int, int]()
    with subprocess.Popen(  # noqa: S603 (our own program)
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        while process.poll() is None:
            if time.monotonic() - began > timeout_s:
                process.kill()
                raise AssertionError(f"it has not ended after {timeout_s} s")
            peaks |= _read_peaks(process.pid)
            time.sleep(_LOOK_EVERY_S)
        out, err = process.communicate()
    assert peaks, "it ended before anybody looked"
    return Measured(process.returncode, out, err, time.monotonic() - began, sum(peaks.values()))


def _read_peaks(session: int) -> dict[int, int]:
    """The highest resident size so far of each process in a session, in bytes, by its id."""
    peaks = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(path.name)) == session:
                status = (path / "status").read_text(encoding="utf-8")
                peaks[int(path.name)] = int(status.partition("VmHWM:")[2].split()[0]) * 1024
        except (OSError, IndexError):
            continue  # it has ended just now
    return peaks
