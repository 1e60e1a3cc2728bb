"""YAML is read as text, with the place of everything, and bounded."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constat.errors import InputError
from constat.text.yaml_source import MOST_BYTES, read_yaml, read_yaml_at

TEXT = """\
# a comment
open: 17:00
share: 99.95
answer: no
nothing:
quoted: "a: b"
folded: >-
  one
  two
list: [0o7, ~, 2026-11-24]
nested:
  - name: x
    deep: {a: [1]}
"""


def test_scalars_are_read_as_they_look() -> None:
    assert read_yaml(TEXT, "f").data == {
        "open": "17:00",
        "share": "99.95",
        "answer": "no",
        "nothing": "",
        "quoted": "a: b",
        "folded": "one two",
        "list": ["0o7", "~", "2026-11-24"],
        "nested": [{"name": "x", "deep": {"a": ["1"]}}],
    }


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("open",), (2, 1), (2, 7)),
        (("list", 1), None, (10, 13)),
        (("nested", 0, "deep", "a"), (13, 12), (13, 15)),
        (("nested", 0, "deep", "missing"), None, (13, 11)),
    ],
)
def test_every_value_and_key_has_its_place(
    path: tuple[str | int, ...], key: tuple[int, int] | None, value: tuple[int, int]
) -> None:
    document = read_yaml(TEXT, "f")
    assert document.place(path) == value
    assert document.key_place(path) == (key or value)


def test_line_numbers_start_at_the_offset_of_the_text() -> None:
    assert read_yaml("a: 1\nb: 2\n", "f", first_line=10).place(("b",)) == (11, 4)


def test_value_is_found_by_its_path() -> None:
    document = read_yaml(TEXT, "f")
    assert document.value_at(("nested", 0, "name")) == "x"
    assert document.value_at(("nested", 1)) is None
    assert document.value_at(("open", "hours")) is None


def test_alias_has_the_value_of_its_anchor_and_its_own_place() -> None:
    document = read_yaml("a: &x {b: c}\nd: *x\n", "f")
    assert document.data == {"a": {"b": "c"}, "d": {"b": "c"}}
    assert document.place(("d", "b")) == (2, 4)


def test_merged_keys_have_the_merge_place_and_yield_to_written_ones() -> None:
    text = "a: &a {k: 1, l: {m: 2}}\nb: &b {k: 3, n: 4}\nc:\n  <<: [*a, *b]\n  n: 5\nd: {'<<': 6}\n"
    document = read_yaml(text, "f")
    assert document.value_at(("c",)) == {"n": "5", "k": "1", "l": {"m": "2"}}
    assert document.value_at(("d",)) == {"<<": "6"}
    assert document.place(("c", "l", "m")) == document.key_place(("c", "k")) == (4, 3)
    assert document.place(("c", "n")) == (5, 6)


def test_a_merge_of_a_merge_is_followed() -> None:
    document = read_yaml("- &a {k: 1}\n- &b {<<: *a, l: 2}\n- {<<: *b, k: 3}\n", "f")
    assert document.value_at((2,)) == {"k": "3", "l": "2"}


def test_empty_document_is_empty_text() -> None:
    assert read_yaml("", "f").data == ""
    assert read_yaml("# only a comment\n", "f").data == ""


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (
            "a: 1\na: 2\nb: {c: 1, c: 2}\n",
            [
                "f:2:1: the key a appears twice (it is already on line 1: keep one)",
                "f:3:11: the key c appears twice (it is already on line 3: keep one)",
            ],
        ),
        ("? [a]\n: b\n", ["f:1:3: a list or mapping as a key (write a word, then a colon)"]),
        ("{[a]}\n", ["f:1:2: a list or mapping as a key (write a word, then a colon)"]),
        (
            "{x: &a b, *a : c, '*a': d}\n",
            [
                "f:1:11: an alias as a key (write the key itself)",
                "f:1:19: the key *a appears twice (it is already on line 1: keep one)",
            ],
        ),
        (
            "? [a]: b\n",
            [
                "f:1:3: a list or mapping as a key (write a word, then a colon)",
                "f:1:3: a list or mapping as a key (write a word, then a colon)",
            ],
        ),
        (
            "? [a]\n: b\n'': c\n",
            [
                "f:1:3: a list or mapping as a key (write a word, then a colon)",
                "f:3:1: the key  appears twice (it is already on line 2: keep one)",
            ],
        ),
        ("x: &x y\n*x : b\n", ["f:2:1: an alias as a key (write the key itself)"]),
        (
            "x: &x y\n*x : b\n'*x': c\n",
            [
                "f:2:1: an alias as a key (write the key itself)",
                "f:3:1: the key *x appears twice (it is already on line 2: keep one)",
            ],
        ),
        (
            "<<: text\n",
            ["f:1:1: nothing that << can merge (write <<: *name, where &name stands before a mapping)"],
        ),
        (
            "a: &a {<<: *a}\n",
            [
                "f:1:8: nothing that << can merge (write <<: *name, where &name stands before a mapping)",
                "f:1:12: the alias *a refers to nothing complete (define it above)",
            ],
        ),
        ("a: &a [*a]\n", ["f:1:8: the alias *a refers to nothing complete (define it above)"]),
        ("a: \x01\n", ["f:1: a character that YAML does not allow (remove control characters)"]),
        ("- " * 100_000, ["f:1:83: nested more than 40 levels deep (flatten it)"]),
        ("[" * 100_000, ["f:1:42: nested more than 40 levels deep (flatten it)"]),
        ("- x\n" * 30_000, ["f:20000:3: more than 20,000 values (shorten it, or use fewer aliases)"]),
        ("x" * (MOST_BYTES + 1), ["f:1: longer than 1 MiB (shorten it)"]),
    ],
)
def test_unreadable_yaml_is_reported_with_its_place(text: str, messages: list[str]) -> None:
    """Nothing of it reaches the recursion of a parser: deep nesting would end the process."""
    with pytest.raises(InputError) as caught:
        read_yaml(text, "f")
    assert [str(problem) for problem in caught.value.problems] == messages


MARKS = (
    "a",
    "<<: ",
    "*a",
    "'*a'",
    "&a ",
    "!t ",
    ": ",
    "- ",
    "? ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "''",
    "\n",
    "  ",
)


@given(st.lists(st.sampled_from(MARKS), max_size=30).map("".join))
def test_any_text_is_read_or_reported(text: str) -> None:
    """However odd: a key may be a list, an alias, or nothing."""
    with suppress(InputError):
        document = read_yaml_at(text, "f")
        assert all(document.value_at(path) is not None for path in document.places)
