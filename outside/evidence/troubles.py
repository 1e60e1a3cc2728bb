"""What failed on the way and the maintainers have not been told yet: `history/.troubles`, one line each, never pushed."""

from pathlib import Path

from constat.errors import OutsideError
from constat.interval import Instant, format_instant
from constat.model import Monitor
from outside.disk import append_lines, replace_file

NAME = ".troubles"


def note_trouble(root: Path, monitor: Monitor, at: Instant, text: str) -> None:
    """Keep a trouble for the maintainers, where `monitor.tell` names any.

    Raises:
        OutsideError: the disk did not do it.

    """
    if monitor.tell:
        append_lines(root / "history" / NAME, f"{format_instant(at)} {' '.join(text.split())}\n")


def read_troubles(root: Path) -> tuple[str, ...]:
    """The troubles that nobody was told of yet, oldest first.

    Raises:
        OutsideError: the disk does not give them.

    """
    path = root / "history" / NAME
    try:
        return tuple(path.read_text(encoding="utf-8", errors="replace").splitlines())
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise OutsideError(f"{path} could not be read: {error.strerror}") from error


def forget_troubles(root: Path, told: int) -> None:
    """Leave out the oldest ones, which were told.

    Raises:
        OutsideError: the disk did not do it.

    """
    rest = "".join(f"{line}\n" for line in read_troubles(root)[told:])
    replace_file(root / "history" / NAME, rest.encode())
