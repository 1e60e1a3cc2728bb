"""The writing of day files: one sample, one whole line."""

import re

from constat.interval import format_instant
from constat.model import Sample

_ODD = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff,"]')
_FORMULA = "=+-@"


def format_row(sample: Sample) -> str:
    """Format a sample as its line in a day file, with the final LF.

    Raises:
        ValueError: a cell would begin like a formula, or holds a comma, a double quote, a control character or a
            line break; a name is missing; a number is negative, or 0 where it cannot be.

    """
    if min(sample.latency_ms, sample.attempts) < 0 or sample.interval_s < 1:
        raise ValueError(f"a number of {sample.service}/{sample.check} is out of range")
    names = (sample.service, sample.check, sample.vantage)
    if not all(names):
        raise ValueError(f"a name of {sample.service}/{sample.check} is missing")
    for cell in (*names, sample.reason):
        if cell[:1] in _FORMULA and cell:
            raise ValueError(f"a cell must not begin with {cell[0]!r}: {cell!r}")
        if odd := _ODD.search(cell):
            raise ValueError(f"a cell must not hold {odd[0]!r}: {cell!r}")
    numbers = f"{sample.latency_ms},{sample.attempts},{sample.interval_s}"
    at = format_instant(sample.at)
    return (
        f"{at},{sample.service},{sample.check},{sample.outcome},{numbers},{sample.vantage},{sample.reason}\n"
    )
