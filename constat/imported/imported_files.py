"""The files of `history/imported/`, taken apart: rows by service, and the name of the tool that they come from."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from constat.imported.imported_document import decode_title
from constat.imported.imported_rows import decode_rows
from constat.interval import Instant
from constat.model import SkippedRows
from constat.model.imported import ImportedRow

FOLDER: Final = "imported"
NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}\.(csv|json)")
"""The names of files that are read and published; others are left alone."""


_Beginning = tuple[str, str, str, Instant]
"""The source of a row, its service, its basis and its start."""


class ImportedFile(NamedTuple):
    """The rows of one file, by service and in the order of time, and the name of the tool that recorded them."""

    title: str
    rows: Mapping[str, tuple[ImportedRow, ...]]
    skipped: SkippedRows | None = None


def read_tree(files: Mapping[str, bytes]) -> tuple[ImportedFile, ...]:
    """Read the files of the folder, given by name.

    A further file of a source (`kuma-2` after `kuma`) may continue a row that was open at the end of an earlier one. So, of
    rows that begin at the same second with the same basis, the one in the latest file is kept; for samples, the one that
    stands for the most of them, since a source may have deleted single samples by then.
    """
    stems = sorted((name.removesuffix(".csv") for name in files if name.endswith(".csv")), key=_split_number)
    parsed = {stem: _read_file(stem, files[f"{stem}.csv"], files) for stem in stems}
    best: dict[_Beginning, tuple[int, int]] = {}
    for stem, file in parsed.items():
        for row in _list_rows(file):
            begins = _identify_start(stem, row)
            best[begins] = max(best.get(begins, (0, 0)), _rank(stem, row))
    return tuple(_keep_best(stem, file, best) for stem, file in parsed.items())


def _list_rows(file: ImportedFile) -> Iterator[ImportedRow]:
    for own in file.rows.values():
        yield from own


def _identify_start(stem: str, row: ImportedRow) -> _Beginning:
    return _split_number(stem)[0], row.service, row.basis, row.start


def _rank(stem: str, row: ImportedRow) -> tuple[int, int]:
    return row.count if row.basis == "samples" else 0, _split_number(stem)[1]


def _keep_best(stem: str, file: ImportedFile, best: Mapping[_Beginning, tuple[int, int]]) -> ImportedFile:
    """Leave out the rows that another file of the same source has in a better version."""
    number = _split_number(stem)[1]
    rows = {
        service: kept
        for service, own in file.rows.items()
        if (kept := tuple(row for row in own if best[_identify_start(stem, row)][1] == number))
    }
    return file._replace(rows=rows)


def _split_number(stem: str) -> tuple[str, int]:
    """The source of a file, and the number of the file among its files."""
    name, _, number = stem.rpartition("-")
    is_further = bool(name) and number.isascii() and number.isdigit()
    return (name, int(number)) if is_further else (stem, 1)


def _read_file(stem: str, data: bytes, files: Mapping[str, bytes]) -> ImportedFile:
    rows, skipped = decode_rows(data, f"history/{FOLDER}/{stem}.csv")
    by_service: dict[str, list[ImportedRow]] = {}
    for row in rows:
        by_service.setdefault(row.service, []).append(row)
    ordered = {service: tuple(sorted(own, key=lambda row: row.start)) for service, own in by_service.items()}
    return ImportedFile(decode_title(files.get(f"{stem}.json", b""), stem.capitalize()), ordered, skipped)
