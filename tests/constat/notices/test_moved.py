"""Maintenance that changes after publication needs an update that says so."""

from zoneinfo import ZoneInfo

import pytest

from constat import notices
from constat.interval import parse_instant
from constat.model import MaintenanceVersion, RecordedWords, Register

TEXT = """---
title: New relays
kind: maintenance
services: [smtp, api]
starts: {starts}
ends: 2026-12-02T01:00+01:00
---
We replace two relays.
"""
PATH = "incidents/2026-12-01-relay.md"
PUBLISHED = MaintenanceVersion(
    parse_instant("2026-11-20T09:00:31Z"),
    "2026-12-01-relay",
    ("api", "smtp"),
    parse_instant("2026-12-01T21:00Z"),
    parse_instant("2026-12-02T00:00Z"),
    cancelled=False,
)


def list_problems(text: str, *versions: MaintenanceVersion) -> list[str]:
    files = {PATH: text.encode()}
    read, problems = notices.parse_notices(
        files,
        notices.NoticeContext(
            ["smtp", "api"], ("fr",), ZoneInfo("Europe/Zurich"), parse_instant("2026-11-24T12:00Z")
        ),
    )
    assert not problems
    return [str(problem) for problem in notices.find_moved(read, files, versions)]


def test_unchanged_maintenance_needs_no_update() -> None:
    assert list_problems(TEXT.format(starts="2026-12-01T21:00Z"), PUBLISHED) == []
    assert list_problems(TEXT.format(starts="2026-12-01T22:00+01:00"), PUBLISHED) == []


def test_unpublished_maintenance_may_change() -> None:
    assert list_problems(TEXT.format(starts="2026-12-01T20:00Z")) == []


def test_a_changed_window_asks_for_an_update() -> None:
    assert list_problems(TEXT.format(starts="2026-12-01T20:00Z"), PUBLISHED) == [
        (
            "incidents/2026-12-01-relay.md:5: starts changed after publication (2026-11-20T09:00:31Z) without an update "
            "(add ## TIME rescheduled, and say what changed and why)"
        )
    ]


def test_changed_services_ask_for_an_update() -> None:
    text = TEXT.format(starts="2026-12-01T21:00Z").replace("[smtp, api]", "[smtp]")
    assert [message.split(" (")[0] for message in list_problems(text, PUBLISHED)] == [
        "incidents/2026-12-01-relay.md:4: services changed after publication"
    ]


@pytest.mark.parametrize(
    ("update", "enough"),
    [
        ("2026-11-21T10:00Z rescheduled", True),
        ("2026-11-19T10:00Z rescheduled", False),
        ("2026-11-21T10:00Z scheduled", False),
        ("2026-11-21T10:00Z cancelled", True),
    ],
)
def test_only_an_update_after_publication_counts(update: str, *, enough: bool) -> None:
    text = TEXT.format(starts="2026-12-01T20:00Z") + f"\n## {update}\nEarlier.\n"
    assert (list_problems(text, PUBLISHED) == []) is enough


WORDS = RecordedWords(PUBLISHED.at, "2026-11-20-panne", {"fr": {"": "0123456789abcdef"}})


@pytest.mark.parametrize(
    ("versions", "words", "now", "expected"),
    [
        ([PUBLISHED], [], "2026-11-24T12:00Z", "error: 2026-12-01-relay"),
        ([PUBLISHED], [], "2026-12-24T12:00Z", ""),
        ([PUBLISHED, PUBLISHED._replace(cancelled=True)], [], "2026-11-24T12:00Z", ""),
        ([], [WORDS], "2026-11-24T12:00Z", "warning: 2026-11-20-panne"),
        ([], [WORDS], "2026-12-24T12:00Z", ""),
    ],
)
def test_deleted_maintenance_is_reported(
    versions: list[MaintenanceVersion], words: list[RecordedWords], now: str, expected: str
) -> None:
    """Deleted or renamed: what is to come must be called off, what is recent is missed; what is old may be pruned."""
    register = Register(maintenance=tuple(versions), words=tuple(words))
    problems = [
        f"{each.severity}: {each.file.removeprefix('incidents/').removesuffix('.md')}"
        for each in notices.find_removed({"incidents/2026-11-24-other.md"}, register, parse_instant(now))
    ]
    assert problems == ([expected] if expected else [])
    slugs = [version.slug for version in versions] + [each.slug for each in words]
    kept = {f"incidents/{slug}.md" for slug in slugs}
    assert not list(notices.find_removed(kept, register, parse_instant(now)))
