"""The files of `history/imported/`, taken apart: rows by service, and the name of the tool that they come from."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from constat.imported.imported_document import decode_title
from constat.imported.imported_rows import decode_rows
from constat.model import SkippedRows
from constat.model.imported import ImportedRow

FOLDER: Final = "imported"
NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}\.(csv|json)")
"""The names of files that are read and published; others are left alone."""


class ImportedFile(NamedTuple):
    """The rows of one file, by service and in the order of time, and the name of the tool that recorded them."""

    title: str
    rows: Mapping[str, tuple[ImportedRow, ...]]
    skipped: SkippedRows | None = None


def read_tree(files: Mapping[str, bytes]) -> tuple[ImportedFile, ...]:
    """Read the files of the folder, given by name."""
    return tuple(
        _read_file(name.removesuffix(".csv"), data, files)
        for name, data in sorted(files.items())
        if name.endswith(".csv")
    )


def _read_file(stem: str, data: bytes, files: Mapping[str, bytes]) -> ImportedFile:
    rows, skipped = decode_rows(data, f"history/{FOLDER}/{stem}.csv")
    by_service: dict[str, list[ImportedRow]] = {}
    for row in rows:
        by_service.setdefault(row.service, []).append(row)
    ordered = {service: tuple(sorted(own, key=lambda row: row.start)) for service, own in by_service.items()}
    return ImportedFile(decode_title(files.get(f"{stem}.json", b""), stem.capitalize()), ordered, skipped)
