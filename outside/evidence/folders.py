"""The day files and derived files in `history/`, listed without opening them."""

import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from constat.history import DAY_FILE, parse_day_path
from outside import bounds

_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"\d{2}")
_DERIVED = re.compile(r"\d{4}-\d{2}-\d{2}\.json")


class FileStat(NamedTuple):
    """Size in bytes and modification time in nanoseconds of a file."""

    size: int
    changed_ns: int


def list_day_files(folder: Path) -> dict[str, FileStat]:
    """The day files under a `history/`, oldest first, by path relative to it.

    Only regular files of a sensible size count: reading a pipe of that name would block for ever, and a link leads to
    what is no evidence.
    """
    files = {}
    for path, entry in _scan_months(folder):
        if DAY_FILE.fullmatch(path) and _has_valid_day(path) and entry.is_file(follow_symlinks=False):
            stat = entry.stat(follow_symlinks=False)
            if stat.st_size <= bounds.DAY_FILE:
                files[path] = FileStat(stat.st_size, stat.st_mtime_ns)
    return dict(sorted(files.items()))


def list_derived_files(folder: Path) -> set[date]:
    """The local days that have a derived file."""
    return {
        parse_day_path(path)
        for path, entry in _scan_months(folder / "derived")
        if _DERIVED.fullmatch(entry.name) and _has_valid_day(path)
    }


def _scan_months(folder: Path) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
    """Every entry of the folders `YYYY/MM`, with its path `YYYY/MM/name`."""
    for year in _list_folders(folder, _YEAR):
        for month in _list_folders(folder / year, _MONTH):
            with os.scandir(folder / year / month) as entries:
                yield from ((f"{year}/{month}/{entry.name}", entry) for entry in entries)


def _list_folders(folder: Path, name: re.Pattern[str]) -> list[str]:
    if folder.is_symlink() or not folder.is_dir():
        return []
    with os.scandir(folder) as entries:
        return sorted(
            entry.name
            for entry in entries
            if name.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)
        )


def _has_valid_day(path: str) -> bool:
    """Whether the name of a file is a date that exists, in the folder of its month."""
    try:
        parse_day_path(path)
    except ValueError:
        return False
    return True
