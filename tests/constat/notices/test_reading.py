"""Hints of what a customer would miss in a notice, or not understand: few, and only where they are true."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from constat.interval import Instant
from constat.notices import NoticeContext, find_hints, parse_notices, read_wordings
from tests.support import message_catalogs
from tests.support.availability_cases import parse_time
from tests.support.source_tree import ROOT

NOW = parse_time("2026-11-29 04:00")
CONTEXT = NoticeContext(("api", "smtp"), ("en",), ZoneInfo("UTC"), NOW)
WORDINGS = read_wordings([("wordings.yml", (ROOT / "templates/wordings.yml").read_text(encoding="utf-8"))])
LANGUAGES = sorted(message_catalogs.list_languages(), key=lambda language: language != "fr")
"""The first is that of the demo, whose files carry no suffix."""


def incident(
    *updates: tuple[str, str], front: str = "impact: major", title: str = "Something happened"
) -> str:
    posts = "".join(f"\n## 2026-11-29T{head}\n\n{text}\n" for head, text in updates)
    return f"---\ntitle: {title}\nkind: incident\nservices: [api]\n{front}\n---\n{posts}"


def read(
    text: str,
    down_since: Instant | None = None,
    own_words: Iterable[str] = ("api", "API"),
    now: Instant = NOW,
) -> list[str]:
    """The hints for a notice, as `validate` prints them, without the name of the file."""
    files: Mapping[str, bytes] = {"incidents/2026-11-29-x.md": text.encode()}
    (notice,), problems = parse_notices(files, CONTEXT._replace(now=now))
    assert [problem for problem in problems if problem.severity == "error"] == []
    hints = find_hints(notice, now, down_since, own_words)
    return [str(hint).removeprefix("incidents/2026-11-29-x.md:") for hint in hints]


NO_NEWS = (
    "it does not say when customers hear from you again (write next: TIME below the heading of the update)"
)


@pytest.mark.parametrize(
    ("text", "hints"),
    [
        (
            incident(("03:00Z investigating", "We look into our machines.")),
            [
                "8: hint: it does not say what customers notice (say what does not work, and for whom)",
                f"8: hint: {NO_NEWS}",
            ],
        ),
        (
            incident(("03:00Z investigating\nnext: 2026-11-29T05:00Z", "The API does not answer.")),
            [],
        ),
        (incident(("03:00Z investigating", "The API is slow. We post again at 05:00.")), []),
        (incident(("03:00Z identified", "Requests fail. More within the hour.")), []),
        (incident(("03:00Z monitoring", "Requests failed until 03:20.")), []),
        (
            incident(("03:00Z investigating", "Elevated error rates after a rollback; next news at 5.")),
            [
                "8: hint: customers may not know what 'Elevated error rates' means (write slow, or with errors, and for whom)",
                "8: hint: customers may not know what 'rollback' means (write that the change was undone)",
            ],
        ),
        (
            incident(
                ("02:00Z investigating", "Requests fail with HTTP 503."),
                ("03:00Z resolved", "It works again."),
            ),
            [],
        ),
        (
            incident(
                ("02:00Z resolved", "Requests failed."),
                ("03:00Z postmortem", "Redis ran out of memory after a failover."),
            ),
            [],
        ),
        (incident(("03:00Z investigating", "We look; next news at 5."), front="impact: none"), []),
    ],
)
def test_hint_names_missing_information_or_jargon(text: str, hints: list[str]) -> None:
    assert read(text) == hints


def test_outage_that_began_before_the_notice_gets_a_hint_with_a_fix() -> None:
    text = incident(("03:00Z investigating", "No response. Next news at 5."))
    said = "it does not say since when: our checks saw an outage earlier"
    instead = "write starts: 2026-11-29T02:56:00Z at the top, if it began then"
    assert read(text, parse_time("2026-11-29 02:56")) == [f"1: hint: {said} ({instead})"]
    assert read(text, parse_time("2026-11-29 02:59")) == []
    started = text.replace("impact", "starts: 2026-11-29T02:56Z\nimpact")
    assert read(started, parse_time("2026-11-29 02:56")) == []


def test_word_in_a_service_name_is_not_jargon() -> None:
    text = incident(("03:00Z investigating", "Redis refuses connections. Next news at 5."))
    assert len(read(text)) == 1
    assert read(text, own_words=["cache", "Redis cache"]) == []


def test_old_notices_get_no_hints() -> None:
    text = incident(("03:00Z resolved", "We rebooted the kubelet."))
    assert len(read(text)) == 1
    assert read(text, now=NOW + 2 * 86_400) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_ready_wordings_get_no_hints_in_any_language(language: str) -> None:
    for wording in WORDINGS.values():
        if wording.about == "incident":
            post = ("03:00Z investigating", wording.text(language, "API"))
            hints = read(incident(post, title=f'"{wording.title(language)}"'))
            assert hints == [], f"{wording.name}: add the words of {language} to constat/notices/reading.py"


@pytest.mark.parametrize("language", ["", *LANGUAGES[1:]])
def test_the_notices_of_the_demo_are_written_for_customers(language: str) -> None:
    """Every post of them, as long as it is the newest, but for the one that promises no news; times are those of a story."""
    found = []
    for path in sorted((ROOT / "demo/project/incidents").glob(f"*.{language}.md" if language else "*.md")):
        if language or path.name.count(".") == 1:
            found += _read_posts(path)
    assert [hint for hint in found if "hear from you again" not in hint] == []


def _read_posts(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8").partition("\n---\n")[2]
    posts = [part.partition("\n")[2].strip() for part in text.split("\n## ")]
    return [
        hint
        for post in posts
        if post
        for hint in read(incident(("03:00Z investigating", post)), own_words=["API"])
        if "what customers notice" not in hint or post == posts[0]
    ]
