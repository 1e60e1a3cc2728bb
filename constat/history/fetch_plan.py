"""The plan of what to fetch: which files of the branch `history` a job needs on its disk (decision 18)."""

import re
from collections.abc import Callable
from typing import NamedTuple

from constat.history import DAY_FILE
from constat.history.paths import UPSTREAM_MONTH
from constat.interval import DAY_S, Instant, format_instant

PAGE_DAYS = 400
"""The days of evidence that a page publishes: thirteen months, and the days whose samples reach into the first of them."""

_DAYS_FOLDER = re.compile(r"\d{4}(/\d{2})?")
_DERIVED = "derived"
SAID_DAYS = 28
"""How far back, in days, the last word of an upstream service is looked for."""


class FetchPlan(NamedTuple):
    """The files that a job needs: `enters` selects the folders to look into, `takes` the files to take from them."""

    enters: Callable[[str], bool]
    takes: Callable[[str], bool]


def plan_for_watch(now: Instant, longest_interval_s: int) -> FetchPlan:
    """The days of the newest samples and of the last 24 hours, the register, and the notification log.

    The folders of derived files of those days are looked into as well: a late row makes such a file wrong. So is the year in
    which upstream services may have said their last word.
    """
    oldest = _format_day(now - max(DAY_S, 2 * longest_interval_s))
    year_of_word = _format_day(now - SAID_DAYS * DAY_S)[:4]
    return FetchPlan(
        enters=lambda folder: (
            folder in (_DERIVED, year_of_word)
            or _has_recent_days(folder.removeprefix(f"{_DERIVED}/"), oldest)
        ),
        takes=lambda path: _is_since(path, oldest) or (_is_record(path) and _is_needed(path, now)),
    )


def plan_for_page(now: Instant) -> FetchPlan:
    """Everything but day files that are too old to be published: derived files replace them."""
    oldest = _format_day(now - PAGE_DAYS * DAY_S)
    return FetchPlan(
        enters=lambda folder: not _has_days(folder) or _reaches(folder, oldest),
        takes=lambda path: (
            (not DAY_FILE.fullmatch(path) and _is_needed(path, now)) or _is_since(path, oldest)
        ),
    )


def _format_day(at: Instant) -> str:
    return format_instant(at)[:10]


def _has_recent_days(folder: str, oldest: str) -> bool:
    return _has_days(folder) and _reaches(folder, oldest)


def _has_days(folder: str) -> bool:
    """Whether a folder is that of a year or a month of day files."""
    return bool(_DAYS_FOLDER.fullmatch(folder))


def _reaches(folder: str, oldest: str) -> bool:
    """Whether the year or month of a folder ends on or after a day such as `2026-11-23`."""
    return folder.replace("/", "-") >= oldest[: len(folder)]


def _is_since(path: str, oldest: str) -> bool:
    return bool(DAY_FILE.fullmatch(path)) and path[-14:-4] >= oldest


def _is_record(path: str) -> bool:
    """Whether a file is the register or next to it: a file of lines that every job may append to."""
    return "/" not in path


def _is_needed(path: str, now: Instant) -> bool:
    """Whether a file is needed: all are, except old months of what upstream services said."""
    month = UPSTREAM_MONTH.fullmatch(path)
    return month is None or month[1] >= _format_day(now - SAID_DAYS * DAY_S)[:7]
