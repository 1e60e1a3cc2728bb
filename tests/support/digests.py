"""Samples as the product reads them: written as day files, parsed, digested day by day and joined, without a disk."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from constat.history import (
    HEADER,
    DayRows,
    OnTimePart,
    build_day_path,
    digest_day,
    find_earliest,
    format_row,
    join_digests,
    list_local_days,
    parse_day,
)
from constat.interval import Instant, Interval, day_interval
from constat.model import Evidence, Sample


def digest_samples(
    samples: Iterable[Sample], window: Interval, zone: ZoneInfo, now: Instant, late: Iterable[Sample] = ()
) -> Evidence:
    """Digest samples, in any order and with duplicates, into the evidence of a window up to `now`; `late` are late rows."""
    files = _build_day_files(samples, late, now)
    days = sorted({day for utc_day in files for day in list_local_days(utc_day, zone)})
    digests = [
        digest_day(day, day_interval(day, zone), [files[utc_day] for utc_day in sorted(files)])
        for day in days
    ]
    firsts = find_earliest(item for digest in digests for item in digest.firsts.items())
    return join_digests(digests, window, firsts)


def _build_day_files(samples: Iterable[Sample], late: Iterable[Sample], now: Instant) -> dict[date, DayRows]:
    timely, behind = _group_rows_by_day(samples), _group_rows_by_day(late)
    files = {}
    for day in timely.keys() | behind.keys():
        covered = f"{HEADER}\n{''.join(timely.get(day, ()))}".encode()
        data = covered + "".join(behind.get(day, ())).encode()
        files[day] = parse_day(data, build_day_path(day), now, OnTimePart(len(covered), 0))
    return files


def _group_rows_by_day(samples: Iterable[Sample]) -> dict[date, list[str]]:
    lines: defaultdict[date, list[str]] = defaultdict(list)
    for sample in samples:
        lines[datetime.fromtimestamp(sample.at, UTC).date()].append(format_row(sample))
    return lines
