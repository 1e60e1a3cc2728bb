"""What a check is, from its vantages, and what a service is, from its checks (rules 3 and 4): every case."""

from itertools import product

import pytest

from constat.availability.tracks import SeatOutcome, combine_checks, combine_vantages
from constat.model import Outcome, Require
from tests.support.availability_cases import (
    Case,
    make_check_rules,
    make_rules,
    make_samples,
    parse_time,
    record_rules,
)

UP, SLOW, DOWN, UNKNOWN = Outcome.UP, Outcome.DEGRADED, Outcome.DOWN, Outcome.UNKNOWN
SILENT = None


@pytest.mark.parametrize(
    ("said", "quorum", "outcome"),
    [
        ([UP], 1, UP),
        ([SLOW], 1, SLOW),
        ([DOWN], 1, DOWN),
        ([UNKNOWN], 1, UNKNOWN),
        ([SILENT], 1, UNKNOWN),
        ([UP, SILENT], 1, UP),
        ([UP, UNKNOWN], 2, UP),
        ([SLOW, SILENT], 2, SLOW),
        ([SILENT, UNKNOWN], 2, UNKNOWN),
        ([DOWN, UP], 1, DOWN),
        ([DOWN, UP], 2, SLOW),
        ([DOWN, SLOW], 2, SLOW),
        ([DOWN, SILENT], 2, DOWN),  # one looks, and is believed
        ([DOWN, UNKNOWN], 2, DOWN),
        ([DOWN, DOWN], 2, DOWN),
        ([DOWN, UP, SILENT], 2, UNKNOWN),
        ([DOWN, UP, SILENT], 3, SLOW),  # two at most could say down
        ([DOWN, DOWN, UP], 2, DOWN),
        ([UP, SLOW], 1, SLOW),
        # a quorum of two of three
        ([SILENT, UNKNOWN, SILENT], 2, UNKNOWN),
        ([UP, SILENT, SILENT], 2, UP),
        ([SLOW, UP, SILENT], 2, SLOW),
        ([DOWN, SILENT, UNKNOWN], 2, DOWN),
        ([DOWN, SLOW, SILENT], 2, UNKNOWN),  # the silent one could make it two
        ([DOWN, UP, UP], 2, SLOW),
        ([DOWN, DOWN, SILENT], 2, DOWN),
        ([DOWN, DOWN, DOWN], 2, DOWN),
        # a quorum of three
        ([DOWN, DOWN, SILENT], 3, DOWN),  # both that look
        ([DOWN, DOWN, UP], 3, SLOW),
        ([DOWN, UP, SILENT, SILENT], 3, UNKNOWN),
        ([DOWN, UP, UP, SILENT], 3, SLOW),
        # a quorum of one needs no one else
        ([DOWN, UP, SILENT], 1, DOWN),
    ],
)
def test_check_state_follows_from_its_vantages(
    said: list[SeatOutcome], quorum: int, outcome: Outcome
) -> None:
    assert combine_vantages(said, quorum) is outcome


@pytest.mark.parametrize(
    ("checks", "require", "outcome"),
    [
        ([UP, UP], "all", UP),
        ([UP, SLOW], "all", SLOW),
        ([UP, SLOW, UNKNOWN], "all", UNKNOWN),
        ([UP, SLOW, UNKNOWN, DOWN], "all", DOWN),
        ([UP, SLOW, UNKNOWN, DOWN], "any", UP),
        ([SLOW, UNKNOWN, DOWN], "any", SLOW),
        ([UNKNOWN, DOWN], "any", UNKNOWN),
        ([DOWN, DOWN], "any", DOWN),
        ([], "all", UNKNOWN),
        ([], "any", UNKNOWN),
    ],
)
def test_service_state_follows_from_its_checks(
    checks: list[Outcome], require: Require, outcome: Outcome
) -> None:
    assert combine_checks(checks, [], require) is outcome


@pytest.mark.parametrize(("state", "speed"), [*product(Outcome, Outcome)])
def test_a_check_of_performance_turns_up_into_degraded_and_nothing_else(
    state: Outcome, speed: Outcome
) -> None:
    """It does so where it is down or degraded; its absence is ignored."""
    turned = state is UP and speed in (DOWN, SLOW)
    assert combine_checks([state], [speed], "all") is (SLOW if turned else state)
    assert combine_checks([state], [UP, speed], "any") is (SLOW if turned else state)


def test_failing_performance_check_degrades_its_service_for_that_hour() -> None:
    """From rows to seconds: a check of performance that fails for an hour, and then falls silent."""
    start, end = parse_time("2026-10-31 00:00"), parse_time("2026-11-01 00:00")
    slow, fast = parse_time("2026-10-31 10:00"), parse_time("2026-10-31 11:00")
    samples = [
        *make_samples(start, end),
        *make_samples(slow, fast, "down", check="speed"),
        *make_samples(fast, fast + 60, check="speed"),
    ]
    checks = {"main": make_check_rules(), "speed": make_check_rules("performance")}
    month = Case(samples, lines=(record_rules(make_rules(checks=checks)),)).compute_month()
    assert (month.seconds.degraded, month.seconds.up, month.outages) == (3600, 82_800, ())
    assert (month.expected, month.made) == (1440, 1440), "only checks of availability were promised"
