"""Every update reaches a subscriber once, under a name that never changes, and never from the future."""

import json
from collections.abc import Mapping
from dataclasses import replace
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
    at,
    figures,
    incident,
    maintenance,
    page,
    service,
    shown,
    translated,
    update,
)
from tests.support.two_languages import LANGUAGES

PLANNED = maintenance("2026-12-01-relay", "2026-12-01 21:00", "2026-12-02 00:00", services=("smtp", "api"))
OUTAGE = Outage(NOW - 5000, NOW - 4000, 0, "timeout after 10 s", recovered=True)


def full(*notices: Notice) -> Page:
    return page([shown(notice) for notice in notices or (PLANNED, BROKEN)])


def built(shown_page: Page) -> Mapping[str, bytes]:
    return feeds.build_files(shown_page, LANGUAGES)


def items(shown_page: Page, path: str = "feed.json") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(built(shown_page)[path])["items"]
    return found


def ids(shown_page: Page) -> list[str]:
    return [item["id"] for item in items(shown_page)]


def test_every_feed_of_the_page_is_there() -> None:
    assert sorted(built(full())) == [
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
def test_two_independent_readers_find_the_same_entries(path: str) -> None:
    files = built(page([shown(PLANNED), shown(BROKEN)], [service("smtp", "SMTP", OUTAGE), API]))
    ours = feedparser.parse(files[path])
    theirs = fastfeedparser.parse(files[path].decode())
    assert not ours.bozo
    assert [entry.id for entry in ours.entries] == [entry.id for entry in theirs.entries]
    assert [entry.title for entry in ours.entries] == [entry.title for entry in theirs.entries]
    assert len(ours.entries) == {"maintenance.atom": 1, "outages.rss": 2}.get(path, 3)


def test_the_three_formats_hold_the_same_entries() -> None:
    files = built(full())
    found = [
        [entry.id for entry in fastfeedparser.parse(files[f"feed{extension}"].decode()).entries]
        for extension in (".rss", ".atom", ".json")
    ]
    assert found[0] == found[1] == found[2] == ids(full())


def test_an_id_is_a_tag_of_page_stem_and_time() -> None:
    assert ids(full()) == [
        "tag:maxony,2026:2026-11-23-smtp/2026-11-23T11:12:00Z",
        "tag:maxony,2026:2026-11-23-smtp/2026-11-23T10:12:00Z",
        "tag:maxony,2026:2026-12-01-relay",
    ]


def test_no_edit_no_address_and_no_later_build_changes_an_id() -> None:
    edited = translated(BROKEN, "en", "Delayed mail", "")
    edited = edited._replace(texts={**edited.texts, "fr": edited.texts["fr"]._replace(title="Autre titre")})
    moved = replace(full(PLANNED, edited), settings=SETTINGS._replace(url="https://etat.example.org/maxony/"))
    assert ids(moved) == ids(full())
    assert ids(replace(full(), now=NOW + 86_400)) == ids(full())


def test_an_edit_changes_when_an_entry_was_updated_and_nothing_else() -> None:
    """Of the entry that was edited, in the language that was edited."""
    edited = replace(shown(BROKEN), edits={("fr", "2026-11-23T10:12:00Z"): at("2026-11-23 15:00")})
    before, after = (
        feedparser.parse(built(page([one]))["feed.atom"]).entries for one in (shown(BROKEN), edited)
    )
    assert [entry.updated for entry in before] == ["2026-11-23T11:12:00+00:00", "2026-11-23T10:12:00+00:00"]
    assert [entry.updated for entry in after] == ["2026-11-23T11:12:00+00:00", "2026-11-23T15:00:00+00:00"]
    assert [entry.published for entry in after] == [entry.published for entry in before]
    assert [entry.id for entry in after] == [entry.id for entry in before]
    assert "date_modified" not in items(page([edited]))[0]
    assert items(page([edited]))[1]["date_modified"] == "2026-11-23T15:00:00Z"


def test_what_is_written_above_a_first_update_is_edited_with_it() -> None:
    introduced = shown(incident("2026-11-23-smtp", *BROKEN.updates, text="Les envois tardent."))
    edited = replace(introduced, edits={("fr", ""): at("2026-11-23 15:00")})
    last, first = items(page([edited]))
    assert "date_modified" not in last
    assert first["date_modified"] == "2026-11-23T15:00:00Z"


def test_two_updates_of_the_same_minute_have_two_ids() -> None:
    twice = incident(
        "2026-11-23-smtp",
        update("2026-11-23 10:12", "investigating", "Un."),
        update("2026-11-23 10:12", "resolved", "Deux."),
    )
    assert len(set(ids(full(twice)))) == 2


def test_nothing_is_dated_in_the_future() -> None:
    """A coming maintenance is dated by its publication, one that no line recorded yet by now."""
    unrecorded = replace(shown(PLANNED), versions=())
    dates = [item["date_published"] for item in items(page([unrecorded, shown(BROKEN)]))]
    assert dates == ["2026-11-24T09:00:00Z", "2026-11-23T11:12:00Z", "2026-11-23T10:12:00Z"]
    assert items(full())[-1]["date_published"] == "2026-11-20T09:00:00Z"


def test_a_title_begins_with_state_and_service_in_the_language_of_the_feed() -> None:
    titles = {path: [item["title"] for item in items(full(), path)] for path in ("feed.json", "en/feed.json")}
    assert titles["feed.json"][0] == "[Résolu] Relais SMTP\u00a0: Envois retardés"
    assert (
        titles["feed.json"][2] == "[Maintenance prévue] Relais SMTP, API\u00a0: Remplacement de deux relais"
    )
    assert titles["en/feed.json"][0] == "[Resolved] SMTP relay: Envois retardés"


def test_a_text_that_is_not_translated_says_in_which_language_it_is() -> None:
    entry = items(full(), "en/feed.json")[0]
    assert entry["language"] == "fr"
    assert entry["content_html"] == '<div lang="fr"><p>C\'est réparé.</p></div>'


def test_a_translated_update_is_shown_in_its_language_and_a_missing_one_in_the_first() -> None:
    half = translated(
        BROKEN, "en", "Delayed mail", "", update("2026-11-23 10:12", "investigating", "We are looking.")
    )
    english = items(full(half), "en/feed.json")
    assert [entry["content_text"] for entry in english] == ["C'est réparé.", "We are looking."]


def test_links_are_absolute() -> None:
    linked = BROKEN.updates[0]._replace(
        html='<p title="a &gt; b">See <a href="/how/">how</a>, <img src="files/x.png" alt=""> and href="/no/".</p>',
    )
    words = BROKEN.texts["fr"]._replace(updates=(linked, BROKEN.updates[1]))
    html = items(full(BROKEN._replace(texts={"fr": words})))[1]["content_html"]
    assert '<a href="https://status.maxony.example/how/">' in html
    assert '<img src="https://status.maxony.example/incidents/files/x.png" alt="">' in html
    assert 'and href="/no/".' in html


def test_an_announced_window_is_said_with_date_and_zone() -> None:
    assert items(full(PLANNED), "en/feed.json")[0]["content_text"].startswith(
        "Planned maintenance: 1 December 2026, 22:00 to 01:00 (Zurich time)."
    )


def test_a_window_that_moves_changes_no_entry_that_was_there() -> None:
    """The announcement goes on saying what it announced, of the services that it named, and the move says the new window."""
    before = shown(PLANNED)
    first = before.versions[0]
    move = update("2026-11-22 09:00", "rescheduled", "Un jour plus tard.")
    later = maintenance("2026-12-01-relay", "2026-12-02 21:00", "2026-12-03 00:00", move, services=("smtp",))
    second = first._replace(
        at=at("2026-11-22 09:01"), starts=later.starts, ends=at("2026-12-03 00:00"), services=("smtp",)
    )
    after = replace(before, notice=later, versions=(first, second))
    moved, announced = items(page([after]))
    assert [announced] == items(page([before]))
    assert "2 décembre 2026, de 22\u00a0h à 1\u00a0h" in moved["content_text"]
    api = fastfeedparser.parse(built(page([after]))["services/api/feed.rss"].decode())
    assert len(api.entries) == 2, "who reads of a service that was taken out is told so"


def test_an_announcement_with_a_first_update_of_its_own_is_not_posted_twice() -> None:
    words = update("2026-11-20 09:00", "scheduled", "Deux relais sont remplacés.")
    announced = maintenance("2026-12-01-relay", "2026-12-01 21:00", "2026-12-02 00:00", words, text="")
    assert ids(full(announced)) == ["tag:maxony,2026:2026-12-01-relay/2026-11-20T09:00:00Z"]


def test_what_is_written_above_an_incident_comes_with_its_first_update() -> None:
    introduced = incident("2026-11-23-smtp", *BROKEN.updates, text="Les envois tardent.")
    assert [item["content_text"] for item in items(full(introduced))] == [
        "C'est réparé.",
        "Les envois tardent.\nNous regardons.",
    ]


def test_an_incident_that_began_before_its_first_update_is_told_when_it_began() -> None:
    early = incident("2026-11-23-smtp", *BROKEN.updates, text="Les envois tardent.")._replace(
        starts=at("2026-11-23 10:00"),
    )
    assert [(item["date_published"], item["title"][:10]) for item in items(full(early))][-1] == (
        "2026-11-23T10:00:00Z",
        "[Incident]",
    )


def test_a_reminder_comes_at_its_hour_under_its_own_name() -> None:
    reminded = PLANNED._replace(remind=(86_400,))
    due = at("2026-11-30 21:00")
    before, after = (replace(full(reminded), now=now) for now in (due - 1, due))
    assert len(ids(before)) == 1
    assert ids(after)[0] == "tag:maxony,2026:2026-12-01-relay/reminder/2026-12-01T21:00:00Z/86400s"
    assert items(after)[0]["title"].startswith("[Rappel\u00a0: dans 1\u00a0j] Relais SMTP")


def test_a_maintenance_announced_too_late_is_not_reminded_of() -> None:
    late = shown(PLANNED._replace(remind=(86_400,)), published="2026-11-30 22:00")
    assert len(ids(replace(page([late]), now=at("2026-12-01 08:00")))) == 1


def test_a_window_that_moves_is_reminded_of_anew_and_one_that_is_cancelled_never() -> None:
    planned = shown(PLANNED._replace(remind=(86_400,)))
    first = planned.versions[0]
    moved = first._replace(
        at=at("2026-12-01 08:00"), starts=at("2026-12-05 21:00"), ends=at("2026-12-06 00:00")
    )
    called_off = moved._replace(at=at("2026-12-02 08:00"), cancelled=True)
    history = page([replace(planned, versions=(first, moved, called_off))], now=at("2026-12-06 08:00"))
    reminder = next(item for item in items(history, "en/feed.json") if "reminder" in item["id"])
    assert reminder["content_text"].startswith("Planned maintenance: 1 December 2026, 22:00 to 01:00")
    assert [name for name in ids(history) if "reminder" in name] == [
        "tag:maxony,2026:2026-12-01-relay/reminder/2026-12-01T21:00:00Z/86400s"
    ]


def test_a_feed_holds_the_newest_hundred() -> None:
    many = [
        update(f"2026-11-{day:02} {hour:02}:00", "identified", "Rien de neuf.")
        for day in range(10, 20)
        for hour in range(20)
    ]
    dates = [item["date_published"] for item in items(full(incident("2026-11-10-smtp", *many)))]
    assert len(dates) == feeds.LIMIT
    assert dates == sorted(dates, reverse=True)
    assert dates[0] == "2026-11-19T19:00:00Z"


def test_the_bytes_depend_on_nothing_but_the_page() -> None:
    assert built(full()) == built(full())


def test_a_later_build_of_unchanged_notices_gives_the_same_bytes() -> None:
    """So that a reader that asks "changed since?" is told no."""
    later = replace(full(), now=NOW + 3600)
    assert built(later)["feed.rss"] == built(full())["feed.rss"]
    assert built(later)["en/feed.atom"] == built(full())["en/feed.atom"]


def test_a_service_feed_holds_only_what_concerns_it() -> None:
    found = fastfeedparser.parse(built(full())["services/api/feed.rss"].decode())
    assert [entry.id for entry in found.entries] == ["tag:maxony,2026:2026-12-01-relay"]


def test_who_was_told_that_a_service_is_concerned_is_told_the_end() -> None:
    """Also where a later update no longer names the service."""
    both = update("2026-11-23 10:12", "identified", "Les deux.")._replace(services=("smtp", "api"))
    over = update("2026-11-23 11:12", "resolved", "Fini.")._replace(services=("smtp",))
    files = built(full(incident("2026-11-23-smtp", both, over)))
    assert len(feedparser.parse(files["services/api/feed.rss"]).entries) == 2


def test_categories_name_service_and_state() -> None:
    found = feedparser.parse(built(full())["en/feed.atom"]).entries[0]
    assert [(tag.term, tag.label) for tag in found.tags] == [("smtp", "SMTP relay"), ("resolved", "Resolved")]


def test_measured_outages_have_a_feed_of_their_own_with_recovery() -> None:
    files = built(page([], [service("smtp", {"fr": "Relais SMTP"}, OUTAGE), API]))
    found = feedparser.parse(files["outages.rss"]).entries
    assert [entry.title for entry in found] == [
        "[Rétabli] Relais SMTP, après 16\u00a0min",
        "[En panne] Relais SMTP",
    ]
    assert not feedparser.parse(files["feed.rss"]).entries


def test_silence_after_an_outage_is_not_recovery() -> None:
    unseen = OUTAGE._replace(recovered=False)
    files = built(page([], [service("smtp", "SMTP", unseen)]))
    assert [entry.title for entry in feedparser.parse(files["outages.rss"]).entries] == ["[En panne] SMTP"]


def test_characters_that_xml_cannot_hold_do_not_break_a_feed() -> None:
    odd = incident(
        "2026-11-23-smtp", update("2026-11-23 10:12", "resolved", "a\x00b\x0b\ufffe"), title="<x>\x1b&"
    )
    found = feedparser.parse(built(full(odd))["feed.rss"])
    assert not found.bozo
    assert found.entries[0].title == "[Résolu] Relais SMTP\u00a0: <x>&"


def test_a_person_who_clicks_reads_what_a_feed_is() -> None:
    """The stylesheet is named from where the feed is, and says it in the feed's language."""
    files = built(full())
    assert b'<?xml-stylesheet type="text/css" href="../../feed.css"?>' in files["services/smtp/feed.rss"]
    assert b'href="../en/feed.css"' in files["en/feed.atom"]
    assert "<!-- Ceci est un flux d\u2019actualités" in files["feed.rss"].decode()
    assert 'content: "This is a news feed' in files["en/feed.css"].decode()
    assert 'content: "Ceci est un flux' in files["feed.css"].decode()


def test_an_empty_feed_is_a_feed() -> None:
    found = feedparser.parse(built(page([], [SMTP]))["feed.rss"])
    assert not found.bozo
    assert found.feed.title == "Maxony\u00a0: état des services"


def stated(sha256: str | None, *, supersedes: SupersededStatement | None = None) -> StatedMonth:
    """The account of October, with one service."""
    window = month_interval("2026-10", ZURICH)
    account = ServiceStatement(figures("smtp", window=window), None, window.start, {}, RULES)
    statement = Statement(
        month="2026-10",
        timezone="Europe/Zurich",
        window=window,
        frozen_at=at("2026-11-04 00:07"),
        contract=None,
        services=(account,),
        support=(),
        maintenance=(),
        corrections=(),
        evidence=(),
        previous=None,
        supersedes=supersedes,
    )
    return StatedMonth("2026-10", "final" if sha256 else "provisional", statement, sha256)


def test_a_frozen_statement_is_told_with_its_hash() -> None:
    shown_page = replace(full(BROKEN), months=(stated("ab" * 32),))
    entry = items(shown_page)[-1]
    assert entry["id"] == f"tag:maxony,2026:statements/2026-10/{'ab' * 32}"
    assert entry["title"] == "[Relevé] octobre 2026"
    assert entry["url"] == "https://status.maxony.example/sla/2026-10/"
    assert entry["date_published"] == "2026-11-04T00:07:00Z"
    assert entry["content_text"] == (
        "Relais SMTP\u00a0: 100\u202f%, Objectif atteint\n\n"
        f"SHA-256 de https://status.maxony.example/api/sla/2026-10.json\u00a0: {'ab' * 32}"
    )


def test_a_statement_that_replaces_another_is_another_entry_and_says_why() -> None:
    old = SupersededStatement("statements/2026-10.1.json", "ab" * 32, "une mesure manquait")
    first, second = stated("ab" * 32), stated("cd" * 32, supersedes=old)
    found = items(replace(page(), months=(second, first._replace(name="2026-10.1"))))
    assert len({entry["id"] for entry in found}) == 2
    assert "une mesure manquait" in "".join(entry["content_text"] for entry in found)


def test_a_month_that_is_still_counted_is_not_told() -> None:
    assert items(replace(page(), months=(stated(None),))) == []
