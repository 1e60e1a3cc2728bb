"""Rounding is down, and 100 means that not one second is missing."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constat.availability import format_percent, format_share


@pytest.mark.parametrize(
    ("share", "decimals", "printed"),
    [
        (Fraction(86_399, 86_400), 3, "99.998"),
        (Fraction(86_399, 86_400), 2, "99.99"),
        (Fraction(10**12 - 1, 10**12), 3, "99.999"),
        (Fraction(1), 3, "100.000"),
        (Fraction(0), 2, "0.00"),
        (Fraction(1, 10**12), 2, "0.00"),
        (Fraction(2, 3), 0, "66"),
        (Fraction(5, 100), 3, "5.000"),
        (None, 3, None),
    ],
)
def test_a_share_is_rounded_down(share: Fraction | None, decimals: int, printed: str | None) -> None:
    assert format_percent(share, decimals) == printed


def test_a_target_is_printed_as_a_percentage() -> None:
    assert format_share(Fraction("99.95")) == "99.950"


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(0, 4))
def test_only_exactly_100_percent_prints_100(whole: int, missing: int, decimals: int) -> None:
    """Whatever is missing, however little, the print is below 100 and not above the truth."""
    share = Fraction(max(0, whole - missing), whole)
    printed = format_percent(share, decimals)
    assert printed is not None
    assert printed.startswith("100") == (share == 1)
    assert Fraction(printed) <= share * 100 < Fraction(printed) + Fraction(1, 10**decimals)
