"""JSON from somebody who may mean harm: what would exhaust its reader is refused, and all else reads as ever."""

import json
import time

import pytest

from constat.text.bounded_json import MAX_DEPTH, OutOfBoundsError, read_bounded_json


@pytest.mark.parametrize(
    "text",
    [
        '{"a": [1, -2.5, 1e3, null, true], "b": {"c": "\\"[[[[{{{{ \\\\"}}',
        '"\\ud83d\\ude00 \\u00e9"',
        "[" * MAX_DEPTH + "]" * MAX_DEPTH,
        "[[], [], []]",
        f'"{"9" * 400}"',
        "9" * 30,
        '""',
    ],
)
def test_what_is_within_bounds_reads_as_ever(text: str) -> None:
    assert read_bounded_json(text.encode()) == json.loads(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[" * 200_000, "nested more than 32 deep"),
        ('{"a":' * 33, "nested more than 32 deep"),
        ('"[[" , ' + "[" * 33, "nested more than 32 deep"),
        ("9" * 31, "more than 30 characters"),
        ("[1." + "0" * 40 + "]", "more than 30 characters"),
        ("1e999", "too large a number"),
        ('{"\\udc80": 1}', "half a pair of surrogates"),
        ('["\\ud800x"]', "half a pair of surrogates"),
    ],
)
def test_what_would_exhaust_or_trip_its_reader_is_refused(text: str, told: str) -> None:
    with pytest.raises(OutOfBoundsError, match=told):
        read_bounded_json(text.encode())


@pytest.mark.parametrize(
    "data", [b"", b"[", b"[1,]", b"NaN", b"-Infinity", b'"open', b"\xff", b"{]", b"]" * 99]
)
def test_what_is_no_json_is_an_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".") as raised:
        read_bounded_json(data)
    assert not isinstance(raised.value, OutOfBoundsError)


@pytest.mark.parametrize(
    "text", ['"' + '\\"' * 500_000, "9" * 1_000_000, '"' + "x" * 4_000_000, "[]" * 500_000]
)
def test_no_text_takes_more_than_time_in_proportion(text: str) -> None:
    """A quadratic reader would take minutes."""
    began = time.process_time()
    with pytest.raises(ValueError, match=r"."):
        read_bounded_json(text.encode())
    assert time.process_time() - began < 5
