"""Arbitrary upstream answers are read or refused: nothing else is raised, and everything read is shown as text."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constat.model import UpstreamAnswer, UpstreamSays
from constat.upstream import find_said, format_said, read_feed, read_summary

NOW = 1_795_600_800  # 2026-11-25T10:00:00Z
ENTRY = "<item><title>News &amp; more</title><pubDate>Wed, 25 Nov 2026 09:12:00 GMT</pubDate><link>https://c.example/2</link></item>"
FEED = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{ENTRY}</channel></rss>'
LEAVES: st.SearchStrategy[object] = st.sampled_from(
    [None, True, 7, "", "none", "major", "DNS", "operational", "\u202e,\n", "https://x.example/,", [], {}]
)
TABLES = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("name", "id", "status", "shortlink", "components"), LEAVES)
)
SUMMARIES = st.fixed_dictionaries(
    {
        "status": LEAVES | st.fixed_dictionaries({"indicator": LEAVES, "description": LEAVES}),
        "components": LEAVES | st.lists(TABLES | LEAVES, max_size=2),
        "incidents": LEAVES | st.lists(TABLES | LEAVES, max_size=2),
    }
)


@settings(max_examples=100)
@given(LEAVES | SUMMARIES, st.sampled_from(["", "DNS"]))
def test_arbitrary_json_is_a_summary_or_refused(value: object, component: str) -> None:
    with suppress(ValueError):
        _must_be_fit(read_summary(json.dumps(value).encode(), component))


@settings(max_examples=150)
@given(st.integers(0, len(FEED)), st.binary(max_size=12), st.integers(0, 40))
def test_arbitrary_bytes_are_a_feed_or_refused(at: int, put: bytes, cut: int) -> None:
    data = FEED.encode()
    with suppress(ValueError):
        _must_be_fit(read_feed(data[:at] + put + data[at + cut :], NOW))


def _must_be_fit(says: UpstreamSays) -> None:
    """It is the same after it was written as a row."""
    row = format_said(UpstreamAnswer(NOW, "x", says))
    assert row.count("\n") == 1
    assert [each.says for each in find_said(row.encode(), ["x"], NOW)] == [says]


@pytest.mark.parametrize("encoding", ["nonsense", "utf-7", "cp037", "shift_jis", "idna", "hex"])
def test_unsupported_encoding_is_refused(encoding: str) -> None:
    with suppress(ValueError):
        read_feed(FEED.replace("utf-8", encoding).encode(), NOW)


def test_feed_entry_dated_in_the_future_is_ignored() -> None:
    assert read_feed(FEED.encode(), NOW).title == "News & more"
    assert read_feed(FEED.replace("25 Nov", "27 Nov").encode(), NOW) == UpstreamSays("quiet")
    with pytest.raises(ValueError, match="no entry has a time"):  # it may have news: nothing is known
        read_feed(FEED.replace("25 Nov 2026", "some day").encode(), NOW)
