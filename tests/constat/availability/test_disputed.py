"""Where the places that we look from disagree, that is known, and not only its outcome."""

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from constat.availability import build_account, determine_standing
from constat.interval import Interval
from constat.model import (
    CheckRules,
    MaintenanceRules,
    Outcome,
    RecordedRules,
    Register,
    Sample,
    ServiceRules,
    Status,
)
from tests.support.plain_evidence import roll_up_samples

NOON = 1_800_000_000


@pytest.mark.parametrize(
    ("quorum", "outcomes", "status", "disputed"),
    [
        (2, (Outcome.DOWN, Outcome.UP), Status.DEGRADED, True),
        (1, (Outcome.DOWN, Outcome.UP), Status.OUTAGE, True),
        (1, (Outcome.DOWN, Outcome.DOWN), Status.OUTAGE, False),
        (1, (Outcome.DOWN, Outcome.UNKNOWN), Status.OUTAGE, False),
        (1, (Outcome.UP, Outcome.UP), Status.OPERATIONAL, False),
    ],
)
def test_vantages_that_disagree_are_disputed(
    quorum: int, outcomes: tuple[Outcome, ...], status: Status, disputed: bool
) -> None:
    places = ("gha", "bern")
    check = CheckRules("availability", 60, quorum, places)
    maintenance = MaintenanceRules(counts=True, notice_s=0, cap_s=None)
    rules = ServiceRules(60, Decimal(99), Decimal(99), "all", maintenance, {"home": check})
    samples = [
        Sample(NOON - 30 + n, "web", "home", outcome, 10, 1, 60, place)
        for n, (place, outcome) in enumerate(zip(places, outcomes, strict=True))
    ]
    evidence = roll_up_samples(samples, Interval(NOON - 3600, NOON))
    register = Register(services=(RecordedRules(NOON - 3600, "web", rules),))
    held = build_account(register, evidence, "web", ZoneInfo("UTC"), NOON)
    shown = determine_standing(held, (), NOON, 900)
    assert (shown.status, shown.disputed) == (status, disputed)
