"""The reading of day files: the samples of each check from each vantage, and the rows that were left out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import itemgetter, lt
from typing import NamedTuple, TypeVar

from constat.history.cells import ANOTHER_DAY, DayBounds, RowCells, Table, read_table
from constat.history.on_time import OnTimePart
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
    """A day file: its samples by (service, check, vantage), those that are late, and a summary of unreadable rows.

    `late_times`: the time of every late row, whether or not it is a sample: of several with one key only one is, and
    none of them where a row on time has that key.
    """

    path: str
    series: tuple[Series, ...]
    skipped: SkippedRows | None
    late: tuple[Series, ...] = ()
    late_times: tuple[Instant, ...] = ()

    @property
    def is_misplaced(self) -> bool:
        """Whether the file is one of another day, under the name of this one: it holds nothing of this day."""
        nothing = not self.series and not self.late
        return nothing and self.skipped is not None and self.skipped.why == ANOTHER_DAY


def parse_day(data: bytes, path: str, now: Instant, on_time: OnTimePart | None = None) -> DayRows:
    """Read a day file. `path` is its path under `history/`, used in messages; `on_time`: the part of it that is on time.

    Raises:
        ValueError: the path is not that of a day file.

    """
    date = parse_day_path(path)
    day = DayBounds(utc_interval(date).start, f"{date}T", now)
    text = data.decode("utf-8", "surrogateescape").removeprefix("\ufeff").replace("\r\n", "\n")
    table, skipped = read_table(text, path, day)
    late = _find_late(table, data, on_time) if on_time else []
    if not late:
        return DayRows(path, _group_by_seat(table), skipped)
    timely = _group_by_seat(_take(table, sorted(set(range(len(table.rows))).difference(late))))
    kept = _drop_ties(_group_by_seat(_take(table, late)), timely)
    return DayRows(path, timely, skipped, kept, tuple(table.times[number] for number in late))


def _find_late(table: Table, data: bytes, on_time: OnTimePart) -> list[int]:
    """The rows of a table that are late: those whose line ends after the part that is on time."""
    whole_lines = data.count(b"\n", 0, on_time.bytes)
    return [
        number
        for number, (at, line) in enumerate(zip(table.times, table.lines, strict=True))
        if line > whole_lines and at >= on_time.since
    ]


def _take(table: Table, numbers: Sequence[int]) -> Table:
    """Some rows of a table."""
    return Table(
        [table.times[number] for number in numbers],
        [table.rows[number] for number in numbers],
        [table.lines[number] for number in numbers],
    )


def _drop_ties(late: Iterable[Series], timely: Iterable[Series]) -> tuple[Series, ...]:
    """Drop the rows of late series that have the key of a row on time: a late row wins no tie."""
    taken = {(series.service, series.check, series.vantage): set(series.times) for series in timely}
    left = (
        _drop_times(series, taken.get((series.service, series.check, series.vantage), set()))
        for series in late
    )
    return tuple(series for series in left if series.times)


def _drop_times(series: Series, times: set[Instant]) -> Series:
    kept = [(at, row) for at, row in zip(series.times, series.rows, strict=True) if at not in times]
    return series._replace(times=tuple(at for at, _ in kept), rows=tuple(row for _, row in kept))


def list_samples(day: DayRows) -> Iterator[Sample]:
    """The samples of a day file that count, those on time first, check by check, oldest first."""
    for series in (*day.series, *day.late):
        for at, row in zip(series.times, series.rows, strict=True):
            yield Sample(
                at,
                series.service,
                series.check,
                row.outcome,
                row.latency_ms,
                row.attempts,
                row.interval_s,
                series.vantage,
                row.reason,
            )


def _group_by_seat(table: Table) -> tuple[Series, ...]:
    """Group the rows into one series per check and vantage."""
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(table.rows):
        groups[row.seat].append(number)
    seats = sorted((seat.split(","), groups[seat]) for seat in groups)
    return tuple(_build_series(table, *seat, numbers=numbers) for seat, numbers in seats)


def _build_series(table: Table, service: str, check: str, vantage: str, *, numbers: list[int]) -> Series:
    """The series of some rows, which have one service, check and vantage."""
    times = _pick(table.times, numbers)
    if not all(map(lt, times, islice(times, 1, None))):
        numbers = _choose_per_time(table, numbers)
        times = _pick(table.times, numbers)
    return Series(service, check, vantage, times, _pick(table.rows, numbers))


def _pick(column: Sequence[V], numbers: Sequence[int]) -> tuple[V, ...]:
    """The cells of some rows of a column."""
    if len(numbers) == 1:
        return (column[numbers[0]],)
    picked: tuple[V, ...] = itemgetter(*numbers)(column)
    return picked


def _choose_per_time(table: Table, numbers: list[int]) -> list[int]:
    """The rows in the order of time; of several at one time the worst known, then the bytewise smallest."""
    best: dict[Instant, tuple[int, bytes, int]] = {}
    for number in numbers:
        at, row = table.times[number], table.rows[number]
        rank = (GRAVEST_FIRST.index(row.outcome), row.text.encode(), number)
        best[at] = min(rank, best.get(at, rank))
    return [best[at][2] for at in sorted(best)]
