"""The cells of a day file, as text and judged: a file as we write it at once, any other row by row.

Whole columns are handled at once, and each distinct value of a column is judged once. What is odd is left to the walk
through the rows, which knows every tolerance of DESIGN 4; both come to the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from constat.interval import DAY_S, Instant
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

Columns = Sequence[Sequence[str]]
"""The nine columns of some rows, in the order of `COLUMNS`, as text."""

_OUTCOMES = frozenset(Outcome)
_DIGITS_AT_MOST = 9
_AT, _LATENCY = COLUMNS.index("at"), COLUMNS.index("latency_ms")


@dataclass(frozen=True, slots=True)
class Day:
    """The day that a file is for: its first second, its date as its rows begin, and what is later than now."""

    midnight: Instant
    prefix: str
    now: Instant


@dataclass(frozen=True, slots=True)
class Table:
    """The rows that can be read: their cells by column, and the instants of their first column."""

    columns: Columns
    times: Sequence[Instant]


def read_table(text: str, path: str, day: Day) -> tuple[Table, SkippedRows | None]:
    """The rows of a day file that can be read, and what was left out."""
    table = _plain_table(text, day)
    return (table, None) if table is not None else _walk(text, path, day)


class _Seconds(dict[str, int]):
    """`09:40:00Z` as seconds since midnight. It never holds more than the seconds of a day."""

    def __missing__(self, text: str) -> int:
        hour, minute, second = text[0:2], text[3:5], text[6:8]
        if f"{hour}:{minute}:{second}Z" != text or not _is_number(hour + minute + second):
            raise KeyError(text)
        seconds = int(hour) * 3600 + int(minute) * 60 + int(second)
        if int(minute) >= 60 or int(second) >= 60 or seconds >= DAY_S:  # noqa: PLR2004 - minutes and seconds
            raise KeyError(text)
        self[text] = seconds
        return seconds


_SECONDS = _Seconds()


def _plain_table(text: str, day: Day) -> Table | None:
    """A file as we write it: the header once, nine cells a row, every row of the day and in order. Else `None`.

    All cells are split at once: one list a row would cost more than everything else. Line ends become cells of their
    own, and must all stand in the tenth column.
    """
    begin = f"\n{day.prefix}"
    if not text.startswith(HEADER + begin) or not text.endswith("\n"):
        return None
    body = text[len(HEADER) :]
    width, rows = len(COLUMNS) + 1, body.count("\n") - 1
    cells = body.replace(begin, "\n")[1:].replace("\n", ",\n,").split(",")
    del cells[-1]
    if body.count(begin) != rows or len(cells) != rows * width or cells[width - 1 :: width].count("\n") != rows:
        return None
    columns = [cells[index::width] for index in range(len(COLUMNS))]
    try:
        times = [day.midnight + second for second in map(_SECONDS.__getitem__, columns[_AT])]
    except KeyError:
        return None
    return Table(columns, times) if max(times) <= day.now and _readable(columns) else None


def _readable(columns: Columns) -> bool:
    """Whether every cell can be read; those of `at` are known to be."""
    few = (index for index in range(len(COLUMNS)) if index not in {_AT, _LATENCY})
    if any(_CELL_TROUBLE[index](value) for index in few for value in set(columns[index])):
        return False
    lengths = set(map(len, columns[_LATENCY]))
    return _all_digits("".join(columns[_LATENCY])) and 0 not in lengths and max(lengths) <= _DIGITS_AT_MOST


def _walk(text: str, path: str, day: Day) -> tuple[Table, SkippedRows | None]:
    """Read row by row: header lines set the order of the columns, what cannot be read is counted and named once."""
    layout = tuple(range(len(COLUMNS)))
    rows: list[list[str]] = []
    troubles: list[tuple[int, str]] = []
    known: set[tuple[int, str]] = set()
    for number, line in enumerate(text.split("\n"), start=1):
        cells = line.split(",")
        if set(COLUMNS).issubset(cells):
            layout = tuple(cells.index(name) for name in COLUMNS)
        elif len(cells) <= max(layout):
            if line:
                troubles.append((number, "the row is torn: cells are missing"))
        elif why := _row_trouble(row := [cells[index] for index in layout], day, known):
            troubles.append((number, why))
        else:
            rows.append(row)
    columns = list(zip(*rows, strict=True)) or [()] * len(COLUMNS)
    times = [day.midnight + _SECONDS[at[len(day.prefix) :]] for at in columns[_AT]]
    return Table(columns, times), SkippedRows(path, len(troubles), *troubles[0]) if troubles else None


def _row_trouble(row: Iterable[str], day: Day, known: set[tuple[int, str]]) -> str:
    """Why a row cannot be read, empty where it can. `known`: cells that were found good before."""
    for index, cell in enumerate(row):
        if (index, cell) in known:
            continue
        why = _CELL_TROUBLE[index](cell) or (_time_trouble(cell, day) if index == _AT else "")
        if why:
            return why
        known.add((index, cell))
    return ""


def _time_trouble(value: str, day: Day) -> str:
    try:
        second = _SECONDS[value[len(day.prefix) :]]
    except KeyError:
        return "the time is not written as 2026-11-23T09:40:00Z"
    if value[10:11] != "T":
        return "the time is not written as 2026-11-23T09:40:00Z"
    if not value.startswith(day.prefix):
        return "it belongs in another day's file"
    return "it is later than now" if day.midnight + second > day.now else ""


def _all_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_number(text: str) -> bool:
    return _all_digits(text) and len(text) <= _DIGITS_AT_MOST


def _name_trouble(value: str) -> str:
    return _text_trouble(value) if value else "a name is missing"


def _text_trouble(value: str) -> str:
    """A cell holds no double quote and no control character, and is UTF-8 (what is not came in as a surrogate)."""
    if '"' in value:
        return "a cell holds a double quote"
    if value.isascii() and value.isprintable():
        return ""
    odd = any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in value)  # noqa: PLR2004 - control characters
    if odd or any("\ud800" <= letter <= "\udfff" for letter in value):
        return "a cell holds a control character, or is not UTF-8"
    return ""


def _outcome_trouble(value: str) -> str:
    return "" if value in _OUTCOMES else "the outcome is not up, degraded, down or unknown"


def _number_trouble(value: str) -> str:
    return "" if _is_number(value) else "a number is not written in digits"


def _count_trouble(value: str) -> str:
    return _number_trouble(value) or ("" if int(value) else "a number is 0 that cannot be")


_CELL_TROUBLE = (
    _text_trouble,
    _name_trouble,
    _name_trouble,
    _outcome_trouble,
    _number_trouble,
    _number_trouble,
    _count_trouble,
    _name_trouble,
    _text_trouble,
)
"""How a cell of each column is judged; the first, `at`, needs the file's day as well."""
