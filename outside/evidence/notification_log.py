"""The record of who was told what, on the disk: `history/notified.csv`."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from constat.errors import OutsideError
from constat.interval import Instant
from constat.notifications import HEADER, PATH, Record, Row, format_row, parse_record
from constat.notifications import count_results as counted
from outside.disk import append_lines, read_file


def read_record(root: Path) -> Record:
    """The record of a project; empty where nobody was told anything yet.

    Raises:
        OutsideError: the disk does not give it.

    """
    return parse_record(_data(root))


def count_results(root: Path, since: Instant) -> tuple[int, int]:
    """How many messages were sent since, and how many failed, as far as the record here says it.

    Raises:
        OutsideError: the disk does not give it.

    """
    return counted(_data(root), since)


def _data(root: Path) -> bytes:
    return read_file(root / "history" / PATH) or b""


def append_row(root: Path, row: Row) -> None:
    """Append a row; it has reached the disk on return.

    Raises:
        OutsideError: the disk did not do it.

    """
    append_lines(root / "history" / PATH, format_row(row), header=f"{HEADER}\n")


@contextmanager
def lock_notifications(root: Path) -> Iterator[None]:
    """Hold the lock of a project's record, so that two runs at once do not tell the same thing twice.

    Raises:
        OutsideError: another run holds it, or the disk did not do it.

    """
    path = root / "history" / ".notify.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise OutsideError(f"{path} could not be opened: {error.strerror}") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise OutsideError(
            f"another run is telling what is new in {root}", tip="wait until it is done"
        ) from None
    finally:
        os.close(handle)
