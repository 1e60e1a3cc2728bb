"""The reading of day files: the samples of each check from each vantage, and the rows that were left out."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import itemgetter, lt
from typing import NamedTuple, TypeVar

from constat.history.cells import DayBounds, RowCells, Table, read_table
from constat.history.paths import parse_day_path, utc_interval
from constat.interval import Instant
from constat.model import GRAVEST_FIRST, Sample, SkippedRows

V = TypeVar("V")


class Series(NamedTuple):
    """The samples of one check from one vantage, oldest first, no two at one time: their times, and their other cells."""

    service: str
    check: str
    vantage: str
    times: Sequence[Instant]
    rows: Sequence[RowCells]


class DayRows(NamedTuple):
    """A day file: its samples by (service, check, vantage), and a summary of unreadable rows."""

    path: str
    series: tuple[Series, ...]
    skipped: SkippedRows | None


def parse_day(data: bytes, path: str, now: Instant) -> DayRows:
    """Read a day file. `path` is its path under `history/`, used in messages.

    Raises:
        ValueError: the path is not that of a day file.

    """
    date = parse_day_path(path)
    day = DayBounds(utc_interval(date).start, f"{date}T", now)
    text = data.decode("utf-8", "surrogateescape").removeprefix("\ufeff").replace("\r\n", "\n")
    table, skipped = read_table(text, path, day)
    return DayRows(path, _series(table), skipped)


def list_samples(day: DayRows) -> Iterator[Sample]:
    """The samples of a day file that count, check by check, oldest first."""
    for one in day.series:
        for at, row in zip(one.times, one.rows, strict=True):
            yield Sample(
                at,
                one.service,
                one.check,
                row.outcome,
                row.latency_ms,
                row.attempts,
                row.interval_s,
                one.vantage,
                row.reason,
            )


def _series(table: Table) -> tuple[Series, ...]:
    """The rows as one series per check and vantage."""
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(table.rows):
        groups[row.seat].append(number)
    seats = sorted((seat.split(","), groups[seat]) for seat in groups)
    return tuple(_one_series(table, *seat, numbers=numbers) for seat, numbers in seats)


def _one_series(table: Table, service: str, check: str, vantage: str, *, numbers: list[int]) -> Series:
    """The series of some rows, which have one service, check and vantage."""
    times = _pick(table.times, numbers)
    if not all(map(lt, times, islice(times, 1, None))):
        numbers = _one_of_each(table, numbers)
        times = _pick(table.times, numbers)
    return Series(service, check, vantage, times, _pick(table.rows, numbers))


def _pick(column: Sequence[V], numbers: Sequence[int]) -> tuple[V, ...]:
    """The cells of some rows of a column."""
    if len(numbers) == 1:
        return (column[numbers[0]],)
    picked: tuple[V, ...] = itemgetter(*numbers)(column)
    return picked


def _one_of_each(table: Table, numbers: list[int]) -> list[int]:
    """The rows in the order of time; of several at one time the worst known, then the bytewise smallest."""
    best: dict[Instant, tuple[int, bytes, int]] = {}
    for number in numbers:
        at, row = table.times[number], table.rows[number]
        rank = (GRAVEST_FIRST.index(row.outcome), row.text.encode(), number)
        best[at] = min(rank, best.get(at, rank))
    return [best[at][2] for at in sorted(best)]
