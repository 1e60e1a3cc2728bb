"""What is shown of a service now (rule 16)."""

from types import MappingProxyType

import pytest

from constat.availability import determine_standing
from constat.model import Impact, MaintenanceVersion, Notice, Sample, Standing, State, Status, Update
from tests.support.availability_cases import (
    SERVICE,
    Case,
    announce_maintenance,
    make_check_rules,
    make_rules,
    make_samples,
    parse_time,
    record_rules,
)

NOW = parse_time("2026-10-31 12:00")
PUSH_EVERY_S = 900
BEGAN = parse_time("2026-10-31 00:00")


def oct31(clock: str) -> int:
    """A time of 31 October."""
    return parse_time(f"2026-10-31 {clock}")


def find_standing(
    samples: list[Sample], *notices: Notice, told: tuple[MaintenanceVersion, ...] = ()
) -> Standing:
    """The standing at noon."""
    return determine_standing(
        Case(samples, notices=told, now=NOW).build_account(), notices, NOW, PUSH_EVERY_S
    )


def incident(impact: Impact, *states: State, starts: str = "11:30", stem: str = "2026-10-31-queue") -> Notice:
    """An incident that names the service."""
    updates = tuple(Update(oct31(starts) + n, state, "", "") for n, state in enumerate(states))
    return Notice(
        stem, "incident", (SERVICE,), impact, oct31(starts), None, None, MappingProxyType({}), updates
    )


UP = make_samples(BEGAN, NOW)
DOWN_SINCE_10_12 = [*make_samples(BEGAN, oct31("10:12")), *make_samples(oct31("10:12"), NOW, "down")]
NOON_WORK = (announce_maintenance(oct31("08:00"), oct31("11:00"), oct31("13:00")),)


def test_up_is_operational() -> None:
    assert find_standing(UP) == Standing(Status.OPERATIONAL, newest=oct31("11:59"))


def test_down_is_an_outage_since_its_first_second() -> None:
    assert find_standing(DOWN_SINCE_10_12) == Standing(
        Status.OUTAGE, since=oct31("10:12"), newest=oct31("11:59")
    )


def test_slow_is_degraded_since_its_first_second() -> None:
    samples = [*make_samples(BEGAN, oct31("10:12")), *make_samples(oct31("10:12"), NOW, "degraded")]
    assert find_standing(samples) == Standing(Status.DEGRADED, since=oct31("10:12"), newest=oct31("11:59"))


@pytest.mark.parametrize(("last", "status"), [("11:42", Status.OPERATIONAL), ("11:41", Status.NO_DATA)])
def test_sample_older_than_three_intervals_and_push_every_is_no_data(last: str, status: Status) -> None:
    """3 x 60 s and 900 s are 18 minutes; at exactly that age the last known state is still shown."""
    told = find_standing(make_samples(BEGAN, oct31(last) + 1))
    assert told.status is status
    assert told.newest == oct31(last)
    assert told.since == (oct31(last) if status is Status.NO_DATA else None)


def test_service_never_checked_has_no_data_and_no_start() -> None:
    assert find_standing([]) == Standing(Status.NO_DATA)


def test_unknown_samples_are_no_data() -> None:
    """Absence is never green, however fresh the samples are."""
    samples = [*make_samples(BEGAN, oct31("11:50")), *make_samples(oct31("11:50"), NOW, "unknown")]
    assert find_standing(samples) == Standing(Status.NO_DATA, since=oct31("11:50"), newest=oct31("11:59"))


@pytest.mark.parametrize(
    ("impact", "status"),
    [("minor", Status.DEGRADED), ("major", Status.OUTAGE), ("critical", Status.OUTAGE)],
)
def test_an_open_incident_is_shown_as_reported_where_nothing_is_measured(
    impact: Impact, status: Status
) -> None:
    told = find_standing(UP, incident(impact, "investigating"))
    assert (told.status, told.reported, told.since) == (status, True, oct31("11:30"))
    assert told.notice == "2026-10-31-queue"


def test_incident_confirmed_by_measurement_is_not_marked_reported() -> None:
    told = find_standing(DOWN_SINCE_10_12, incident("minor", "investigating"))
    assert (told.status, told.reported, told.since) == (Status.OUTAGE, False, oct31("10:12"))
    assert told.notice == "2026-10-31-queue"


def test_incident_without_impact_changes_nothing() -> None:
    assert find_standing(UP, incident("none", "investigating")).status is Status.OPERATIONAL
    assert find_standing(UP, incident("none", "investigating"), told=NOON_WORK).status is Status.MAINTENANCE


@pytest.mark.parametrize("last", ["resolved", "postmortem"])
def test_closed_incident_changes_nothing(last: State) -> None:
    assert find_standing(UP, incident("critical", "investigating", last)).status is Status.OPERATIONAL


def test_incident_of_another_service_or_the_future_changes_nothing() -> None:
    other = incident("critical", "investigating")._replace(services=("api",))
    assert find_standing(UP, other).status is Status.OPERATIONAL
    assert find_standing(UP, incident("critical", starts="12:00:01")).status is Status.OPERATIONAL


def test_gravest_of_several_incidents_decides() -> None:
    minor = incident("minor", "investigating", starts="09:00", stem="2026-10-31-slow")
    major = incident("major", "investigating", starts="11:00", stem="2026-10-31-down")
    assert find_standing(UP, minor, major).notice == "2026-10-31-down"


def test_announced_maintenance_overrides_measurement() -> None:
    for samples in (UP, DOWN_SINCE_10_12, make_samples(BEGAN, oct31("11:01"))):
        told = find_standing(samples, told=NOON_WORK)
        assert (told.status, told.since) == (Status.MAINTENANCE, oct31("11:00"))


def test_an_open_incident_is_shown_inside_maintenance() -> None:
    assert find_standing(UP, incident("major", "investigating"), told=NOON_WORK).status is Status.OUTAGE


def test_an_open_incident_is_shown_where_there_is_no_data() -> None:
    told = find_standing(make_samples(BEGAN, oct31("09:00")), incident("minor", "investigating"))
    assert (told.status, told.reported) == (Status.DEGRADED, True)


def test_outage_after_the_announced_end_is_shown_as_an_overrun() -> None:
    """It went down in the window and is still down after it."""
    samples = [*make_samples(BEGAN, oct31("11:10")), *make_samples(oct31("11:10"), NOW, "down")]
    told = find_standing(
        samples, told=(announce_maintenance(oct31("08:00"), oct31("11:00"), oct31("11:45")),)
    )
    assert (told.status, told.overrun, told.since) == (Status.OUTAGE, True, oct31("11:10"))


def test_an_outage_after_a_maintenance_is_no_overrun() -> None:
    samples = [*make_samples(BEGAN, oct31("11:50")), *make_samples(oct31("11:50"), NOW, "down")]
    told = find_standing(
        samples, told=(announce_maintenance(oct31("08:00"), oct31("11:00"), oct31("11:45")),)
    )
    assert (told.status, told.overrun) == (Status.OUTAGE, False)


@pytest.mark.parametrize(("back", "said"), [("11:00", False), ("11:01", True)])
def test_recovery_is_shown_for_an_hour(back: str, *, said: bool) -> None:
    samples = [
        *make_samples(BEGAN, oct31("10:30")),
        *make_samples(oct31("10:30"), oct31(back), "down"),
        *make_samples(oct31(back), NOW),
    ]
    recovered = find_standing(samples).recovered
    assert (recovered is not None) is said
    if recovered:
        assert (recovered.start, recovered.end, recovered.recovered) == (oct31("10:30"), oct31(back), True)


def test_the_end_of_announced_work_is_no_recovery() -> None:
    samples = [
        *make_samples(BEGAN, oct31("11:00")),
        *make_samples(oct31("11:00"), oct31("11:30"), "down"),
        *make_samples(oct31("11:30"), NOW),
    ]
    assert (
        find_standing(
            samples, told=(announce_maintenance(oct31("08:00"), oct31("11:00"), oct31("11:45")),)
        ).recovered
        is None
    )


def test_a_service_that_is_no_longer_watched_has_no_data() -> None:
    case = Case(UP, lines=(record_rules(make_rules()), record_rules(None, oct31("11:00"))), now=NOW)
    assert determine_standing(case.build_account(), (), NOW, PUSH_EVERY_S).status is Status.NO_DATA


def test_the_slowest_check_does_not_keep_a_service_fresh() -> None:
    """The certificate was looked at an hour ago, and that is fresh for it; the conversation has not been for long."""
    samples = [
        *make_samples(BEGAN, oct31("08:00")),
        *make_samples(BEGAN, NOW, every=3600, check="certificate"),
    ]
    checks = {"main": make_check_rules(), "certificate": make_check_rules(interval_s=3600)}
    case = Case(samples, lines=(record_rules(make_rules(checks=checks)),), now=NOW)
    told = determine_standing(case.build_account(), (), NOW, PUSH_EVERY_S)
    assert (told.status, told.since) == (Status.NO_DATA, oct31("08:01"))
