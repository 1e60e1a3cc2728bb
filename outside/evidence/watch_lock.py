"""One watch per project and vantage: a file lock, which the operating system releases whenever its holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from constat.errors import OutsideError
from constat.interval import Instant, format_instant
from outside import bounds
from outside.disk import open_lock, read_file


@contextmanager
def lock_watch(root: Path, vantage: str, now: Instant) -> Iterator[str]:
    """Hold the lock of a project's vantage; yield the last holder if it died without releasing it, else an empty text.

    Raises:
        OutsideError: another watch holds the lock, or its file cannot be opened.

    """
    handle = open_lock(root, _build_path(vantage))
    try:
        last_holder = _acquire(handle, root, vantage)
        _write_holder(handle, f"process {os.getpid()} since {format_instant(now)}")
        yield last_holder
        _write_holder(handle, "")
    finally:
        os.close(handle)


def _build_path(vantage: str) -> str:
    return f"history/.watch-{vantage}.lock"


def is_watched(root: Path, vantage: str) -> bool:
    """Whether a watch of a project's vantage is running on this machine. Its lock is not touched."""
    try:
        words = (read_file(root, _build_path(vantage), bounds.NOTE) or b"").decode(errors="replace").split()
        os.kill(int(words[1]), 0)
    except PermissionError:
        return True  # the process exists and belongs to another user
    except (OSError, OutsideError, ValueError, IndexError, OverflowError):
        return False
    return not _is_zombie(words[1])


def _is_zombie(process: str) -> bool:
    """Whether a process has ended, but its parent did not wait for it: in a container there may be no parent that does."""
    try:
        return Path("/proc", process, "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False  # not Linux: there is no /proc


def _acquire(handle: int, root: Path, vantage: str) -> str:
    """Acquire the lock without waiting; return what its last holder left in the file."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = _read_holder(handle) or "just started"
        raise OutsideError(
            f"{root} is being watched already from the vantage {vantage} ({holder})",
            tip="stop that watch first, or give this one a name of its own with --vantage",
        ) from None
    return _read_holder(handle)


def _read_holder(handle: int) -> str:
    return os.pread(handle, 200, 0).decode(errors="replace").strip()


def _write_holder(handle: int, text: str) -> None:
    """Write who holds the lock. Only people read it, so a full disk does not keep a watch from running."""
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{text}\n".encode() if text else b"", 0)
    except OSError:
        return
