"""What a notice says: texts, updates, what holds from each of them on, translations."""

from zoneinfo import ZoneInfo

from constat import notices
from constat.interval import parse_instant
from constat.model import Notice

NOW = "2026-11-24T12:00Z"
STEM = "2026-11-20-relay"

INCIDENT = """---
title: Le relais est lent
kind: incident
services: [smtp]
impact: minor
---
Le courrier attend.

## 2026-11-20T11:00+01:00 identified
impact: major
services: [smtp, api]
next: 2026-11-20T12:00+01:00

Un **disque**.

## 2026-11-20T10:00+01:00 investigating
Nous cherchons.

## 2026-11-20T13:00+01:00 resolved
services: [smtp]
Fini.
"""

MAINTENANCE = """---
title: Nouveaux relais
kind: maintenance
services: [smtp]
starts: 2026-12-01T22:00+01:00
ends: 2026-12-02T01:00+01:00
remind: [1h, 2d]
---
Nous remplaçons deux relais.
"""

ENGLISH = """---
title: The relay is slow
---
Mail waits.

## 2026-11-20T10:00+01:00 investigating
We are looking.
"""


def read(text: str, now: str = NOW, **translations: str) -> Notice | None:
    files = {f"incidents/{STEM}.md": text} | {
        f"incidents/{STEM}.{code}.md": each for code, each in translations.items()
    }
    data = {path: each.encode() for path, each in files.items()}
    parsed, problems = notices.parse_notices(
        data,
        notices.NoticeContext(["smtp", "api"], ("fr", "en"), ZoneInfo("Europe/Zurich"), parse_instant(now)),
    )
    assert not [problem for problem in problems if problem.severity == "error"]
    return parsed[0] if parsed else None


def read_shown(text: str, now: str = NOW, **translations: str) -> Notice:
    notice = read(text, now, **translations)
    assert notice is not None
    return notice


def test_updates_come_oldest_first_however_they_are_written() -> None:
    assert [update.state for update in read_shown(INCIDENT).updates] == [
        "investigating",
        "identified",
        "resolved",
    ]


def test_an_incident_begins_with_its_first_update_unless_it_says_when() -> None:
    assert read_shown(INCIDENT).starts == parse_instant("2026-11-20T10:00+01:00")
    text = INCIDENT.replace("impact: minor", "impact: minor\nstarts: 2026-11-20T09:00+01:00")
    assert read_shown(text).starts == parse_instant("2026-11-20T09:00+01:00")


def test_an_update_changes_impact_and_services_from_then_on() -> None:
    notice = read_shown(INCIDENT)
    assert [(update.impact, update.services) for update in notice.updates] == [
        ("minor", ("smtp",)),
        ("major", ("smtp", "api")),
        ("major", ("smtp",)),
    ]
    assert (notice.impact, notice.services) == ("major", ("smtp",))
    assert (notice.first_impact, notice.every_service) == ("minor", ("smtp", "api"))


def test_the_lines_of_changes_are_not_part_of_the_text() -> None:
    update = read_shown(INCIDENT).updates[1]
    assert (update.html, update.text) == ("<p>Un <strong>disque</strong>.</p>", "Un disque.")
    assert update.next == parse_instant("2026-11-20T12:00+01:00")


def test_update_dated_in_the_future_is_not_shown() -> None:
    """Neither its text nor what it changes."""
    notice = read_shown(INCIDENT, now="2026-11-20T10:30+01:00")
    assert [update.state for update in notice.updates] == ["investigating"]
    assert (notice.impact, notice.services, notice.next) == ("minor", ("smtp",), None)
    assert read(INCIDENT, now="2026-11-20T09:59+01:00") is None


def test_a_maintenance_is_announced_long_before_it_begins() -> None:
    notice = read_shown(MAINTENANCE)
    assert (notice.kind, notice.state, notice.impact) == ("maintenance", None, "none")
    assert notice.remind == (2 * 86_400, 3600)
    assert notice.texts["fr"].text == "Nous remplaçons deux relais."


def test_a_translation_falls_back_update_by_update_and_says_in_which_language() -> None:
    notice = read_shown(INCIDENT, en=ENGLISH)
    english = notice.texts["en"]
    assert (english.title, english.text) == ("The relay is slow", "Mail waits.")
    assert [(update.lang, update.text) for update in english.updates] == [
        ("en", "We are looking."),
        ("fr", "Un disque."),
        ("fr", "Fini."),
    ]
    assert list(notice.texts) == ["fr", "en"], "the first language comes first"


def test_translation_holds_only_text() -> None:
    wrong = ENGLISH.replace("slow", "slow\nservices: [api]").replace("10:00+01:00", "10:01+01:00")
    files = {f"incidents/{STEM}.md": INCIDENT.encode(), f"incidents/{STEM}.en.md": wrong.encode()}
    parsed, problems = notices.parse_notices(
        files,
        notices.NoticeContext(["smtp", "api"], ("fr", "en"), ZoneInfo("Europe/Zurich"), parse_instant(NOW)),
    )
    assert [(problem.line, problem.message) for problem in problems if problem.severity == "error"] == [
        (3, "unknown key services"),
        (7, "the file in the first language has no such update"),
    ]
    assert list(parsed[0].texts) == ["fr"], "a bad translation never takes its notice down"


def test_a_missing_translation_is_reported_only_while_the_notice_is_open() -> None:
    open_notice = INCIDENT[: INCIDENT.index("## 2026-11-20T13:00")]
    for text, expected in ((open_notice, ["no translation into en"]), (INCIDENT, [])):
        _, problems = notices.parse_notices(
            {f"incidents/{STEM}.md": text.encode()},
            notices.NoticeContext(
                ["smtp", "api"], ("fr", "en"), ZoneInfo("Europe/Zurich"), parse_instant(NOW)
            ),
        )
        assert [problem.message for problem in problems] == expected


def test_a_heading_inside_code_is_no_update() -> None:
    text = INCIDENT.replace("Le courrier attend.", "```\n## 2026-11-20T08:00+01:00 investigating\n```")
    assert len(read_shown(text).updates) == 3


def test_line_ends_and_byte_order_marks_of_any_editor_are_understood() -> None:
    text = "\ufeff" + INCIDENT.replace("\n", "\r\n")
    assert read_shown(text) == read_shown(INCIDENT)


def test_time_may_contain_a_space() -> None:
    assert read_shown(INCIDENT.replace("## 2026-11-20T10:00", "## 2026-11-20 10:00")) == read_shown(INCIDENT)


def test_a_link_to_another_notice_leads_to_its_page() -> None:
    other = "2026-11-19-disk"
    files = {
        f"incidents/{STEM}.md": INCIDENT.replace(
            "Le courrier attend.", f"[Voir]({other}.md) ![g](files/g.png)"
        ).encode(),
        f"incidents/{other}.md": INCIDENT.encode(),
    }
    parsed, problems = notices.parse_notices(
        files, notices.NoticeContext(["smtp", "api"], ("fr",), ZoneInfo("UTC"), parse_instant(NOW))
    )
    html = next(notice for notice in parsed if notice.stem == STEM).texts["fr"].html
    assert f'href="{other}/"' in html
    assert 'src="files/g.png"' in html
    assert not [problem for problem in problems if problem.severity == "error"]


def test_plain_text_shows_link_targets_and_decodes_entities() -> None:
    text = INCIDENT.replace(
        "Le courrier attend.", "Voir [l'état](https://example.org/a?b=1&c=2).\n\n- un\n- deux &lt;b&gt;"
    )
    assert (
        read_shown(text).texts["fr"].text
        == "Voir l'état (https://example.org/a?b=1&c=2).\n\n- un\n- deux <b>"
    )
