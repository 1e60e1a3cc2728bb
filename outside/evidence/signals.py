"""A signal from the watch to the process that pushes: something changed, push now. It is a file in `history/`."""

import secrets
from pathlib import Path

from constat.interval import Instant, format_instant
from outside.disk import replace_file

FILE_NAME = ".changed"


def signal_change(root: Path, at: Instant) -> None:
    """Signal that a status or the register changed. A random token keeps two changes of one second apart.

    Raises:
        OutsideError: the signal could not be written.

    """
    replace_file(root / "history" / FILE_NAME, f"{format_instant(at)} {secrets.token_hex(4)}\n".encode())


def read_last_change(root: Path) -> str | None:
    """The last signal, `None` if there never was one. It differs from an earlier one if something changed since."""
    try:
        return (root / "history" / FILE_NAME).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return None
