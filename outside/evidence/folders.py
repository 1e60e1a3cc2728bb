"""What lies in `history/`: day files and derived files, found without opening them."""

import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from constat.history import DAY_FILE, day_of_path

_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"\d{2}")
_DERIVED = re.compile(r"\d{4}-\d{2}-\d{2}\.json")


class OnDisk(NamedTuple):
    """What the disk says of a file without opening it: bytes, and nanoseconds of its last change."""

    size: int
    changed_ns: int


def list_day_files(folder: Path) -> dict[str, OnDisk]:
    """The day files under a `history/`, oldest first, by path from there on.

    What bears such a name and is no ordinary file (a pipe would be waited for without end) is none of them.
    """
    found = {}
    for path, entry in _by_month(folder):
        if DAY_FILE.fullmatch(path) and _is_day(path) and entry.is_file():
            stat = entry.stat()
            found[path] = OnDisk(stat.st_size, stat.st_mtime_ns)
    return dict(sorted(found.items()))


def list_derived_files(folder: Path) -> set[date]:
    """The local days that have a derived file."""
    return {
        day_of_path(path)
        for path, entry in _by_month(folder / "derived")
        if _DERIVED.fullmatch(entry.name) and _is_day(path)
    }


def _by_month(folder: Path) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
    """Every entry two folders down, `YYYY/MM/name`."""
    for year in _folders(folder, _YEAR):
        for month in _folders(folder / year, _MONTH):
            with os.scandir(folder / year / month) as entries:
                yield from ((f"{year}/{month}/{entry.name}", entry) for entry in entries)


def _folders(folder: Path, name: re.Pattern[str]) -> list[str]:
    if not folder.is_dir():
        return []
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries if name.fullmatch(entry.name) and entry.is_dir())


def _is_day(path: str) -> bool:
    try:
        day_of_path(path)
    except ValueError:
        return False
    return True
