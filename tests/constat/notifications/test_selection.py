"""Each target is notified of all that it asked for, once, in order, and after a failure again."""

from dataclasses import replace
from itertools import pairwise

import pytest

from constat.interval import DAY_S, Instant
from constat.model import Impact, Outage, Target, Topic
from constat.notifications import (
    LogEntry,
    NotificationLog,
    collect_events,
    format_entry,
    parse_log,
    select_due,
)
from constat.page import Page, ShownNotice
from tests.support.page_objects import (
    API,
    BROKEN,
    NOW,
    make_incident,
    make_maintenance,
    make_page,
    make_service,
    make_update,
    parse_time,
    present_notice,
)

LIST = Target("list", "fr", ("incidents", "maintenance"), (), "none", address="news@lists.example.org")
PLANNED = make_maintenance("2026-12-01-api", "2026-12-01 21:00", "2026-12-02 00:00", services=("api",))
OLD = LogEntry(parse_time("2026-01-01 00:00"), "list", "since")


def record(*rows: LogEntry) -> NotificationLog:
    return parse_log("".join(format_entry(row) for row in rows).encode())


def select(
    *notices: ShownNotice,
    target: Target = LIST,
    rows: tuple[LogEntry, ...] = (OLD,),
    on: Page | None = None,
    now: Instant = NOW,
) -> list[str]:
    """The ids of the events that a target is to be notified of now, without their common beginning."""
    shown_page = replace(on or make_page(notices), now=now)
    return [
        event.id.partition(":")[2].partition(":")[2]
        for event in select_due(target, collect_events(shown_page), record(*rows), now)
    ]


def test_everything_new_is_sent_oldest_first() -> None:
    assert select(present_notice(BROKEN, "past"), present_notice(PLANNED, "upcoming")) == [
        "2026-12-01-api",
        "2026-11-23-smtp/2026-11-23T10:12:00Z",
        "2026-11-23-smtp/2026-11-23T11:12:00Z",
    ]


def test_sent_event_is_not_sent_again() -> None:
    first = LogEntry(NOW, "list", "sent", "tag:maxony,2026:2026-11-23-smtp/2026-11-23T10:12:00Z")
    assert select(present_notice(BROKEN, "past"), rows=(OLD, first)) == [
        "2026-11-23-smtp/2026-11-23T11:12:00Z"
    ]


def test_log_of_another_target_does_not_count() -> None:
    other = LogEntry(NOW, "team", "sent", "tag:maxony,2026:2026-11-23-smtp/2026-11-23T10:12:00Z")
    assert len(select(present_notice(BROKEN, "past"), rows=(OLD, other))) == 2


def test_new_target_gets_upcoming_but_no_past_events() -> None:
    assert select(present_notice(BROKEN, "past"), present_notice(PLANNED, "upcoming"), rows=()) == [
        "2026-12-01-api"
    ]


def test_new_target_gets_the_latest_update_of_upcoming_maintenance() -> None:
    moved = make_maintenance(
        "2026-12-01-api",
        "2026-12-01 21:00",
        "2026-12-02 00:00",
        make_update("2026-11-22 09:00", "rescheduled", "Plus tard."),
    )
    assert select(present_notice(moved, "upcoming"), rows=()) == ["2026-12-01-api/2026-11-22T09:00:00Z"]


REMINDED = present_notice(PLANNED._replace(remind=(86_400,)), "upcoming")
REMINDER = "2026-12-01-api/reminder/2026-12-01T21:00:00Z/86400s"


def test_reminder_is_sent_only_before_its_maintenance_begins() -> None:
    """What could not be sent in time is not sent once it has begun, was moved or called off."""
    due_at, begins = parse_time("2026-11-30 21:00"), parse_time("2026-12-01 21:00")
    assert select(REMINDED, now=due_at) == ["2026-12-01-api", REMINDER]
    assert select(REMINDED, now=begins) == ["2026-12-01-api"]
    first = REMINDED.versions[0]
    moved = first._replace(at=parse_time("2026-12-01 08:00"), starts=begins + DAY_S, ends=begins + DAY_S + 60)
    later = replace(REMINDED, versions=(first, moved))
    assert select(later, now=parse_time("2026-12-01 09:00")) == ["2026-12-01-api"]
    called_off = replace(REMINDED, state="cancelled", phase="past")
    assert select(called_off, now=due_at) == ["2026-12-01-api"]


def test_new_target_gets_the_announcement_without_the_reminder() -> None:
    assert select(REMINDED, rows=(), now=parse_time("2026-12-01 08:00")) == ["2026-12-01-api"]


def test_target_gets_everything_after_it_joined() -> None:
    joined = LogEntry(parse_time("2026-11-23 11:00"), "list", "since")
    assert select(present_notice(BROKEN, "past"), rows=(joined,)) == ["2026-11-23-smtp/2026-11-23T11:12:00Z"]


@pytest.mark.parametrize(
    ("tell", "expected"),
    [
        (("incidents",), ["2026-11-23-smtp/2026-11-23T10:12:00Z", "2026-11-23-smtp/2026-11-23T11:12:00Z"]),
        (("maintenance",), ["2026-12-01-api"]),
        (("outages",), []),
    ],
)
def test_target_gets_only_what_it_subscribed_to(tell: tuple[Topic, ...], expected: list[str]) -> None:
    target = replace(LIST, tell=tell)
    assert (
        select(present_notice(BROKEN, "past"), present_notice(PLANNED, "upcoming"), target=target) == expected
    )


def test_target_gets_its_services_and_notices_without_services() -> None:
    general = make_incident(
        "2026-11-23-all", make_update("2026-11-23 12:00", "resolved", "Tout."), services=()
    )
    notices = (
        present_notice(BROKEN, "past"),
        present_notice(PLANNED, "upcoming"),
        present_notice(general, "past"),
    )
    assert select(*notices, target=replace(LIST, services=("api",))) == [
        "2026-12-01-api",
        "2026-11-23-all/2026-11-23T12:00:00Z",
    ]


@pytest.mark.parametrize(("least", "count"), [("none", 2), ("minor", 2), ("major", 2), ("critical", 0)])
def test_target_gets_only_incidents_from_its_minimum_impact(least: Impact, count: int) -> None:
    assert len(select(present_notice(BROKEN, "past"), target=replace(LIST, impact=least))) == count


def test_target_of_an_incident_gets_its_end_despite_lower_impact() -> None:
    lesser = BROKEN._replace(updates=(BROKEN.updates[0], BROKEN.updates[1]._replace(impact="none")))
    assert len(select(present_notice(lesser, "past"), target=replace(LIST, impact="major"))) == 2


def test_incident_is_sent_once_its_impact_grows() -> None:
    grown = BROKEN._replace(
        first_impact="minor", updates=(BROKEN.updates[0]._replace(impact="minor"), BROKEN.updates[1])
    )
    assert select(present_notice(grown, "past"), target=replace(LIST, impact="major")) == [
        "2026-11-23-smtp/2026-11-23T11:12:00Z"
    ]


def test_measured_outages_are_sent_with_their_end() -> None:
    outage = Outage(NOW - 5000, NOW - 4000, 0, "timeout", recovered=True)
    broken = make_page([], [make_service("smtp", "SMTP", outage), API])
    assert select(on=broken, target=replace(LIST, tell=("outages",))) == [
        "outages/smtp/2026-11-24T07:36:40Z/start",
        "outages/smtp/2026-11-24T07:36:40Z/end",
    ]


def test_an_outage_that_was_announced_from_end_to_end_is_not_sent() -> None:
    outage = Outage(NOW - 5000, NOW - 4000, 1000, "timeout", recovered=True)
    assert (
        select(
            on=make_page([], [make_service("smtp", "SMTP", outage)]), target=replace(LIST, tell=("outages",))
        )
        == []
    )


def test_failed_message_is_retried_with_growing_delay() -> None:
    """After one minute, two, four, eight, and never more than six hours."""
    name = "tag:maxony,2026:2026-12-01-api"
    tries: list[Instant] = []
    now = NOW
    for _ in range(12):
        rows = (OLD, *(LogEntry(moment, "list", "failed", name, "refused") for moment in tries))
        while not select(present_notice(PLANNED, "upcoming"), rows=rows, now=now):
            now += 60
        tries.append(now)
    pauses = [later - earlier for earlier, later in pairwise(tries)]
    assert pauses == [60, 120, 240, 480, 960, 1920, 3840, 7680, 15_360, 21_600, 21_600]


def test_message_failing_for_a_month_is_given_up() -> None:
    name = "tag:maxony,2026:2026-12-01-api"
    rows = [LogEntry(NOW, "list", "failed", name), LogEntry(NOW + 30 * DAY_S, "list", "failed", name)]
    later = NOW + 60 * DAY_S
    assert select(present_notice(PLANNED, "upcoming"), rows=(OLD, rows[0]), now=later) == ["2026-12-01-api"]
    assert select(present_notice(PLANNED, "upcoming"), rows=(OLD, *rows), now=later) == []
