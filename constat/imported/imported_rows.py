"""The rows of `history/imported/<name>.csv`, written in one spelling and read within bounds."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, get_args
from urllib.parse import unquote

from constat.interval import Instant, format_instant, parse_instant
from constat.model import Outcome, SkippedRows
from constat.model.imported import Basis, ImportedRow

COLUMNS: Final = (
    "service",
    "start",
    "end",
    "outcome",
    "basis",
    "count",
    "interval_s",
    "latency_ms",
    "reason",
)
HEADER: Final = ",".join(COLUMNS)

REASON_MAX: Final = 200
"""Characters of a reason as it is written; longer ones are cut."""

_BASES: Final[tuple[Basis, ...]] = get_args(Basis)
_ESCAPED: Final = {letter: f"%{ord(letter):02X}" for letter in '%,"'}
_FORMULA: Final = "=+-@"
_NUMBER: Final = re.compile(r"[0-9]{1,12}")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}", re.IGNORECASE)


def encode_rows(rows: Iterable[ImportedRow]) -> bytes:
    """Write rows as a file, in the order of service, time and basis: the same rows in any order give the same bytes."""
    lines = "".join(f"{_format_row(row)}\n" for row in sorted(rows, key=_build_sort_key))
    return f"{HEADER}\n{lines}".encode()


def _build_sort_key(row: ImportedRow) -> tuple[object, ...]:
    open_end = row.end is None
    return (row.service, row.start, _BASES.index(row.basis), open_end, row.end or 0, row.outcome, row.reason)


def _format_row(row: ImportedRow) -> str:
    end = "" if row.end is None else format_instant(row.end)
    latency = "" if row.latency_ms is None else str(row.latency_ms)
    words = (row.outcome.value, row.basis, str(row.count), str(row.interval_s), latency)
    return ",".join(
        (_format_text(row.service), format_instant(row.start), end, *words, _format_text(row.reason))
    )


def _format_text(text: str) -> str:
    """A text as a cell: on one line, printable, and no spreadsheet takes it for a formula."""
    plain = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    cell = "".join(_ESCAPED.get(letter, letter) for letter in plain[:REASON_MAX])
    return f"%{ord(cell[0]):02X}{cell[1:]}" if cell[:1] and cell[0] in _FORMULA else cell


def decode_rows(data: bytes, path: str) -> tuple[tuple[ImportedRow, ...], SkippedRows | None]:
    """Read the rows of a file; invalid rows are left out and counted, and the first is named with its line."""
    rows: list[ImportedRow] = []
    faults: list[tuple[int, str]] = []
    for number, line in _split_lines(data):
        try:
            rows.append(_parse_row(line))
        except ValueError as error:
            faults.append((number, str(error)))
    return tuple(rows), SkippedRows(path, len(faults), *faults[0]) if faults else None


def _split_lines(data: bytes) -> Iterator[tuple[int, str]]:
    """Every line that may be a row, with its number."""
    text = data.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n")
    for number, line in enumerate(text.split("\n"), start=1):
        if line and line != HEADER:
            yield number, line


def _parse_row(line: str) -> ImportedRow:
    cells = line.split(",")
    if len(cells) != len(COLUMNS):
        raise ValueError(f"the row has {len(cells)} cells instead of {len(COLUMNS)}")
    service, start, end, outcome, basis, count, interval_s, latency_ms, reason = cells
    if not _NAME.fullmatch(service):
        raise ValueError("the service is not an id")
    begins, ends = _parse_time(start), _parse_time(end) if end else None
    if ends is not None and ends < begins:
        raise ValueError("the end comes before the start")
    return ImportedRow(
        service,
        begins,
        ends,
        _parse_outcome(outcome),
        _parse_basis(basis),
        _parse_number(count),
        _parse_number(interval_s),
        _parse_number(latency_ms) if latency_ms else None,
        unquote(reason),
    )


def _parse_time(text: str) -> Instant:
    at = parse_instant(text)
    if format_instant(at) != text:
        raise ValueError("a time is not written as 2026-11-23T09:40:00Z")
    return at


def _parse_outcome(text: str) -> Outcome:
    if text not in set(Outcome):
        raise ValueError("the outcome is not up, degraded, down or unknown")
    return Outcome(text)


def _parse_basis(text: str) -> Basis:
    for basis in _BASES:
        if text == basis:
            return basis
    raise ValueError("the basis is not samples, changes or counts")


def _parse_number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise ValueError("a number is not written in digits")
    return int(text)
