"""The day files and derived files in `history/`, listed without opening them."""

import os
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from constat.history import DAY_FILE, parse_day_path
from constat.model import SkippedRows
from constat.text.reason_cells import make_printable
from outside import bounds
from outside.disk import is_file

_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"\d{2}")
_REAL_MONTH = re.compile(r"0[1-9]|1[0-2]")
_DERIVED = re.compile(r"\d{4}-\d{2}-\d{2}\.json")


class FileStat(NamedTuple):
    """Size in bytes and modification time in nanoseconds of a file."""

    size: int
    changed_ns: int


def list_day_files(folder: Path) -> dict[str, FileStat]:
    """List the day files under a `history/`, oldest first, by path relative to it.

    Only regular files of a sensible size count: reading a pipe of that name would block for ever, and a link may
    lead to anything.
    """
    files = {}
    for path, entry in _scan_months(folder):
        if DAY_FILE.fullmatch(path) and _has_valid_day(path) and entry.is_file(follow_symlinks=False):
            stat = entry.stat(follow_symlinks=False)
            if stat.st_size <= bounds.DAY_FILE:
                files[path] = FileStat(stat.st_size, stat.st_mtime_ns)
    return dict(sorted(files.items()))


def list_derived_files(folder: Path) -> set[date]:
    """List the local days that have a derived file."""
    return {
        parse_day_path(path)
        for path, entry in _scan_months(folder / "derived")
        if _DERIVED.fullmatch(entry.name) and _has_valid_day(path)
    }


def list_irregular_files(folder: Path, names: Iterable[str]) -> Iterator[SkippedRows]:
    """Yield the pipes, folders, links and too large files among these paths of day files."""
    for path in sorted(names):
        if os.path.lexists(folder / path):
            is_too_large = is_file(folder.parent, f"{folder.name}/{path}")
            why = f"larger than {bounds.DAY_FILE >> 20} MiB" if is_too_large else "not a regular file"
            yield SkippedRows(path, 0, 0, why)


def list_strays(folder: Path) -> Iterator[SkippedRows]:
    """Yield whatever is among the day files without the name of one, such as `2026-11-26 (1).csv`, or a 13th month."""
    for year in _list_folders(folder, _YEAR):
        with os.scandir(folder / year) as entries:
            names = sorted(entry.name for entry in entries if not entry.name.startswith("."))
        months = (name for name in names if not _REAL_MONTH.fullmatch(name))
        yield from (
            _name_stray(f"{year}/{name}", "month: YYYY/MM/ holds the day files of one") for name in months
        )
    for path in sorted(path for path, entry in _scan_months(folder) if not entry.name.startswith(".")):
        in_month = _REAL_MONTH.fullmatch(path.split("/")[1])
        if in_month and not (DAY_FILE.fullmatch(path) and _has_valid_day(path)):
            yield _name_stray(path, f"day file: one is called {path[:4]}-{path[5:7]}-DD.csv")


def _name_stray(path: str, expected: str) -> SkippedRows:
    return SkippedRows(make_printable(path), 0, 0, f"not a {expected}")


def _scan_months(folder: Path) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
    """Yield every entry of the folders `YYYY/MM`, with its path `YYYY/MM/name`."""
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
