"""Paths into JSON documents, and the comparison of the values found there."""

import pytest

from checks.reasons import Trouble
from checks.records.json_path import find_value, format_value, parse_json, satisfies

DOCUMENT = parse_json(b'{"a": {"b": [1, {"c/d": "x", "e~f": null}]}, "": 5, "g.h": 1.50, "big": 1e400}')


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.b.0", "1"),
        ("$.a.b.0", "1"),
        ("/a/b/0", "1"),
        ("/a/b/1/c~1d", "x"),
        ("/a/b/1/e~0f", "null"),
        ("/", "5"),
        ("/g.h", "1.50"),
        ("a.b.1", '{"c/d": "x", "e~f": null}'),
        ("big", "1E+400"),
    ],
)
def test_a_path_leads_to_a_value(path: str, text: str) -> None:
    assert format_value(find_value(DOCUMENT, path)) == text


@pytest.mark.parametrize("path", ["a.x", "a.b.9", "a.b.-1", "a.b.0.c", "/a/b/01x", "g.h", "a.b.٣"])
def test_missing_path_raises_lookup_error(path: str) -> None:
    with pytest.raises(LookupError):
        find_value(DOCUMENT, path)


@pytest.mark.parametrize(
    ("found", "expected", "well"),
    [
        ("ok", "ok", True),
        ("ok", "= ok", True),
        ("ok", "OK", False),
        ("12.50", "12.5", True),
        ("12.50", ">= 12.5", True),
        ("12.49", ">=12.5", False),
        ("3", "< 3", False),
        ("3", "<= 3", True),
        ("4", "> 3", True),
        ("ok", "> 3", False),
        ("4", "> many", False),
        ("error", "!= error", False),
        ("1.0", "!= 1", False),
        ("NaN", "> 0", False),
        ("Infinity", "> 0", False),
    ],
)
def test_numbers_are_compared_numerically(found: str, expected: str, well: bool) -> None:
    assert satisfies(found, expected) is well


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"1" * 5000 + b"x"])
def test_invalid_json_is_reported(body: bytes) -> None:
    with pytest.raises(Trouble, match="protocol not JSON"):
        parse_json(body)
