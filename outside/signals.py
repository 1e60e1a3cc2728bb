"""A word from the watch to whoever pushes: something changed, do not wait. They may be two processes."""

from pathlib import Path

from constat.interval import Instant, format_instant, parse_instant
from outside.disk import replace_file

NAME = ".changed"


def tell_change(root: Path, at: Instant) -> None:
    """Say that the state of something, or the register, changed.

    Raises:
        OutsideError: the disk did not do it.

    """
    replace_file(root / "history" / NAME, f"{format_instant(at)}\n".encode())


def last_change(root: Path) -> Instant | None:
    """When something changed last, as far as it was told; `None` where it never was."""
    try:
        return parse_instant((root / "history" / NAME).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None
