"""A signal from the watch to the process that pushes: something changed, push now. It is a file in `history/`."""

import secrets
from pathlib import Path

from constat.errors import OutsideError
from constat.interval import Instant, format_instant
from outside import bounds
from outside.disk import read_file, replace_file

FILE_NAME = ".changed"


def signal_change(root: Path, at: Instant) -> None:
    """Signal that a status or the register changed. A random token keeps two changes of one second apart.

    Raises:
        OutsideError: the signal could not be written.

    """
    replace_file(root, f"history/{FILE_NAME}", f"{format_instant(at)} {secrets.token_hex(4)}\n".encode())


def read_last_change(root: Path) -> str | None:
    """The last signal, `None` if there never was one. It differs from an earlier one if something changed since."""
    try:
        data = read_file(root, f"history/{FILE_NAME}", bounds.NOTE)
        return None if data is None else data.decode("ascii").strip()
    except (OutsideError, ValueError):
        return None
