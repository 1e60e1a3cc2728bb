"""Feeds: every post is an entry once, with an id that never changes and no date in the future."""

import json
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from typing import Any

import fastfeedparser
import feedparser
import pytest

from constat import feeds
from constat.interval import month_interval
from constat.model import Notice, Outage, ServiceStatement, Statement, SupersededStatement
from constat.page import Page, StatedMonth
from tests.support.page_objects import (
    API,
    BROKEN,
    NOW,
    RULES,
    SETTINGS,
    SMTP,
    ZURICH,
    make_figures,
    make_incident,
    make_maintenance,
    make_page,
    make_service,
    make_update,
    parse_time,
    present_notice,
    translate_notice,
)
from tests.support.two_languages import LANGUAGES

PLANNED = make_maintenance(
    "2026-12-01-relay", "2026-12-01 21:00", "2026-12-02 00:00", services=("smtp", "api")
)
OUTAGE = Outage(NOW - 5000, NOW - 4000, 0, "timeout after 10 s", recovered=True)


def full(*notices: Notice) -> Page:
    return make_page([present_notice(notice) for notice in notices or (PLANNED, BROKEN)])


def build(shown_page: Page) -> Mapping[str, bytes]:
    return feeds.build_files(shown_page, LANGUAGES)


def read_items(shown_page: Page, path: str = "feed.json") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads(build(shown_page)[path])["items"]
    return items


def read_ids(shown_page: Page) -> list[str]:
    return [item["id"] for item in read_items(shown_page)]


def test_every_feed_of_the_page_is_written() -> None:
    assert sorted(build(full())) == [
        "en/feed.atom",
        "en/feed.css",
        "en/feed.json",
        "en/feed.rss",
        "en/maintenance.atom",
        "en/maintenance.rss",
        "feed.atom",
        "feed.css",
        "feed.json",
        "feed.rss",
        "maintenance.atom",
        "maintenance.rss",
        "outages.rss",
        "services/api/feed.atom",
        "services/api/feed.rss",
        "services/smtp/feed.atom",
        "services/smtp/feed.rss",
    ]


@pytest.mark.parametrize("path", ["feed.rss", "feed.atom", "en/feed.rss", "maintenance.atom", "outages.rss"])
def test_two_independent_parsers_find_the_same_entries(path: str) -> None:
    files = build(
        make_page(
            [present_notice(PLANNED), present_notice(BROKEN)], [make_service("smtp", "SMTP", OUTAGE), API]
        )
    )
    ours = feedparser.parse(files[path])
    theirs = fastfeedparser.parse(files[path].decode())
    assert not ours.bozo
    assert [entry.id for entry in ours.entries] == [entry.id for entry in theirs.entries]
    assert [entry.title for entry in ours.entries] == [entry.title for entry in theirs.entries]
    assert len(ours.entries) == {"maintenance.atom": 1, "outages.rss": 2}.get(path, 3)


def test_the_three_formats_hold_the_same_entries() -> None:
    files = build(full())
    ids = [
        [entry.id for entry in fastfeedparser.parse(files[f"feed{extension}"].decode()).entries]
        for extension in (".rss", ".atom", ".json")
    ]
    assert ids[0] == ids[1] == ids[2] == read_ids(full())


def test_an_id_is_a_tag_of_page_stem_and_time() -> None:
    assert read_ids(full()) == [
        "tag:maxony,2026:2026-11-23-smtp/2026-11-23T11:12:00Z",
        "tag:maxony,2026:2026-11-23-smtp/2026-11-23T10:12:00Z",
        "tag:maxony,2026:2026-12-01-relay",
    ]


def test_an_id_survives_edits_a_new_url_and_later_builds() -> None:
    edited = translate_notice(BROKEN, "en", "Delayed mail", "")
    edited = edited._replace(texts={**edited.texts, "fr": edited.texts["fr"]._replace(title="Autre titre")})
    moved = replace(full(PLANNED, edited), settings=SETTINGS._replace(url="https://etat.example.org/maxony/"))
    assert read_ids(moved) == read_ids(full())
    assert read_ids(replace(full(), now=NOW + 86_400)) == read_ids(full())


def test_an_edit_changes_only_the_updated_time_of_an_entry() -> None:
    """And only of the edited entry in the edited language."""
    edited = replace(
        present_notice(BROKEN), edits={("fr", "2026-11-23T10:12:00Z"): parse_time("2026-11-23 15:00")}
    )
    before, after = (
        feedparser.parse(build(make_page([notice]))["feed.atom"]).entries
        for notice in (present_notice(BROKEN), edited)
    )
    assert [entry.updated for entry in before] == ["2026-11-23T11:12:00+00:00", "2026-11-23T10:12:00+00:00"]
    assert [entry.updated for entry in after] == ["2026-11-23T11:12:00+00:00", "2026-11-23T15:00:00+00:00"]
    assert [entry.published for entry in after] == [entry.published for entry in before]
    assert [entry.id for entry in after] == [entry.id for entry in before]
    assert "date_modified" not in read_items(make_page([edited]))[0]
    assert read_items(make_page([edited]))[1]["date_modified"] == "2026-11-23T15:00:00Z"


def test_an_edit_of_the_introduction_counts_for_the_first_update() -> None:
    introduced = present_notice(make_incident("2026-11-23-smtp", *BROKEN.updates, text="Les envois tardent."))
    edited = replace(introduced, edits={("fr", ""): parse_time("2026-11-23 15:00")})
    last, first = read_items(make_page([edited]))
    assert "date_modified" not in last
    assert first["date_modified"] == "2026-11-23T15:00:00Z"


def test_two_updates_of_one_minute_have_two_ids() -> None:
    twice = make_incident(
        "2026-11-23-smtp",
        make_update("2026-11-23 10:12", "investigating", "Un."),
        make_update("2026-11-23 10:12", "resolved", "Deux."),
    )
    assert len(set(read_ids(full(twice)))) == 2


def test_no_entry_is_dated_in_the_future() -> None:
    """An upcoming maintenance has the time of its publication, or the present if that is not recorded yet."""
    unrecorded = replace(present_notice(PLANNED), versions=())
    dates = [item["date_published"] for item in read_items(make_page([unrecorded, present_notice(BROKEN)]))]
    assert dates == ["2026-11-24T09:00:00Z", "2026-11-23T11:12:00Z", "2026-11-23T10:12:00Z"]
    assert read_items(full())[-1]["date_published"] == "2026-11-20T09:00:00Z"


def test_a_title_begins_with_state_and_service_in_the_language_of_the_feed() -> None:
    titles = {
        path: [item["title"] for item in read_items(full(), path)] for path in ("feed.json", "en/feed.json")
    }
    assert titles["feed.json"][0] == "[Résolu] Relais SMTP\u00a0: Envois retardés"
    assert (
        titles["feed.json"][2] == "[Maintenance prévue] Relais SMTP, API\u00a0: Remplacement de deux relais"
    )
    assert titles["en/feed.json"][0] == "[Resolved] SMTP relay: Envois retardés"


def test_an_untranslated_text_is_marked_with_its_language() -> None:
    entry = read_items(full(), "en/feed.json")[0]
    assert entry["language"] == "fr"
    assert entry["content_html"] == '<div lang="fr"><p>C\'est réparé.</p></div>'


def test_an_untranslated_update_falls_back_to_the_first_language() -> None:
    half = translate_notice(
        BROKEN, "en", "Delayed mail", "", make_update("2026-11-23 10:12", "investigating", "We are looking.")
    )
    english = read_items(full(half), "en/feed.json")
    assert [entry["content_text"] for entry in english] == ["C'est réparé.", "We are looking."]


def test_links_are_absolute() -> None:
    linked = BROKEN.updates[0]._replace(
        html='<p title="a &gt; b">See <a href="/how/">how</a>, <img src="files/x.png" alt=""> and href="/no/".</p>',
    )
    words = BROKEN.texts["fr"]._replace(updates=(linked, BROKEN.updates[1]))
    html = read_items(full(BROKEN._replace(texts={"fr": words})))[1]["content_html"]
    assert '<a href="https://status.maxony.example/how/">' in html
    assert '<img src="https://status.maxony.example/incidents/files/x.png" alt="">' in html
    assert 'and href="/no/".' in html


def test_an_announced_window_has_its_date_and_time_zone() -> None:
    assert read_items(full(PLANNED), "en/feed.json")[0]["content_text"].startswith(
        "Planned maintenance: 1 December 2026, 22:00 to 01:00 (Zurich time)."
    )


def test_rescheduling_changes_no_earlier_entry() -> None:
    """The announcement keeps its window and services; the new entry has the new window."""
    before = present_notice(PLANNED)
    first = before.versions[0]
    move = make_update("2026-11-22 09:00", "rescheduled", "Un jour plus tard.")
    later = make_maintenance(
        "2026-12-01-relay", "2026-12-02 21:00", "2026-12-03 00:00", move, services=("smtp",)
    )
    second = first._replace(
        at=parse_time("2026-11-22 09:01"),
        starts=later.starts,
        ends=parse_time("2026-12-03 00:00"),
        services=("smtp",),
    )
    after = replace(before, notice=later, versions=(first, second))
    moved, announced = read_items(make_page([after]))
    assert [announced] == read_items(make_page([before]))
    assert "2 décembre 2026, de 22\u00a0h à 1\u00a0h" in moved["content_text"]
    api = fastfeedparser.parse(build(make_page([after]))["services/api/feed.rss"].decode())
    assert len(api.entries) == 2, "subscribers of a service that was removed learn it"


def test_an_announcement_that_is_an_update_is_not_posted_twice() -> None:
    words = make_update("2026-11-20 09:00", "scheduled", "Deux relais sont remplacés.")
    announced = make_maintenance("2026-12-01-relay", "2026-12-01 21:00", "2026-12-02 00:00", words, text="")
    assert read_ids(full(announced)) == ["tag:maxony,2026:2026-12-01-relay/2026-11-20T09:00:00Z"]


def test_the_introduction_of_an_incident_is_part_of_its_first_update() -> None:
    introduced = make_incident("2026-11-23-smtp", *BROKEN.updates, text="Les envois tardent.")
    assert [item["content_text"] for item in read_items(full(introduced))] == [
        "C'est réparé.",
        "Les envois tardent.\nNous regardons.",
    ]


def test_an_incident_that_began_before_its_first_update_has_an_entry_of_its_own() -> None:
    early = make_incident("2026-11-23-smtp", *BROKEN.updates, text="Les envois tardent.")._replace(
        starts=parse_time("2026-11-23 10:00"),
    )
    assert [(item["date_published"], item["title"][:10]) for item in read_items(full(early))][-1] == (
        "2026-11-23T10:00:00Z",
        "[Incident]",
    )


def test_a_reminder_appears_at_its_time_with_its_own_id() -> None:
    reminded = PLANNED._replace(remind=(86_400,))
    due = parse_time("2026-11-30 21:00")
    before, after = (replace(full(reminded), now=now) for now in (due - 1, due))
    assert len(read_ids(before)) == 1
    assert read_ids(after)[0] == "tag:maxony,2026:2026-12-01-relay/reminder/2026-12-01T21:00:00Z/86400s"
    assert read_items(after)[0]["title"].startswith("[Rappel\u00a0: dans 1\u00a0j] Relais SMTP")


def test_a_maintenance_that_was_announced_too_late_has_no_reminder() -> None:
    late = present_notice(PLANNED._replace(remind=(86_400,)), published="2026-11-30 22:00")
    assert len(read_ids(replace(make_page([late]), now=parse_time("2026-12-01 08:00")))) == 1


def test_a_reminder_is_sent_for_each_window_but_not_for_a_cancelled_one() -> None:
    planned = present_notice(PLANNED._replace(remind=(86_400,)))
    first = planned.versions[0]
    moved = first._replace(
        at=parse_time("2026-12-01 08:00"),
        starts=parse_time("2026-12-05 21:00"),
        ends=parse_time("2026-12-06 00:00"),
    )
    cancelled = moved._replace(at=parse_time("2026-12-02 08:00"), cancelled=True)
    history = make_page(
        [replace(planned, versions=(first, moved, cancelled))], now=parse_time("2026-12-06 08:00")
    )
    reminder = next(item for item in read_items(history, "en/feed.json") if "reminder" in item["id"])
    assert reminder["content_text"].startswith("Planned maintenance: 1 December 2026, 22:00 to 01:00")
    assert [name for name in read_ids(history) if "reminder" in name] == [
        "tag:maxony,2026:2026-12-01-relay/reminder/2026-12-01T21:00:00Z/86400s"
    ]


def test_a_feed_has_at_most_the_newest_hundred_entries() -> None:
    many = [
        make_update(f"2026-11-{day:02} {hour:02}:00", "identified", "Rien de neuf.")
        for day in range(10, 20)
        for hour in range(20)
    ]
    dates = [item["date_published"] for item in read_items(full(make_incident("2026-11-10-smtp", *many)))]
    assert len(dates) == feeds.LIMIT
    assert dates == sorted(dates, reverse=True)
    assert dates[0] == "2026-11-19T19:00:00Z"


def test_the_bytes_depend_only_on_the_page() -> None:
    assert build(full()) == build(full())


def test_a_later_build_of_unchanged_notices_gives_the_same_bytes() -> None:
    """So that a conditional request is answered with 304."""
    later = replace(full(), now=NOW + 3600)
    assert build(later)["feed.rss"] == build(full())["feed.rss"]
    assert build(later)["en/feed.atom"] == build(full())["en/feed.atom"]


def test_the_feed_of_a_service_has_only_entries_about_it() -> None:
    parsed = fastfeedparser.parse(build(full())["services/api/feed.rss"].decode())
    assert [entry.id for entry in parsed.entries] == ["tag:maxony,2026:2026-12-01-relay"]


def test_subscribers_of_a_service_also_get_the_end_of_an_incident() -> None:
    """Even if a later update no longer names the service."""
    both = make_update("2026-11-23 10:12", "identified", "Les deux.")._replace(services=("smtp", "api"))
    over = make_update("2026-11-23 11:12", "resolved", "Fini.")._replace(services=("smtp",))
    files = build(full(make_incident("2026-11-23-smtp", both, over)))
    assert len(feedparser.parse(files["services/api/feed.rss"]).entries) == 2


def test_categories_name_service_and_state() -> None:
    parsed = feedparser.parse(build(full())["en/feed.atom"]).entries[0]
    assert [(tag.term, tag.label) for tag in parsed.tags] == [
        ("smtp", "SMTP relay"),
        ("resolved", "Resolved"),
    ]


def test_measured_outages_and_recoveries_have_their_own_feed() -> None:
    files = build(make_page([], [make_service("smtp", {"fr": "Relais SMTP"}, OUTAGE), API]))
    parsed = feedparser.parse(files["outages.rss"]).entries
    assert [entry.title for entry in parsed] == [
        "[Rétabli] Relais SMTP, après 16\u00a0min",
        "[En panne] Relais SMTP",
    ]
    assert not feedparser.parse(files["feed.rss"]).entries


def test_an_outage_that_was_no_longer_measured_has_no_recovery() -> None:
    unfinished = OUTAGE._replace(recovered=False)
    files = build(make_page([], [make_service("smtp", "SMTP", unfinished)]))
    assert [entry.title for entry in feedparser.parse(files["outages.rss"]).entries] == ["[En panne] SMTP"]


def test_characters_that_xml_cannot_hold_do_not_break_a_feed() -> None:
    odd = make_incident(
        "2026-11-23-smtp", make_update("2026-11-23 10:12", "resolved", "a\x00b\x0b\ufffe"), title="<x>\x1b&"
    )
    parsed = feedparser.parse(build(full(odd))["feed.rss"])
    assert not parsed.bozo
    assert unescape(parsed.entries[0].title) == "[Résolu] Relais SMTP\u00a0: <x>&"


def test_feed_opened_in_a_browser_shows_an_explanation() -> None:
    """The link to the stylesheet is relative to the feed, and the explanation is in the feed's language."""
    files = build(full())
    assert b'<?xml-stylesheet type="text/css" href="../../feed.css"?>' in files["services/smtp/feed.rss"]
    assert b'href="../en/feed.css"' in files["en/feed.atom"]
    assert "<!-- Ceci est un flux d\u2019actualités" in files["feed.rss"].decode()
    assert 'content: "This is a feed' in files["en/feed.css"].decode()
    assert 'content: "Ceci est un flux' in files["feed.css"].decode()


def test_a_feed_without_entries_is_valid() -> None:
    parsed = feedparser.parse(build(make_page([], [SMTP]))["feed.rss"])
    assert not parsed.bozo
    assert parsed.feed.title == "Maxony\u00a0: état des services"


def build_month(sha256: str | None, *, supersedes: SupersededStatement | None = None) -> StatedMonth:
    """The statement of October, with one service."""
    window = month_interval("2026-10", ZURICH)
    service_statement = ServiceStatement(make_figures("smtp", window=window), None, window.start, {}, RULES)
    statement = Statement(
        month="2026-10",
        timezone="Europe/Zurich",
        window=window,
        frozen_at=parse_time("2026-11-04 00:07"),
        contract=None,
        services=(service_statement,),
        support=(),
        maintenance=(),
        corrections=(),
        late_rows=0,
        changes=(),
        evidence=(),
        previous=None,
        supersedes=supersedes,
    )
    return StatedMonth("2026-10", "final" if sha256 else "provisional", statement, sha256)


def test_a_frozen_statement_has_an_entry_with_its_hash() -> None:
    shown_page = replace(full(BROKEN), months=(build_month("ab" * 32),))
    entry = read_items(shown_page)[-1]
    assert entry["id"] == f"tag:maxony,2026:statements/2026-10/{'ab' * 32}"
    assert entry["title"] == "[Relevé] octobre 2026"
    assert entry["url"] == "https://status.maxony.example/sla/2026-10/"
    assert entry["date_published"] == "2026-11-04T00:07:00Z"
    assert entry["content_text"] == (
        "Relais SMTP\u00a0: 100\u202f%, Objectif atteint\n\n"
        f"SHA-256 de https://status.maxony.example/api/sla/2026-10.json\u00a0: {'ab' * 32}"
    )


def test_a_superseding_statement_has_its_own_entry_with_the_reason() -> None:
    old = SupersededStatement("statements/2026-10.1.json", "ab" * 32, "une mesure manquait")
    first, second = build_month("ab" * 32), build_month("cd" * 32, supersedes=old)
    parsed = read_items(replace(make_page(), months=(second, first._replace(name="2026-10.1"))))
    assert len({entry["id"] for entry in parsed}) == 2
    assert "une mesure manquait" in "".join(entry["content_text"] for entry in parsed)


def test_a_provisional_statement_has_no_entry() -> None:
    assert read_items(replace(make_page(), months=(build_month(None),))) == []
