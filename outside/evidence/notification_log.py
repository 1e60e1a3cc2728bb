"""The notification log of a project on the disk: `history/notified.csv`, and the lock of its writer."""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from constat import notifications
from constat.errors import OutsideError
from constat.interval import Instant
from constat.notifications import HEADER, PATH, LogEntry, NotificationLog, format_entry, parse_log
from outside import bounds
from outside.disk import append_lines, open_lock, read_file


def read_log(root: Path) -> NotificationLog:
    """Read the log of a project; empty if nobody was ever notified.

    Raises:
        OutsideError: it cannot be read.

    """
    return parse_log(_read(root))


def count_results(root: Path, since: Instant) -> tuple[int, int]:
    """Count the messages that were sent since an instant, and those that failed, according to the log on this disk.

    Raises:
        OutsideError: it cannot be read.

    """
    return notifications.count_results(_read(root), since)


def _read(root: Path) -> bytes:
    return read_file(root, f"history/{PATH}", bounds.LOG) or b""


def append_entry(root: Path, entry: LogEntry) -> None:
    """Append an entry; it has reached the disk on return.

    Raises:
        OutsideError: it could not be written.

    """
    append_entries(root, [entry])


def append_entries(root: Path, entries: Iterable[LogEntry]) -> None:
    """Append some entries at once; they have reached the disk on return.

    Raises:
        OutsideError: they could not be written.

    """
    append_lines(root, f"history/{PATH}", "".join(map(format_entry, entries)), header=f"{HEADER}\n")


@contextmanager
def lock_notifications(root: Path) -> Iterator[None]:
    """Hold the lock of a project's notifications, so that two runs at once do not send the same thing twice.

    Raises:
        OutsideError: another run holds it, or it could not be opened.

    """
    handle = open_lock(root, "history/.notify.lock")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise OutsideError(
            f"another run is telling what is new in {root}", tip="wait until it is done"
        ) from None
    finally:
        os.close(handle)
