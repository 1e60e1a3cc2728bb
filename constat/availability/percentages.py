"""Rule 12: percentages are printed rounded down, so that 100 is printed only if nothing is missing."""

from fractions import Fraction

STATEMENT_DECIMALS = 3
PAGE_DECIMALS = 2


def format_percent(share: Fraction | None, decimals: int = STATEMENT_DECIMALS) -> str | None:
    """A share in [0, 1] as a percentage, rounded down: `Fraction(86399, 86400)` is `99.998`. `None` stays `None`."""
    return None if share is None else _format(100 * share.numerator, share.denominator, decimals)


def format_share(percentage: Fraction, decimals: int = STATEMENT_DECIMALS) -> str:
    """A number that is already a percentage (a target), rounded down to some decimals."""
    return _format(percentage.numerator, percentage.denominator, decimals)


def _format(numerator: int, denominator: int, decimals: int) -> str:
    scale: int = 10**decimals
    whole, rest = divmod(numerator * scale // denominator, scale)
    return f"{whole}.{rest:0{decimals}d}" if decimals else str(whole)
