"""Times that the script of /compose/ writes are those that the page writes: compared in five languages, where clocks change too."""

import re
from datetime import UTC, datetime
from html import unescape
from zoneinfo import ZoneInfo

from constat.i18n import Language, load
from constat.interval import DAY_S, HOUR_S, MINUTE_S, Instant, parse_instant
from constat.render.compose_times import describe_times
from constat.render.notice_texts import format_span
from tests.support.notice_drafts import call_script
from tests.support.rendered_site import TEMPLATES

ZONE = ZoneInfo("Europe/Zurich")
NOW = parse_instant("2026-11-23T09:40Z")
INSTANTS = [
    NOW,
    parse_instant("2026-11-23T02:00Z"),
    parse_instant("2026-10-25T00:30Z"),
    parse_instant("2026-10-25T01:00Z"),
    parse_instant("2027-01-01T11:00Z"),
]
"""Today, on the hour, an hour that the clock shows twice, and the first day of another year."""
MONTHS = [int(datetime(2026, month, month + 6, tzinfo=UTC).timestamp()) for month in range(1, 13)]
LENGTHS = [0, 59, 42 * MINUTE_S, 423 * MINUTE_S, DAY_S, 3 * DAY_S + 5 * HOUR_S]
_TAG = re.compile("<[^>]*>")


def _plain(text: str) -> str:
    return unescape(_TAG.sub("", text))


def _write(language: Language, at: Instant) -> list[str]:
    return [
        _plain(language.since(at)),
        _plain(language.at(at, announced=True)),
        *(_plain(format_span(at, at + length, language, announced=True)) for length in LENGTHS),
    ]


def _ask(words: dict[str, object], at: Instant) -> list[tuple[object, ...]]:
    return [
        ("when", words, "since", at, NOW),
        ("when", words, "at", at, NOW, True),
        *(("span", words, at, at + length, NOW, True) for length in LENGTHS),
    ]


def test_times_are_written_as_on_the_page() -> None:
    calls: list[tuple[object, ...]] = []
    expected: list[str] = []
    for code in ("fr", "en", "de", "es", "it"):
        language = Language(code, load(code, TEMPLATES), ZONE, NOW)
        words = describe_times(language)
        calls += [call for at in INSTANTS for call in _ask(words, at)]
        expected += [text for at in INSTANTS for text in _write(language, at)]
        calls += [("when", words, "moment", at, NOW) for at in MONTHS]
        expected += [_plain(language.moment(at)) for at in MONTHS]
        calls += [("duration", words, length) for length in LENGTHS]
        expected += [language.duration(length) for length in LENGTHS]
    assert call_script(ZONE.key, calls) == expected
