"""The rows of a day file, judged: a file as we write it at once, any other row by row.

What follows the time in a row is nearly always something that was read before: the same check said the same, as fast as
on another day. So it is read and judged once, and looked up from then on. What is odd is left to the walk through the
rows, which knows every tolerance of DESIGN 4; both come to the same.
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
_NO_TIME = "the time is not written as 2026-11-23T09:40:00Z"


class RowCells(NamedTuple):
    """What a row says besides its time. `seat` is service, check and vantage; `text` is all of it as it is written."""

    seat: str
    outcome: Outcome
    interval_s: int
    latency_ms: int
    attempts: int
    reason: str
    text: str


class DayBounds(NamedTuple):
    """The day that a file is for: its first second, its date as its rows begin, and what is later than now."""

    midnight: Instant
    prefix: str
    now: Instant


class Table(NamedTuple):
    """The rows that can be read, in the order of the file: when, and what was seen."""

    times: Sequence[Instant]
    looks: Sequence[RowCells]


def read_table(text: str, path: str, day: DayBounds) -> tuple[Table, SkippedRows | None]:
    """The rows of a day file that can be read, and what was left out."""
    table = _plain_table(text, day)
    return (table, None) if table is not None else _walk(text, path, day)


class _Seconds(dict[str, int]):
    """`09:40:00Z` as seconds since midnight. It never holds more than the seconds of a day."""

    def __missing__(self, text: str) -> int:
        hour, minute, second = text[0:2], text[3:5], text[6:8]
        if f"{hour}:{minute}:{second}Z" != text or not _is_number(hour + minute + second):
            raise KeyError(text)
        seconds = int(hour) * HOUR_S + int(minute) * MINUTE_S + int(second)
        if int(minute) * MINUTE_S >= HOUR_S or int(second) >= MINUTE_S or seconds >= DAY_S:
            raise KeyError(text)
        self[text] = seconds
        return seconds


class _Looks(dict[str, RowCells]):
    """What stands behind the time of a row, `,smtp,submission,up,84,1,60,gha,`, as what it says."""

    def __missing__(self, text: str) -> RowCells:
        cells = text.split(",")
        if len(cells) != len(COLUMNS) or _trouble(cells[1:]):
            raise KeyError(text)
        if len(self) >= _MOST_KNOWN:
            self.clear()
        _, service, check, outcome, latency, attempts, interval, vantage, reason = cells
        seat = f"{service},{check},{vantage}"
        look = RowCells(seat, Outcome(outcome), int(interval), int(latency), int(attempts), reason, text)
        self[text] = look
        return look


_SECONDS = _Seconds()
_LOOKS = _Looks()


def _plain_table(text: str, day: DayBounds) -> Table | None:
    """A file as we write it: the header once, nine cells a row, every row of the day and in order. Else `None`."""
    begin = f"\n{day.prefix}"
    if not text.startswith(HEADER + begin) or not text.endswith("\n"):
        return None
    lines = text[len(HEADER) + 1 : -1].split("\n")
    if text.count(begin) != len(lines):
        return None
    try:
        times = [day.midnight + _SECONDS[line[11:20]] for line in lines]
        looks = [_LOOKS[line[20:]] for line in lines]
    except KeyError:
        return None
    return Table(times, looks) if max(times) <= day.now else None


def _walk(text: str, path: str, day: DayBounds) -> tuple[Table, SkippedRows | None]:
    """Read row by row: header lines set the order of the columns, what cannot be read is counted and named once."""
    layout = tuple(range(len(COLUMNS)))
    times: list[Instant] = []
    looks: list[RowCells] = []
    troubles: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        cells = line.split(",")
        if set(COLUMNS).issubset(cells):
            layout = tuple(cells.index(name) for name in COLUMNS)
        elif len(cells) <= max(layout):
            if line:
                troubles.append((number, "the row is torn: cells are missing"))
        else:
            at, *rest = (cells[index] for index in layout)
            if why := _trouble(rest) or _time_trouble(at, day):
                troubles.append((number, why))
            else:
                times.append(day.midnight + _SECONDS[at[len(day.prefix) :]])
                looks.append(_LOOKS["," + ",".join(rest)])
    return Table(times, looks), SkippedRows(path, len(troubles), *troubles[0]) if troubles else None


def _trouble(cells: Sequence[str]) -> str:
    """Why the cells behind the time cannot be read, empty where they can."""
    judged = zip(_CELL_TROUBLE, cells, strict=True)
    return next((why for trouble, cell in judged if (why := trouble(cell))), "")


def _time_trouble(value: str, day: DayBounds) -> str:
    try:
        second = _SECONDS[value[len(day.prefix) :]]
    except KeyError:
        return _NO_TIME
    if value[10:11] != "T":
        return _NO_TIME
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
    return "" if value in set(Outcome) else "the outcome is not up, degraded, down or unknown"


def _number_trouble(value: str) -> str:
    return "" if _is_number(value) else "a number is not written in digits"


def _count_trouble(value: str) -> str:
    return _number_trouble(value) or ("" if int(value) else "a number is 0 that cannot be")


_CELL_TROUBLE = (
    _name_trouble,
    _name_trouble,
    _outcome_trouble,
    _number_trouble,
    _number_trouble,
    _count_trouble,
    _name_trouble,
    _text_trouble,
)
"""How a cell of each column behind the time is judged."""
