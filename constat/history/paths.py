"""The paths of the evidence under `history/`: the register, one day file per UTC day, one derived file per day of the page's zone."""

import re
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from constat.interval import DAY_S, HOUR_S, UTC_ZONE, Instant, Interval, day_interval, days_of, midnight
from constat.model import DAY_FILE

REGISTER = "register.jsonl"
"""The path of the register, relative to `history/`."""

UPSTREAM_MONTH = re.compile(r"upstream-(\d{4}-\d{2})\.csv")
"""The paths of what upstream services said, relative to `history/`: a file for each month."""

SETTLED_S = HOUR_S
"""The time after which a day that is over gets a derived file: late rows have arrived by then."""


def build_day_path(day: date) -> str:
    """The path of a UTC day's file: `2026/11/2026-11-23.csv`."""
    return f"{day:%Y/%m}/{day}.csv"


def build_derived_path(day: date) -> str:
    """The path of a local day's derived file: `derived/2026/11/2026-11-23.json`."""
    return f"derived/{day:%Y/%m}/{day}.json"


@lru_cache(maxsize=4096)
def parse_day_path(path: str) -> date:
    """The day of a day file (or a derived file), by its path.

    Raises:
        ValueError: the name is not a day, or the file is in another month's folder.

    """
    *_, year, month, name = path.split("/")
    day = date.fromisoformat(name.partition(".")[0])
    if f"{year}-{month}" != f"{day:%Y-%m}":
        raise ValueError(f"{path} is in another month's folder")
    return day


def utc_interval(day: date) -> Interval:
    """The seconds of a UTC day."""
    start = midnight(day, UTC_ZONE)
    return Interval(start, start + DAY_S)


def list_source_paths(day: date, zone: ZoneInfo) -> tuple[str, ...]:
    """The paths of the UTC day files that overlap a local day, oldest first."""
    return tuple(build_day_path(utc_day) for utc_day in days_of(day_interval(day, zone), UTC_ZONE))


def list_local_days(day: date, zone: ZoneInfo) -> tuple[date, ...]:
    """The local days that overlap a UTC day, oldest first."""
    return tuple(days_of(utc_interval(day), zone))


def is_settled(day: date, zone: ZoneInfo, now: Instant) -> bool:
    """Whether a local day is settled: all its day files have been over for an hour."""
    last = days_of(day_interval(day, zone), UTC_ZONE)[-1]
    return utc_interval(last).end + SETTLED_S <= now


def find_own_year(path: str) -> str | None:
    """Find the year whose branch takes a file: of a day file, or of a month of what upstream services said; else `None`."""
    if DAY_FILE.fullmatch(path):
        return path[:4]
    month = UPSTREAM_MONTH.fullmatch(path)
    return month[1][:4] if month else None
