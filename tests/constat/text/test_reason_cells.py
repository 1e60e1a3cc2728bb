"""Reasons as cells: no reader of CSV splits them, and people read what was meant."""

import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constat.text.reason_cells import LONGEST, decode_reason, encode_reason


@pytest.mark.parametrize(
    ("reason", "cell"),
    [
        ("status 503", "status 503"),
        (
            "content 'Größe, \u00df \u2013 \"x\" 50%' missing",
            "content 'Größe%2C \u00df \u2013 %22x%22 50%25' missing",
        ),
        ("content '%2C' missing", "content '%252C' missing"),
        ("=1+2", "1+2"),
        ("-@ x", "x"),
        ("a\nb\u2028c\x00", "a b c?"),
    ],
)
def test_written_reason_contains_no_comma(reason: str, cell: str) -> None:
    assert encode_reason(reason) == cell


def test_a_long_reason_is_cut_between_letters_and_not_within_a_code() -> None:
    cell = encode_reason("," * 999)
    assert cell == "%2C" * LONGEST


@given(st.text(max_size=80))
@settings(max_examples=200)
def test_written_reason_is_read_back_and_is_plain_for_other_readers(text: str) -> None:
    cell = encode_reason(text)
    assert encode_reason(decode_reason(cell)) == cell
    assert next(csv.reader([cell]), [""]) in ([cell], [])
    assert not cell or cell[0] not in "=+-@"
    assert cell.isprintable()
    assert not set(cell) & set(',"')
