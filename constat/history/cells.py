"""The cells of a day file, read and validated: a file in our own layout in one pass, any other file row by row.

The cells after the time of a row have nearly always been read before: the same check had the same outcome, just as fast, on
another day. So they are validated once, and then looked up. Anything unusual is left to the row-by-row reader,
which accepts the columns in any order, CRLF, repeated headers, further columns and a torn last line. Both give the same rows.
"""

from collections.abc import Sequence
from typing import NamedTuple

from constat.interval import DAY_S, HOUR_S, MINUTE_S, Instant
from constat.model import Outcome, SkippedRows

COLUMNS = (
    "at",
    "service",
    "check",
    "outcome",
    "latency_ms",
    "attempts",
    "interval_s",
    "vantage",
    "reason",
)
HEADER = ",".join(COLUMNS)

_DIGITS_AT_MOST = 9
_MOST_KNOWN = 200_000
ANOTHER_DAY = "it belongs in another day's file"
"""The fault of a row whose day is not that of its file."""
_NO_TIME = "the time is not written as 2026-11-23T09:40:00Z"


class RowCells(NamedTuple):
    """The cells of a row after its time. `seat` is service, check and vantage; `text` is all of them as written."""

    seat: str
    outcome: Outcome
    interval_s: int
    latency_ms: int
    attempts: int
    reason: str
    text: str


class DayBounds(NamedTuple):
    """The bounds of the day that a file is for: its first second, the prefix of its times, and the present."""

    midnight: Instant
    prefix: str
    now: Instant


class Table(NamedTuple):
    """The readable rows in the order of the file: their times, their other cells, and the numbers of their lines."""

    times: Sequence[Instant]
    rows: Sequence[RowCells]
    lines: Sequence[int]


def read_table(text: str, path: str, day: DayBounds) -> tuple[Table, SkippedRows | None]:
    """Read the rows of a day file: those that are readable, and a summary of the others."""
    table = _read_own_layout(text, day)
    return (table, None) if table is not None else _read_row_by_row(text, path, day)


class _Seconds(dict[str, int]):
    """A cache from `09:40:00Z` to seconds since midnight; it never has more entries than a day has seconds."""

    def __missing__(self, text: str) -> int:
        hour, minute, second = text[0:2], text[3:5], text[6:8]
        if f"{hour}:{minute}:{second}Z" != text or not _is_number(hour + minute + second):
            raise KeyError(text)
        seconds = int(hour) * HOUR_S + int(minute) * MINUTE_S + int(second)
        if int(minute) * MINUTE_S >= HOUR_S or int(second) >= MINUTE_S or seconds >= DAY_S:
            raise KeyError(text)
        self[text] = seconds
        return seconds


class _Instants(dict[str, Instant]):
    """A cache from `09:40:00Z` to the instant of a day: rows with the same time share it, and a day has few distinct times."""

    def __init__(self, midnight: Instant) -> None:
        super().__init__()
        self._midnight = midnight

    def __missing__(self, text: str) -> Instant:
        at = self[text] = self._midnight + _SECONDS[text]
        return at


class _KnownCells(dict[str, RowCells]):
    """A cache from the text after the time of a row, `,smtp,submission,up,84,1,60,gha,`, to its cells."""

    def __missing__(self, text: str) -> RowCells:
        cells = text.split(",")
        if len(cells) != len(COLUMNS) or _find_fault(cells[1:]):
            raise KeyError(text)
        if len(self) >= _MOST_KNOWN:
            self.clear()
        _, service, check, outcome, latency, attempts, interval, vantage, reason = cells
        seat = f"{service},{check},{vantage}"
        row = RowCells(seat, Outcome(outcome), int(interval), int(latency), int(attempts), reason, text)
        self[text] = row
        return row


_SECONDS = _Seconds()
_CELLS = _KnownCells()


def _read_own_layout(text: str, day: DayBounds) -> Table | None:
    """Read a file in our own layout: one header, nine cells a row, each of them valid. `None` for any other file."""
    begin = f"\n{day.prefix}"
    if not text.startswith(HEADER + begin) or not text.endswith("\n"):
        return None
    lines = text[len(HEADER) + 1 : -1].split("\n")
    if text.count(begin) != len(lines):
        return None
    try:
        instants = _Instants(day.midnight)
        times = [instants[line[11:20]] for line in lines]
        cells = [_CELLS[line[20:]] for line in lines]
    except KeyError:
        return None
    return Table(times, cells, range(2, len(lines) + 2)) if max(times) <= day.now else None


def _read_row_by_row(text: str, path: str, day: DayBounds) -> tuple[Table, SkippedRows | None]:
    """Read row by row: header lines set the order of the columns; unreadable rows are counted, and the first is named."""
    layout = tuple(range(len(COLUMNS)))
    times: list[Instant] = []
    rows: list[RowCells] = []
    lines: list[int] = []
    faults: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        cells = line.split(",")
        if set(COLUMNS).issubset(cells):
            layout = tuple(cells.index(name) for name in COLUMNS)
        elif len(cells) <= max(layout):
            if line:
                faults.append((number, "the row is torn: cells are missing"))
        else:
            at, *rest = (cells[index] for index in layout)
            if why := _find_fault(rest) or _find_time_fault(at, day):
                faults.append((number, why))
            else:
                times.append(day.midnight + _SECONDS[at[len(day.prefix) :]])
                rows.append(_CELLS["," + ",".join(rest)])
                lines.append(number)
    return Table(times, rows, lines), SkippedRows(path, len(faults), *faults[0]) if faults else None


def _find_fault(cells: Sequence[str]) -> str:
    """The fault of the cells after the time, empty if they are valid."""
    judged = zip(_FIND_CELL_FAULT, cells, strict=True)
    return next((why for find, cell in judged if (why := find(cell))), "")


def _find_time_fault(value: str, day: DayBounds) -> str:
    try:
        second = _SECONDS[value[len(day.prefix) :]]
    except KeyError:
        return _NO_TIME
    if value[10:11] != "T":
        return _NO_TIME
    if not value.startswith(day.prefix):
        return ANOTHER_DAY
    return "it is later than now" if day.midnight + second > day.now else ""


def _has_digits_only(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_number(text: str) -> bool:
    return _has_digits_only(text) and len(text) <= _DIGITS_AT_MOST


def _find_name_fault(value: str) -> str:
    return _find_text_fault(value) if value else "a name is missing"


def _find_text_fault(value: str) -> str:
    """The fault of a text: a double quote, a control character, or bytes that are not UTF-8 (decoded as surrogates)."""
    if '"' in value:
        return "a cell holds a double quote"
    if value.isascii() and value.isprintable():
        return ""
    odd = any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in value)  # noqa: PLR2004 - control characters
    if odd or any("\ud800" <= letter <= "\udfff" for letter in value):
        return "a cell holds a control character, or is not UTF-8"
    return ""


def _find_outcome_fault(value: str) -> str:
    return "" if value in set(Outcome) else "the outcome is not up, degraded, down or unknown"


def _find_number_fault(value: str) -> str:
    return "" if _is_number(value) else "a number is not written in digits"


def _find_count_fault(value: str) -> str:
    return _find_number_fault(value) or ("" if int(value) else "a number is 0 where it must be positive")


_FIND_CELL_FAULT = (
    _find_name_fault,
    _find_name_fault,
    _find_outcome_fault,
    _find_number_fault,
    _find_number_fault,
    _find_count_fault,
    _find_name_fault,
    _find_text_fault,
)
"""The validation of each column after the time."""
