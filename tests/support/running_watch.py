"""The process of a watch that a job started: its shell is gone, so only the lock of the watch names it."""

import os
import signal
from pathlib import Path


def signal_watch(checkout: Path, number: signal.Signals) -> None:
    """Send a signal to the watch of a job's checkout, and to no other process.

    The number in the lock may meanwhile belong to a stranger. The process is held by a descriptor, and gets the signal
    only if it works in that checkout.
    """
    process = int((checkout / "history/.watch-gha.lock").read_text().split()[1])
    descriptor = os.pidfd_open(process)
    try:
        assert Path(f"/proc/{process}/cwd").resolve() == checkout.resolve()
        signal.pidfd_send_signal(descriptor, number)
    finally:
        os.close(descriptor)
