"""Troubles that the maintainers have not been alerted to yet: `history/.troubles`, one line each, never pushed."""

from pathlib import Path

from constat.errors import OutsideError
from constat.interval import Instant, format_instant
from constat.model import Monitor
from outside.disk import append_lines, replace_file

NAME = ".troubles"


def note_trouble(root: Path, monitor: Monitor, at: Instant, text: str) -> None:
    """Note a trouble for the maintainers, where `monitor.tell` names any.

    Raises:
        OutsideError: it could not be written.

    """
    if monitor.tell:
        append_lines(root / "history" / NAME, f"{format_instant(at)} {' '.join(text.split())}\n")


def read_troubles(root: Path) -> tuple[str, ...]:
    """The noted troubles, oldest first.

    Raises:
        OutsideError: they cannot be read.

    """
    path = root / "history" / NAME
    try:
        return tuple(path.read_text(encoding="utf-8", errors="replace").splitlines())
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise OutsideError(f"{path} could not be read: {error.strerror}") from error


def forget_troubles(root: Path, count: int) -> None:
    """Remove the oldest troubles: the maintainers were alerted to them.

    Raises:
        OutsideError: the file could not be written.

    """
    rest = "".join(f"{line}\n" for line in read_troubles(root)[count:])
    replace_file(root / "history" / NAME, rest.encode())
