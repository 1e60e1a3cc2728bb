"""The derived files of months: what a year at a glance needs of them, so that a build need not read their days."""

from contextlib import suppress
from pathlib import Path

from constat.errors import OutsideError
from outside import bounds
from outside.disk import read_file, replace_file


def read_kept_month(root: Path, path: str) -> bytes:
    """Read the bytes of a derived file, by its path below `history/`; none if there is no file, or it cannot be read."""
    with suppress(OutsideError):
        return read_file(root, f"history/{path}", bounds.DERIVED) or b""
    return b""


def keep_month(root: Path, path: str, data: bytes) -> None:
    """Keep a derived file; a read-only history only makes the next build slower."""
    with suppress(OutsideError):
        replace_file(root, f"history/{path}", data, lasting=False)
