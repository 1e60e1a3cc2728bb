"""Samples as the product reads them: written as day files, parsed, digested day by day and joined, without a disk."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from constat.history import (
    HEADER,
    DayRows,
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


def digested(samples: Iterable[Sample], window: Interval, zone: ZoneInfo, now: Instant) -> Evidence:
    """The evidence of a window, up to `now`, from samples in any order, duplicates included."""
    files = _day_files(samples, now)
    days = sorted({day for utc_day in files for day in list_local_days(utc_day, zone)})
    digests = [
        digest_day(day, day_interval(day, zone), [files[utc_day] for utc_day in sorted(files)])
        for day in days
    ]
    firsts = find_earliest(item for digest in digests for item in digest.firsts.items())
    return join_digests(digests, window, firsts)


def _day_files(samples: Iterable[Sample], now: Instant) -> dict[date, DayRows]:
    lines: defaultdict[date, list[str]] = defaultdict(list)
    for sample in samples:
        lines[datetime.fromtimestamp(sample.at, UTC).date()].append(format_row(sample))
    return {
        day: parse_day(f"{HEADER}\n{''.join(rows)}".encode(), build_day_path(day), now)
        for day, rows in lines.items()
    }
