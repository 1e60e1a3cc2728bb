"""The last 24 hours of a service, hour by hour and minute by minute."""

from constat.interval import Interval, Stretch
from constat.model import Latency, Outcome, Status
from constat.page import Minutes
from constat.page.hours import build_hours
from tests.support.page_scenes import HOUR, MINUTE, NOW, ZONE


def test_hours_are_clock_hours_and_the_last_ends_now() -> None:
    """At 10:40: from 11:00 yesterday to 10:40 today."""
    found = build_hours((Stretch(NOW - 48 * HOUR, NOW + HOUR, Outcome.UP),), (), ZONE, NOW)
    assert len(found) == 24
    assert found[-1].start == NOW - 40 * MINUTE
    assert found[0].start == NOW - 40 * MINUTE - 23 * HOUR
    assert found[-1].runs == (Minutes(0, 40, Status.OPERATIONAL),)
    assert found[0].runs == (Minutes(0, 60, Status.OPERATIONAL),)


def test_minute_shows_its_gravest_state() -> None:
    """48 s down, across the turn of a minute, mark both."""
    start = NOW - 10 * MINUTE + 30
    states = (
        Stretch(NOW - 30 * HOUR, start, Outcome.UP),
        Stretch(start, start + 48, Outcome.DOWN),
        Stretch(start + 48, NOW, Outcome.UP),
    )
    assert build_hours(states, (), ZONE, NOW)[-1].runs == (
        Minutes(0, 30, Status.OPERATIONAL),
        Minutes(30, 2, Status.OUTAGE),
        Minutes(32, 8, Status.OPERATIONAL),
    )


def test_an_hour_has_the_response_times_that_were_measured_in_it() -> None:
    seen = Latency(60, 90, 200)
    found = build_hours((), (), ZONE, NOW, {NOW - 40 * MINUTE: seen, NOW - 400 * HOUR: seen})
    assert [hour.latency for hour in found] == [None] * 23 + [seen]


def test_unobserved_time_is_not_measured() -> None:
    states = (
        Stretch(NOW - 30 * HOUR, NOW - 20 * MINUTE, Outcome.UP),
        Stretch(NOW - 20 * MINUTE, NOW, Outcome.UNKNOWN),
    )
    runs = build_hours(states, (), ZONE, NOW)[-1].runs
    assert runs == (Minutes(0, 20, Status.OPERATIONAL), Minutes(20, 20, Status.NO_DATA))
    assert build_hours((), (), ZONE, NOW)[5].runs == (Minutes(0, 60, Status.NO_DATA),)


def test_announced_maintenance_covers_what_was_measured_in_it() -> None:
    states = (Stretch(NOW - 30 * HOUR, NOW, Outcome.DOWN),)
    announced = (Interval(NOW - 40 * MINUTE, NOW - 25 * MINUTE), Interval(NOW - 5 * MINUTE, NOW + HOUR))
    assert build_hours(states, announced, ZONE, NOW)[-1].runs == (
        Minutes(0, 15, Status.MAINTENANCE),
        Minutes(15, 20, Status.OUTAGE),
        Minutes(35, 5, Status.MAINTENANCE),
    )
