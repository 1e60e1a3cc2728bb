"""Episodes: which outages last, which belong together, and when all of it is over."""

import pytest

from constat.availability import Account, Patience, find_episodes
from constat.interval import Instant
from constat.model import MaintenanceVersion
from tests.support.availability_cases import Case, announce_maintenance, make_samples, parse_time

PATIENCE = Patience(after_s=300, keep_s=900)


def clock(text: str) -> Instant:
    return parse_time(f"2026-10-31 {text}")


def account(now: str, downs: str, *notices: MaintenanceVersion, blind_from: str = "") -> Account:
    """Make the account of a service checked every minute from midnight until `now` or until checks stop, down in spans `03:00-03:10`."""
    spans = [tuple(map(clock, span.split("-"))) for span in downs.split()]
    samples = []
    for when in range(clock("00:00"), clock(blind_from or now) + 1, 60):
        is_down = any(start <= when < stop for start, stop in spans)
        samples += make_samples(when, when + 1, "down" if is_down else "up")
    return Case(samples, notices=notices, now=clock(now)).build_account()


@pytest.mark.parametrize(
    ("now", "downs", "found"),
    [
        ("03:04", "03:00-04:00", ""),
        ("03:05", "03:00-04:00", "03:00-?"),
        ("03:30", "03:00-03:04", ""),
        ("03:12", "03:00-03:08", "03:00-?"),
        ("03:13", "03:00-03:08", "03:00-03:08"),
        ("03:30", "03:00-03:08 03:22-03:24", "03:00-03:24"),
        ("03:40", "03:00-03:08 03:23-03:25", "03:00-03:08"),
        ("04:00", "03:00-03:08 03:30-03:40", "03:00-03:08 03:30-03:40"),
        ("04:00", "02:50-02:52 03:00-03:08", "03:00-03:08"),
        ("04:00", "03:00-03:03 03:05-03:08 03:10-03:13", ""),
    ],
)
def test_lasting_outage_is_an_episode_until_some_time_after_its_end(now: str, downs: str, found: str) -> None:
    """It is identified by its own beginning, not by that of a short failure before it."""
    episodes = find_episodes([account(now, downs)], PATIENCE, clock(now))
    expected = [tuple(span.split("-")) for span in found.split()]
    assert [(each.start, each.recovered) for each in episodes] == [
        (clock(start), None if end == "?" else clock(end)) for start, end in expected
    ]


def test_services_that_fail_during_an_outage_join_its_episode() -> None:
    first = account("04:00", "03:00-03:20")
    second = account("04:00", "03:10-03:30")._replace(service="api")
    third = account("04:00", "03:50-04:00")._replace(service="website")
    (one, other) = find_episodes([third, second, first], PATIENCE, clock("04:00"))
    assert (one.services, one.recovered) == (("smtp", "api"), clock("03:30"))
    assert (other.services, other.recovered) == (("website",), None)


def test_unmeasured_time_neither_ends_nor_makes_an_outage() -> None:
    """Two minutes down, then no checks: it may have been a short failure."""
    (lasting,) = find_episodes(
        [account("04:00", "03:00-03:10", blind_from="03:09")], PATIENCE, clock("04:00")
    )
    assert lasting.recovered is None
    blip = account("04:00", "03:00-03:10", blind_from="03:01")
    assert find_episodes([blip], PATIENCE, clock("04:00")) == ()


def test_maintenance_is_no_outage_and_an_overrun_is_one_from_its_end() -> None:
    window = announce_maintenance(clock("00:00"), clock("03:00"), clock("03:30"))
    (overrun,) = find_episodes([account("04:00", "03:00-03:40", window)], PATIENCE, clock("04:00"))
    assert overrun.start == clock("03:30")
