"""A subscriber's calendar follows every version of a maintenance, and shows each once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import icalendar
import ics
import pytest

from constat import calendar
from constat.model import State
from constat.page import Page, ShownNotice
from tests.support.page_objects import (
    API,
    NOW,
    PLANNED,
    SETTINGS,
    SMTP,
    at,
    incident,
    maintenance,
    page,
    shown,
    update,
)
from tests.support.two_languages import LANGUAGES


def built(*notices: ShownNotice, on: Page | None = None) -> Mapping[str, bytes]:
    return calendar.build_files(
        replace(on or page(), notices=notices or (shown(PLANNED, "upcoming"),)), LANGUAGES
    )


def events(data: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(data).walk("VEVENT"))


def event(*notices: ShownNotice, path: str = "maintenance.ics") -> Any:
    (found,) = events(built(*notices)[path])
    return found


def moved(*, recorded: bool = True) -> ShownNotice:
    """The same maintenance, a day later."""
    planned = shown(PLANNED, "upcoming")
    later = PLANNED._replace(starts=PLANNED.starts + 86_400, ends=at("2026-12-03 00:00"))
    second = planned.versions[0]._replace(
        at=at("2026-11-22 09:00"),
        starts=later.starts,
        ends=at("2026-12-03 00:00"),
        recorded=recorded,
    )
    return replace(planned, notice=later, versions=(*planned.versions, second))


def state(of: ShownNotice, now: State) -> ShownNotice:
    return replace(of, state=now)


def test_there_is_one_for_each_language_and_service_and_one_for_the_notice() -> None:
    assert sorted(built()) == [
        "en/incidents/2026-12-01-relay/maintenance.ics",
        "en/maintenance.ics",
        "en/services/api/maintenance.ics",
        "en/services/smtp/maintenance.ics",
        "incidents/2026-12-01-relay/maintenance.ics",
        "maintenance.ics",
        "services/api/maintenance.ics",
        "services/smtp/maintenance.ics",
    ]


def test_a_maintenance_that_is_over_stays_in_the_calendar_but_is_not_offered_alone() -> None:
    files = built(state(shown(PLANNED, "past"), "completed"))
    assert "incidents/2026-12-01-relay/maintenance.ics" not in files
    assert len(events(files["maintenance.ics"])) == 1


def test_an_event_says_when_what_and_where_to_read_more() -> None:
    found = event(path="en/maintenance.ics")
    assert found["uid"] == "2026-12-01-relay@maxony.constat"
    assert found.decoded("dtstart") == datetime(2026, 12, 1, 21, tzinfo=UTC)
    assert found.decoded("dtend") == datetime(2026, 12, 2, 0, tzinfo=UTC)
    assert found["summary"] == "Maxony · SMTP relay · Remplacement de deux relais"
    assert found["summary"].params["LANGUAGE"] == "fr"
    assert found["url"] == "https://status.maxony.example/en/incidents/2026-12-01-relay/"


def test_an_event_says_what_its_first_update_announces_where_nothing_stands_above_it() -> None:
    said = update("2026-11-20 09:00", "scheduled", "Deux relais sont remplacés.")
    announced = maintenance("2026-12-01-relay", "2026-12-01 21:00", "2026-12-02 00:00", said, text="")
    assert event(shown(announced, "upcoming"))["description"] == "Deux relais sont remplacés."


def test_two_independent_parsers_read_the_same_events() -> None:
    other = maintenance(
        "2026-12-08-api", "2026-12-08 05:00", "2026-12-08 06:30", title="Été; virgule, \\ fin"
    )
    data = built(shown(other, "upcoming"), shown(PLANNED, "upcoming"))["maintenance.ics"]
    theirs = {found.uid: found for found in ics.Calendar(data.decode()).events}
    ours = {str(found["uid"]): found for found in events(data)}
    assert theirs.keys() == ours.keys()
    for uid, found in ours.items():
        assert theirs[uid].name == found["summary"]
        assert theirs[uid].begin.datetime == found.decoded("dtstart")
        assert theirs[uid].end.datetime == found.decoded("dtend")
        assert theirs[uid].description == found["description"]


def test_every_version_counts_and_is_dated() -> None:
    first, second = event(), event(moved())
    assert (first["sequence"], second["sequence"]) == (0, 1)
    assert first.decoded("last-modified") == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert second.decoded("last-modified") == datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert first["uid"] == second["uid"]


def test_a_window_that_is_not_published_yet_is_tentative() -> None:
    """No line of the register holds it. It counts already as the next version: recording it changes no number."""
    pending = event(moved(recorded=False))
    assert pending["status"] == "TENTATIVE"
    assert pending["sequence"] == event(moved())["sequence"]
    assert event()["status"] == "CONFIRMED"


def test_an_edited_text_is_a_later_modification_of_the_same_version() -> None:
    edited = replace(shown(PLANNED, "upcoming"), edits={("fr", ""): at("2026-11-21 07:00")})
    found = event(edited)
    assert found.decoded("last-modified") == datetime(2026, 11, 21, 7, tzinfo=UTC)
    assert found["sequence"] == 0


def test_a_cancelled_maintenance_says_so_under_the_same_name() -> None:
    planned = shown(PLANNED, "past")
    called_off = planned.versions[0]._replace(at=at("2026-11-23 09:00"), cancelled=True)
    found = event(state(replace(planned, versions=(*planned.versions, called_off)), "cancelled"))
    assert found["status"] == "CANCELLED"
    assert found["sequence"] == 1


def test_no_edit_and_no_other_address_changes_a_uid() -> None:
    edited = PLANNED._replace(texts={"fr": PLANNED.texts["fr"]._replace(title="Autre titre")})
    elsewhere = page(settings=SETTINGS._replace(url="https://etat.example.org/"))
    (found,) = events(built(shown(edited, "upcoming"), on=elsewhere)["maintenance.ics"])
    assert found["uid"] == event()["uid"]


@pytest.mark.parametrize(
    "title", ["x\nEND:VEVENT\nBEGIN:VEVENT", "x\r\nATTACH:https://example.org/", 'a"b,c;d:e']
)
def test_a_title_cannot_leave_its_place(title: str) -> None:
    hostile = PLANNED._replace(texts={"fr": PLANNED.texts["fr"]._replace(title=title)})
    found = event(shown(hostile, "upcoming"))
    assert "attach" not in found
    assert found["summary"].endswith(title.replace("\r\n", "\n"))


def test_lines_are_folded_at_75_octets_and_end_as_the_standard_says() -> None:
    """RFC 5545, 3.1; a fold never splits a character."""
    wordy = PLANNED._replace(texts={"fr": PLANNED.texts["fr"]._replace(text="é€😀 " * 200)})
    data = built(shown(wordy, "upcoming"))["maintenance.ics"]
    lines = data.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(len(line) for line in lines) <= 75
    assert all(line.decode() for line in lines[:-1])


def test_a_calendar_without_events_is_one_that_a_client_can_subscribe_to() -> None:
    data = built(shown(incident("2026-11-23-smtp", update("2026-11-23 10:12", "identified", "Oui."))))
    empty = icalendar.Calendar.from_ical(data["maintenance.ics"])
    assert not empty.walk("VEVENT")
    assert empty.subcomponents
    assert not ics.Calendar(data["maintenance.ics"].decode()).events


def test_a_calendar_says_the_same_of_itself_with_and_without_events() -> None:
    odd = replace(page(), settings=SETTINGS._replace(name="Maxony, d'État; \\ " + "é" * 60))
    planned = replace(odd, notices=(shown(PLANNED, "upcoming"),))
    empty, full = (
        icalendar.Calendar.from_ical(calendar.build_files(on, LANGUAGES)["maintenance.ics"])
        for on in (odd, planned)
    )
    assert not empty.walk("VEVENT")
    assert {name: empty[name].to_ical() for name in empty} == {name: full[name].to_ical() for name in full}


def test_a_calendar_holds_the_latest_hundred() -> None:
    many = [
        shown(maintenance(f"2026-12-01-{n}", "2026-12-01 21:00", "2026-12-02 00:00"), "upcoming")
        for n in range(120)
    ]
    assert len(events(built(*many)["maintenance.ics"])) == calendar.LIMIT


def test_the_bytes_depend_on_nothing_but_the_page() -> None:
    later = replace(page([], [SMTP, API]), now=NOW + 3600)
    assert built() == built(on=later)
