"""Day files, read: every tolerance of DESIGN 4, and fast.

Whole columns are handled at once, and each distinct value of a column is judged once. Only a file in which something
is odd is walked row by row.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from operator import itemgetter, lt

from constat.history.paths import day_of_path, utc_interval
from constat.interval import DAY_S, Instant
from constat.model import Outcome, Sample, SkippedRows

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

_OUTCOMES = {outcome.value: outcome for outcome in Outcome}
_GRAVITY = ("down", "degraded", "up", "unknown")
_DIGITS_AT_MOST = 9


@dataclass(frozen=True, slots=True)
class Series:
    """The samples of one check from one vantage as columns of one length: oldest first, no two at one time."""

    service: str
    check: str
    vantage: str
    times: Sequence[Instant]
    outcomes: Sequence[Outcome]
    latencies: Sequence[int]
    attempts: Sequence[int]
    intervals: Sequence[int]
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True)
class DayRows:
    """One day file, read: its samples by (service, check, vantage), and what was left out."""

    path: str
    series: tuple[Series, ...]
    skipped: SkippedRows | None


def parse_day(data: bytes, path: str, now: Instant) -> DayRows:
    """Read a day file. `path` is its path under `history/`, as it is named to people.

    Raises:
        ValueError: the path is not that of a day file.

    """
    midnight = utc_interval(day_of_path(path)).start
    text = data.decode("utf-8", "surrogateescape").removeprefix("\ufeff").replace("\r\n", "\n")
    judge = _Judge(midnight, str(day_of_path(path)), now)
    columns = _plain_columns(text)
    skipped = None
    if columns is None or any(judge.trouble(set(column), index) for index, column in enumerate(columns)):
        columns, skipped = _walk(text, path, judge)
    return DayRows(path, _series(columns, judge), skipped)


def samples(day: DayRows) -> Iterator[Sample]:
    """Every sample of a day file that counts, in the order of its checks, oldest first."""
    for one in day.series:
        columns = (one.times, one.outcomes, one.latencies, one.attempts, one.intervals, one.reasons)
        for at, outcome, latency_ms, attempts, interval_s, reason in zip(*columns, strict=True):
            yield Sample(
                at, one.service, one.check, outcome, latency_ms, attempts, interval_s, one.vantage, reason
            )


class _Judge:
    """Whether the cells of one day file can be read, and the instants that its `at` cells mean."""

    def __init__(self, midnight: Instant, day: str, now: Instant) -> None:
        self._midnight = midnight
        self._prefix = f"{day}T"
        self._now = now
        self.instants: dict[str, Instant] = {}
        self._good: tuple[set[str], ...] = tuple(set() for _ in COLUMNS)

    def trouble(self, values: Iterable[str], column: int) -> str:
        """Why one of some cells of a column cannot be read, empty where all can. Each value is judged once."""
        good = self._good[column]
        for value in values:
            if value in good:
                continue
            why = self._time_trouble(value) if column == 0 else _CELL_TROUBLE[column](value)
            if why:
                return why
            good.add(value)
        return ""

    def _time_trouble(self, value: str) -> str:
        second = _second_of_day(value[11:])
        if second is None or value[10:11] != "T":
            return "the time is not written as 2026-11-23T09:40:00Z"
        if not value.startswith(self._prefix):
            return "it belongs in another day's file"
        at = self._midnight + second
        if at > self._now:
            return "it is later than now"
        self.instants[value] = at
        return ""


@lru_cache(maxsize=DAY_S)
def _second_of_day(text: str) -> int | None:
    """`09:40:00Z` as seconds since midnight, `None` where it is no such time."""
    hour, minute, second = text[0:2], text[3:5], text[6:8]
    if f"{hour}:{minute}:{second}Z" != text or not _is_number(hour + minute + second):
        return None
    seconds = int(hour) * 3600 + int(minute) * 60 + int(second)
    return seconds if int(minute) < 60 and int(second) < 60 and seconds < DAY_S else None  # noqa: PLR2004


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _DIGITS_AT_MOST


def _name_trouble(value: str) -> str:
    return _text_trouble(value) if value else "a name is missing"


def _text_trouble(value: str) -> str:
    """A cell holds no double quote and no control character, and is UTF-8 (what is not came in as a surrogate)."""
    if '"' in value:
        return "a cell holds a double quote"
    if value.isascii() and value.isprintable():
        return ""
    odd = any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in value)  # noqa: PLR2004
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


def _plain_columns(text: str) -> Columns | None:
    """The columns of a file as we write it: the header once, nine cells a row, a final LF. `None` where it is not so.

    All cells are split at once: one list a row would cost more than everything else. Line ends become cells of their
    own, and must all stand in the tenth column.
    """
    if not text.startswith(HEADER + "\n") or not text.endswith("\n"):
        return None
    width = len(COLUMNS) + 1
    cells = text[len(HEADER) + 1 :].replace("\n", ",\n,").split(",")
    del cells[-1]
    if len(cells) % width or cells[width - 1 :: width].count("\n") * width != len(cells):
        return None
    return [cells[index::width] for index in range(len(COLUMNS))]


def _walk(text: str, path: str, judge: _Judge) -> tuple[Columns, SkippedRows | None]:
    """Read row by row: header lines set the order of the columns, what cannot be read is counted and named once."""
    layout = tuple(range(len(COLUMNS)))
    columns: list[list[str]] = [[] for _ in COLUMNS]
    troubles: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        cells = line.split(",")
        if set(COLUMNS).issubset(cells):
            layout = tuple(cells.index(name) for name in COLUMNS)
        elif len(cells) <= max(layout):
            if line:
                troubles.append((number, "the row is torn: cells are missing"))
        elif why := _row_trouble(row := [cells[index] for index in layout], judge):
            troubles.append((number, why))
        else:
            for column, cell in zip(columns, row, strict=True):
                column.append(cell)
    return columns, SkippedRows(path, len(troubles), *troubles[0]) if troubles else None


def _row_trouble(row: Sequence[str], judge: _Judge) -> str:
    return next((why for index, cell in enumerate(row) if (why := judge.trouble((cell,), index))), "")


def _series(columns: Columns, judge: _Judge) -> tuple[Series, ...]:
    """Judged columns as one series per check and vantage."""
    _, services, checks, _, _, _, _, vantages, _ = columns
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for number, key in enumerate(map(",".join, zip(services, checks, vantages, strict=True))):
        groups[key].append(number)
    return tuple(_one_series(columns, groups[key], judge) for key in sorted(groups, key=_key_parts))


def _key_parts(key: str) -> list[str]:
    return key.split(",")


def _one_series(columns: Columns, numbers: list[int], judge: _Judge) -> Series:
    """The series of some rows, which have one service, check and vantage."""
    at = columns[0].__getitem__
    times = list(map(judge.instants.__getitem__, map(at, numbers)))
    if not all(map(lt, times, islice(times, 1, None))):
        numbers = _one_of_each(columns, numbers)
        times = list(map(judge.instants.__getitem__, map(at, numbers)))
    pick = itemgetter(*numbers) if len(numbers) > 1 else _only(numbers[0])
    service, check, vantage = (columns[index][numbers[0]] for index in (1, 2, 7))
    return Series(
        service,
        check,
        vantage,
        times,
        list(map(_OUTCOMES.__getitem__, pick(columns[3]))),
        list(map(int, pick(columns[4]))),
        list(map(int, pick(columns[5]))),
        list(map(int, pick(columns[6]))),
        pick(columns[8]),
    )


def _only(number: int) -> Callable[[Sequence[str]], Sequence[str]]:
    """What `itemgetter` does not do for a single row: a sequence of one."""
    return lambda column: (column[number],)


def _one_of_each(columns: Columns, numbers: list[int]) -> list[int]:
    """The rows in the order of time; of those of one time the worst known, then the bytewise smallest."""
    best: dict[str, tuple[int, bytes, int]] = {}
    for number in numbers:
        cells = [column[number] for column in columns]
        rank = (_GRAVITY.index(cells[3]), ",".join(cells).encode(), number)
        best[cells[0]] = min(rank, best.get(cells[0], rank))
    return [best[at][2] for at in sorted(best)]
