"""Which files of the branch `history` a job needs on its disk."""

from collections.abc import Iterable

from constat.history import DAY_FILE
from constat.interval import DAY_S, Instant, format_instant

PAGE_DAYS = 400
"""Thirteen months and the days that speak into the first of them: what a page publishes as evidence."""


def for_watch(paths: Iterable[str], now: Instant, longest_interval_s: int) -> list[str]:
    """The days that the newest samples and the last 24 hours reach, the register, and who was told what."""
    oldest = _day(now - max(DAY_S, 2 * longest_interval_s))
    return [path for path in paths if _is_since(path, oldest) or _is_record(path)]


def for_page(paths: Iterable[str], now: Instant) -> list[str]:
    """Everything but day files too old to be published: derived files stand for them."""
    oldest = _day(now - PAGE_DAYS * DAY_S)
    return [path for path in paths if not DAY_FILE.fullmatch(path) or _is_since(path, oldest)]


def _day(at: Instant) -> str:
    return format_instant(at)[:10]


def _is_since(path: str, oldest: str) -> bool:
    return bool(DAY_FILE.fullmatch(path)) and path[-14:-4] >= oldest


def _is_record(path: str) -> bool:
    """The register, and what lies beside it: files of lines that every job may append to."""
    return "/" not in path
