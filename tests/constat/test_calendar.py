"""Calendars follow every version of a maintenance, and show each maintenance once."""

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
    make_incident,
    make_maintenance,
    make_page,
    make_update,
    parse_time,
    present_notice,
)
from tests.support.two_languages import LANGUAGES


def build(*notices: ShownNotice, on: Page | None = None) -> Mapping[str, bytes]:
    return calendar.build_files(
        replace(on or make_page(), notices=notices or (present_notice(PLANNED, "upcoming"),)), LANGUAGES
    )


def read_events(data: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(data).walk("VEVENT"))


def read_event(*notices: ShownNotice, path: str = "maintenance.ics") -> Any:
    (event,) = read_events(build(*notices)[path])
    return event


def reschedule(*, recorded: bool = True) -> ShownNotice:
    """The maintenance rescheduled by a day."""
    planned = present_notice(PLANNED, "upcoming")
    later = PLANNED._replace(starts=PLANNED.starts + 86_400, ends=parse_time("2026-12-03 00:00"))
    second = planned.versions[0]._replace(
        at=parse_time("2026-11-22 09:00"),
        starts=later.starts,
        ends=parse_time("2026-12-03 00:00"),
        recorded=recorded,
    )
    return replace(planned, notice=later, versions=(*planned.versions, second))


def set_state(shown_notice: ShownNotice, state: State) -> ShownNotice:
    return replace(shown_notice, state=state)


def test_there_is_a_calendar_for_each_language_service_and_maintenance() -> None:
    assert sorted(build()) == [
        "en/incidents/2026-12-01-relay/maintenance.ics",
        "en/maintenance.ics",
        "en/services/api/maintenance.ics",
        "en/services/smtp/maintenance.ics",
        "incidents/2026-12-01-relay/maintenance.ics",
        "maintenance.ics",
        "services/api/maintenance.ics",
        "services/smtp/maintenance.ics",
    ]


def test_a_finished_maintenance_stays_in_the_calendar_but_has_no_file_of_its_own() -> None:
    files = build(set_state(present_notice(PLANNED, "past"), "completed"))
    assert "incidents/2026-12-01-relay/maintenance.ics" not in files
    assert len(read_events(files["maintenance.ics"])) == 1


def test_an_event_has_its_time_summary_and_url() -> None:
    event = read_event(path="en/maintenance.ics")
    assert event["uid"] == "2026-12-01-relay@maxony.constat"
    assert event.decoded("dtstart") == datetime(2026, 12, 1, 21, tzinfo=UTC)
    assert event.decoded("dtend") == datetime(2026, 12, 2, 0, tzinfo=UTC)
    assert event["summary"] == "Maxony · SMTP relay · Remplacement de deux relais"
    assert event["summary"].params["LANGUAGE"] == "fr"
    assert event["url"] == "https://status.maxony.example/en/incidents/2026-12-01-relay/"


def test_an_event_is_described_by_its_first_update_if_there_is_no_introduction() -> None:
    announcement = make_update("2026-11-20 09:00", "scheduled", "Deux relais sont remplacés.")
    announced = make_maintenance(
        "2026-12-01-relay", "2026-12-01 21:00", "2026-12-02 00:00", announcement, text=""
    )
    assert read_event(present_notice(announced, "upcoming"))["description"] == "Deux relais sont remplacés."


def test_two_independent_parsers_read_the_same_events() -> None:
    other = make_maintenance("2026-12-08-api", "2026-12-08 05:00", "2026-12-08 06:30")
    titled = other.texts["fr"]._replace(title="Été; virgule, \\ fin")
    other = other._replace(texts={"fr": titled})
    data = build(present_notice(other, "upcoming"), present_notice(PLANNED, "upcoming"))["maintenance.ics"]
    theirs = {event.uid: event for event in ics.Calendar(data.decode()).events}
    ours = {str(event["uid"]): event for event in read_events(data)}
    assert theirs.keys() == ours.keys()
    for uid, event in ours.items():
        assert theirs[uid].name == event["summary"]
        assert theirs[uid].begin.datetime == event.decoded("dtstart")
        assert theirs[uid].end.datetime == event.decoded("dtend")
        assert theirs[uid].description == event["description"]


def test_every_version_increases_the_sequence() -> None:
    first, second = read_event(), read_event(reschedule())
    assert (first["sequence"], second["sequence"]) == (0, 1)
    assert first.decoded("last-modified") == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert second.decoded("last-modified") == datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert first["uid"] == second["uid"]


def test_a_version_that_is_not_recorded_yet_is_tentative() -> None:
    """It already counts as the next version, so that recording it does not change the sequence."""
    pending = read_event(reschedule(recorded=False))
    assert pending["status"] == "TENTATIVE"
    assert pending["sequence"] == read_event(reschedule())["sequence"]
    assert read_event()["status"] == "CONFIRMED"


def test_an_edit_of_the_text_changes_the_modification_time_only() -> None:
    edited = replace(present_notice(PLANNED, "upcoming"), edits={("fr", ""): parse_time("2026-11-21 07:00")})
    event = read_event(edited)
    assert event.decoded("last-modified") == datetime(2026, 11, 21, 7, tzinfo=UTC)
    assert event["sequence"] == 0


def test_a_cancelled_maintenance_keeps_its_uid() -> None:
    planned = present_notice(PLANNED, "past")
    cancelled = planned.versions[0]._replace(at=parse_time("2026-11-23 09:00"), cancelled=True)
    event = read_event(set_state(replace(planned, versions=(*planned.versions, cancelled)), "cancelled"))
    assert event["status"] == "CANCELLED"
    assert event["sequence"] == 1


def test_a_uid_survives_edits_and_a_new_url() -> None:
    edited = PLANNED._replace(texts={"fr": PLANNED.texts["fr"]._replace(title="Autre titre")})
    elsewhere = make_page(settings=SETTINGS._replace(url="https://etat.example.org/"))
    (event,) = read_events(build(present_notice(edited, "upcoming"), on=elsewhere)["maintenance.ics"])
    assert event["uid"] == read_event()["uid"]


@pytest.mark.parametrize(
    "title", ["x\nEND:VEVENT\nBEGIN:VEVENT", "x\r\nATTACH:https://example.org/", 'a"b,c;d:e']
)
def test_title_cannot_inject_properties(title: str) -> None:
    hostile = PLANNED._replace(texts={"fr": PLANNED.texts["fr"]._replace(title=title)})
    event = read_event(present_notice(hostile, "upcoming"))
    assert "attach" not in event
    assert event["summary"].endswith(title.replace("\r\n", "\n"))


def test_lines_are_folded_at_75_octets_and_end_with_crlf() -> None:
    """RFC 5545, 3.1; a fold never splits a character."""
    wordy = PLANNED._replace(texts={"fr": PLANNED.texts["fr"]._replace(text="é€😀 " * 200)})
    data = build(present_notice(wordy, "upcoming"))["maintenance.ics"]
    lines = data.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(len(line) for line in lines) <= 75
    assert all(line.decode() for line in lines[:-1])


def test_a_calendar_without_events_is_valid() -> None:
    data = build(
        present_notice(
            make_incident("2026-11-23-smtp", make_update("2026-11-23 10:12", "identified", "Oui."))
        )
    )
    empty = icalendar.Calendar.from_ical(data["maintenance.ics"])
    assert not empty.walk("VEVENT")
    assert empty.subcomponents
    assert not ics.Calendar(data["maintenance.ics"].decode()).events


def test_a_calendar_has_the_same_properties_with_and_without_events() -> None:
    odd = replace(make_page(), settings=SETTINGS._replace(name="Maxony, d'État; \\ " + "é" * 60))
    planned = replace(odd, notices=(present_notice(PLANNED, "upcoming"),))
    empty, full = (
        icalendar.Calendar.from_ical(calendar.build_files(on, LANGUAGES)["maintenance.ics"])
        for on in (odd, planned)
    )
    assert not empty.walk("VEVENT")
    assert {name: empty[name].to_ical() for name in empty} == {name: full[name].to_ical() for name in full}


def test_a_calendar_has_at_most_a_hundred_events() -> None:
    many = [
        present_notice(
            make_maintenance(f"2026-12-01-{n}", "2026-12-01 21:00", "2026-12-02 00:00"), "upcoming"
        )
        for n in range(120)
    ]
    assert len(read_events(build(*many)["maintenance.ics"])) == calendar.LIMIT


def test_the_bytes_depend_only_on_the_page() -> None:
    later = replace(make_page([], [SMTP, API]), now=NOW + 3600)
    assert build() == build(on=later)
