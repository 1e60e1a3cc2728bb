"""The writing of day files: one sample, one whole line."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from constat.interval import Instant, format_instant
from constat.model import Sample

_ODD = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff,"]')
_FORMULA = "=+-@"


def format_rows(samples: Iterable[Sample]) -> Iterator[tuple[Instant, str]]:
    """Format samples as their lines in a day file, each with the final LF, and with its time before it.

    Raises:
        ValueError: a cell would begin like a formula, or holds a comma, a double quote, a control character or a
            line break; a name is missing; a number is negative, or 0 where it cannot be.

    """
    written: dict[tuple[object, ...], tuple[str, str]] = {}
    for at, service, check, outcome, latency_ms, attempts, interval_s, vantage, reason in samples:
        series = (service, check, outcome, attempts, interval_s, vantage, reason)
        ends = written.get(series)
        if latency_ms < 0 or attempts < 0 or interval_s < 1:
            raise ValueError(f"a number of {service}/{check} is out of range")
        if ends is None:
            begin, end = _write_ends(service, check, attempts, interval_s, vantage, reason)
            ends = written[series] = f"{begin}{outcome},", end
        yield at, f"{_write_instant(at)}{ends[0]}{latency_ms}{ends[1]}"


def format_row(sample: Sample) -> str:
    """Format one sample as its line in a day file, with the final LF; raises as `format_rows` does."""
    return next(format_rows((sample,)))[1]


_write_instant = lru_cache(maxsize=1 << 12)(format_instant)
"""Cached: of a thousand services, many are checked in the same second."""


@lru_cache(maxsize=1 << 15)
def _write_ends(  # noqa: PLR0913, PLR0917 -- the cells that are the same in most rows of a series
    service: str, check: str, attempts: int, interval_s: int, vantage: str, reason: str
) -> tuple[str, str]:
    """Write the cells before the outcome, and those after the latency."""
    if not (service and check and vantage):
        raise ValueError(f"a name of {service}/{check} is missing")
    for cell in (service, check, vantage, reason):
        if cell[:1] in _FORMULA and cell:
            raise ValueError(f"a cell must not begin with {cell[0]!r}: {cell!r}")
        if odd := _ODD.search(cell):
            raise ValueError(f"a cell must not hold {odd[0]!r}: {cell!r}")
    return f",{service},{check},", f",{attempts},{interval_s},{vantage},{reason}\n"
