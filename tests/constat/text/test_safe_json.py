"""JSON of strangers is read within bounds; what exceeds them is refused in a sentence."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constat.text.safe_json import MOST_DEEP, MOST_DIGITS, load_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_ordinary_json_is_read_as_usual(value: Any) -> None:
    assert load_json(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"[" * 100_000, f"nested more than {MOST_DEEP} levels deep"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, f"nested more than {MOST_DEEP} levels deep"),
        (b"[" + b"9" * 5000 + b"]", f"a number of more than {MOST_DIGITS} digits"),
        (b'{"n": -1000000000000000000}', f"a number of more than {MOST_DIGITS} digits"),
        (b"1e999", "1e999 is too large a number"),
        (b'{"n": NaN}', "NaN is not a number of JSON"),
        (b'{"id": "\\ud800"}', "surrogates not allowed"),
        (b'{"id": "\xed\xa0\x80"}', "can't decode byte"),
        (b"\xff\xfe{\x00}\x00", "can't decode byte"),
        (b"{", "Expecting property name"),
    ],
)
def test_excessive_json_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        load_json(data)


@pytest.mark.parametrize(
    "value",
    [["[" * 200], {"hash": "1" * 64}, [[]] * 500, {'a"': '\\"' + "[" * 100}, "\U0001f600", [10**18 - 1]],
)
def test_brackets_digits_and_escapes_inside_strings_are_allowed(value: Any) -> None:
    assert load_json(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    "text", ['"' + '\\"' * 500_000, "9" * 1_000_000, '"' + "x" * 4_000_000, "[]" * 500_000]
)
def test_reading_takes_linear_time(text: str) -> None:
    """A quadratic reader would take minutes."""
    began = time.process_time()
    with pytest.raises(ValueError, match=r"."):
        load_json(text.encode())
    assert time.process_time() - began < 5
