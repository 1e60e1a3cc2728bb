"""A word from the watch to whoever pushes: something changed, do not wait. They may be two processes."""

import secrets
from pathlib import Path

from constat.interval import Instant, format_instant
from outside.disk import replace_file

NAME = ".changed"


def signal_change(root: Path, at: Instant) -> None:
    """Say that the state of something, or the register, changed. Two changes of one second are two words.

    Raises:
        OutsideError: the disk did not do it.

    """
    replace_file(root / "history" / NAME, f"{format_instant(at)} {secrets.token_hex(4)}\n".encode())


def read_last_change(root: Path) -> str | None:
    """The last word: another one means that something changed since. `None` where there never was one."""
    try:
        return (root / "history" / NAME).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return None
