"""Where clocks are set back, a time of day alone means either of two: pages, feeds and mail tell its offset."""

import pytest

from constat.interval import parse_instant
from constat.posts.wording import format_moment, format_span
from tests.support.two_languages import load_language

START, END = parse_instant("2026-10-25T00:30:00Z"), parse_instant("2026-10-25T01:30:00Z")


@pytest.mark.parametrize(
    ("code", "span"),
    [
        ("en", "25 October 2026, 02:30 UTC+2 to 02:30 UTC+1 (Zurich time)"),
        ("fr", "25 octobre 2026, de 2\u00a0h\u00a030 UTC+2 à 2\u00a0h\u00a030 UTC+1 (heure de Zurich)"),
    ],
)
def test_an_hour_across_the_change_of_clocks_has_a_beginning_and_an_end(code: str, span: str) -> None:
    assert format_span(load_language(code, START), START, END) == span


def test_ambiguous_full_hour_is_not_shortened() -> None:
    english = load_language("en", START)
    two = parse_instant("2026-10-25T00:00:00Z")
    assert english.clock(two, announced=True) == "02:00 UTC+2"
    assert english.clock(two - 3600, announced=True) == "01:00"
    assert format_moment(english, END) == "25 October 2026, 02:30 UTC+1 (Zurich time)"
