"""Troubles that the maintainers have not been alerted to yet: `history/.troubles`, one line each, never pushed."""

from pathlib import Path

from constat.interval import Instant, format_instant
from constat.model import Monitor
from outside import bounds
from outside.disk import append_lines, read_file, replace_file

NAME = ".troubles"


def note_trouble(root: Path, monitor: Monitor, at: Instant, text: str) -> None:
    """Note a trouble for the maintainers, if `monitor.tell` names any.

    Raises:
        OutsideError: it could not be written.

    """
    if monitor.tell:
        append_lines(root, f"history/{NAME}", f"{format_instant(at)} {' '.join(text.split())}\n")


def read_troubles(root: Path) -> tuple[str, ...]:
    """Read the noted troubles, oldest first.

    Raises:
        OutsideError: they cannot be read.

    """
    data = read_file(root, f"history/{NAME}", bounds.LOG) or b""
    return tuple(data.decode(errors="replace").splitlines())


def forget_troubles(root: Path, count: int) -> None:
    """Remove the `count` oldest troubles: the maintainers were alerted to them.

    Raises:
        OutsideError: the file could not be written.

    """
    rest = "".join(f"{line}\n" for line in read_troubles(root)[count:])
    replace_file(root, f"history/{NAME}", rest.encode())
