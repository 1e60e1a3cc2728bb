"""One watch per project and vantage: a lock that the system takes back when its holder dies, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from constat.errors import OutsideError
from constat.interval import Instant, format_instant


@contextmanager
def lock_watch(root: Path, vantage: str, now: Instant) -> Iterator[str]:
    """Hold the lock of a project's vantage; yields who held it before and did not let go, empty where all was well.

    Raises:
        OutsideError: another watch holds it, or the disk did not do it.

    """
    path = root / "history" / f".watch-{vantage}.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise OutsideError(f"{path} could not be opened: {error.strerror}") from error
    try:
        before = _take(handle, root, vantage)
        _write(handle, f"process {os.getpid()} since {format_instant(now)}")
        yield before
        _write(handle, "")
    finally:
        os.close(handle)


def is_watched(root: Path, vantage: str) -> bool:
    """Whether a watch of a project's vantage is alive on this machine: without touching its lock."""
    try:
        words = (root / "history" / f".watch-{vantage}.lock").read_text(encoding="utf-8").split()
        os.kill(int(words[1]), 0)
    except PermissionError:
        return True  # it is alive, and somebody else's
    except (OSError, ValueError, IndexError):
        return False
    return not _is_only_remembered(words[1])


def _is_only_remembered(process: str) -> bool:
    """Whether a process has ended and nobody has asked how: in a container there may be no one who does."""
    try:
        return Path("/proc", process, "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False  # another system than Linux, where it cannot be seen


def _take(handle: int, root: Path, vantage: str) -> str:
    """Take the lock without waiting; what its last holder left in it."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = _read(handle) or "just started"
        raise OutsideError(
            f"{root} is being watched already from the vantage {vantage} ({holder})",
            tip="stop that watch first, or give this one a name of its own with --vantage",
        ) from None
    return _read(handle)


def _read(handle: int) -> str:
    return os.pread(handle, 200, 0).decode(errors="replace").strip()


def _write(handle: int, text: str) -> None:
    """Say who holds the lock. That is for people only: a disk that is full does not keep a watch from looking."""
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{text}\n".encode() if text else b"", 0)
    except OSError:
        return
