"""Day files, read: the samples of each check from each vantage, and what was left out (DESIGN 4)."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter, lt
from typing import Any

from constat.history.cells import Day, Table, read_table
from constat.history.paths import day_of_path, utc_interval
from constat.interval import Instant
from constat.model import Outcome, Sample, SkippedRows

_OUTCOMES = {outcome.value: outcome for outcome in Outcome}
_GRAVITY = ("down", "degraded", "up", "unknown")


@dataclass(frozen=True, slots=True)
class Series:
    """The samples of one check from one vantage as columns of one length: oldest first, no two at one time.

    `latencies` and `attempts` are left as they are written, in digits: few readers need them.
    """

    service: str
    check: str
    vantage: str
    times: Sequence[Instant]
    outcomes: Sequence[Outcome]
    latencies: Sequence[str]
    attempts: Sequence[str]
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
    date = day_of_path(path)
    day = Day(utc_interval(date).start, f"{date}T", now)
    text = data.decode("utf-8", "surrogateescape").removeprefix("\ufeff").replace("\r\n", "\n")
    table, skipped = read_table(text, path, day)
    return DayRows(path, _series(table), skipped)


def samples(day: DayRows) -> Iterator[Sample]:
    """Every sample of a day file that counts, in the order of its checks, oldest first."""
    for one in day.series:
        columns = (one.times, one.outcomes, one.latencies, one.attempts, one.intervals, one.reasons)
        for at, outcome, latency_ms, attempts, interval_s, reason in zip(*columns, strict=True):
            yield Sample(
                at,
                one.service,
                one.check,
                outcome,
                int(latency_ms),
                int(attempts),
                interval_s,
                one.vantage,
                reason,
            )


def _series(table: Table) -> tuple[Series, ...]:
    """The rows as one series per check and vantage."""
    _, services, checks, _, _, _, _, vantages, _ = table.columns
    groups: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    for number, key in enumerate(zip(services, checks, vantages, strict=True)):
        groups[key].append(number)
    return tuple(_one_series(table, *key, groups[key]) for key in sorted(groups))


def _one_series(table: Table, service: str, check: str, vantage: str, numbers: list[int]) -> Series:
    """The series of some rows, which have one service, check and vantage."""
    times = _picker(numbers)(table.times)
    if not all(map(lt, times, islice(times, 1, None))):
        numbers = _one_of_each(table, numbers)
        times = _picker(numbers)(table.times)
    _, _, _, outcomes, latencies, attempts, intervals, _, reasons = map(_picker(numbers), table.columns)
    lengths = {text: int(text) for text in set(intervals)}
    return Series(
        service,
        check,
        vantage,
        times,
        tuple(map(_OUTCOMES.__getitem__, outcomes)),
        latencies,
        attempts,
        tuple(map(lengths.__getitem__, intervals)),
        reasons,
    )


def _picker(numbers: Sequence[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """What picks the cells of some rows from a column."""
    if len(numbers) > 1:
        return itemgetter(*numbers)
    return lambda column: (column[numbers[0]],)


def _one_of_each(table: Table, numbers: list[int]) -> list[int]:
    """The rows in the order of time; of those of one time the worst known, then the bytewise smallest."""
    best: dict[Instant, tuple[int, bytes, int]] = {}
    for number in numbers:
        cells = [column[number] for column in table.columns]
        rank = (_GRAVITY.index(cells[3]), ",".join(cells).encode(), number)
        at = table.times[number]
        best[at] = min(rank, best.get(at, rank))
    return [best[at][2] for at in sorted(best)]
