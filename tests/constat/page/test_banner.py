"""The banner, case by case: its headline, further faults, and the number of working services."""

import pytest

from constat.interval import DAY_S
from constat.model import Outcome, Status
from constat.page import Banner, BannerKind, Page, PageInputs, build_page
from tests.support.page_scenes import (
    DOWN_NOW,
    HOUR,
    MINUTE,
    NOW,
    SCENES,
    Scene,
    Seen,
    make_bilingual,
    make_incident,
    make_maintenance,
    make_scene,
)

CASES: dict[str, tuple[BannerKind, Status, list[str], list[str], int]] = {
    "all-well": ("all_well", Status.OPERATIONAL, [], [], 5),
    "degraded": ("degraded", Status.DEGRADED, ["api"], [], 4),
    "outage": ("outage", Status.OUTAGE, ["smtp"], [], 4),
    "outage-explained": ("outage", Status.OUTAGE, ["smtp"], [], 4),
    "several-down": ("outage", Status.OUTAGE, ["app", "api", "smtp"], [], 2),
    "all-down": ("all_down", Status.OUTAGE, ["website", "app", "api", "smtp", "sms"], [], 0),
    "reported": ("reported", Status.OUTAGE, ["sms"], [], 4),
    "recovered": ("recovered", Status.OPERATIONAL, ["smtp"], [], 5),
    "maintenance": ("maintenance", Status.MAINTENANCE, ["smtp"], [], 4),
    "overrun": ("overrun", Status.OUTAGE, ["smtp"], [], 4),
    "partly-checked": ("partly_checked", Status.NO_DATA, ["api"], [], 4),
    "blind": ("blind", Status.NO_DATA, ["website", "app", "api", "smtp", "sms"], [], 0),
    "first-day": ("first_day", Status.NO_DATA, ["website", "app", "api", "smtp", "sms"], [], 0),
}


def build_scene_page(world: Scene) -> Page:
    return build_page(PageInputs(world.config, world.register, world.evidence, world.notices, world.now))


def build_scene_banner(world: Scene) -> Banner:
    return build_scene_page(world).banner


@pytest.mark.parametrize("name", CASES)
def test_each_state_has_its_banner(name: str) -> None:
    kind, status, faults, also, working = CASES[name]
    banner = build_scene_banner(SCENES[name])
    assert (banner.kind, banner.status) == (kind, status)
    assert [fault.service for fault in banner.faults] == faults
    assert [fault.service for fault in banner.also] == also
    assert (banner.working, banner.total) == (working, 5)


def test_lesser_faults_follow_the_headline_gravest_first() -> None:
    """Down, then not working normally, then maintenance, then back, then what cannot be checked."""
    world = make_scene(
        {
            "website": Seen(last=NOW - 3 * HOUR),
            "app": Seen(spans=((90 * MINUTE, 42 * MINUTE, None),)),
            "api": Seen(spans=((28 * MINUTE, HOUR, Outcome.DEGRADED),)),
            "smtp": DOWN_NOW,
        },
        (make_maintenance("2026-11-23-sms", ("sms",), HOUR, 3 * HOUR),),
    )
    banner = build_scene_banner(world)
    assert [fault.service for fault in banner.faults] == ["smtp"]
    assert [(fault.service, fault.kind) for fault in banner.also] == [
        ("api", "degraded"),
        ("sms", "maintenance"),
        ("website", "unchecked"),
    ]


def test_a_measured_outage_without_a_notice_is_unexplained() -> None:
    assert build_scene_banner(SCENES["outage"]).unexplained
    assert not build_scene_banner(SCENES["outage-explained"]).unexplained


def test_notice_about_a_fault_is_named() -> None:
    [fault] = build_scene_banner(SCENES["outage-explained"]).faults
    assert fault.notice == "2026-11-23-relais-smtp"


def test_a_maintenance_says_when_it_ends() -> None:
    [running] = build_scene_banner(SCENES["maintenance"]).faults
    [late] = build_scene_banner(SCENES["overrun"]).faults
    assert running.until == NOW + 140 * MINUTE
    assert late.until == NOW - 10 * MINUTE


def test_a_recovery_says_when_and_after_how_long() -> None:
    [fault] = build_scene_banner(SCENES["recovered"]).faults
    assert (fault.since, fault.seconds) == (NOW - 48 * MINUTE, 42 * MINUTE)


def test_outage_of_the_only_service_has_the_outage_banner() -> None:
    """With one service, the banner names it."""
    whole = SCENES["outage"].config
    only = whole._replace(services=tuple(one for one in whole.services if one.id == "smtp"))
    assert build_scene_banner(make_scene({"smtp": DOWN_NOW}, of=only)).kind == "outage"


def test_an_incident_without_impact_changes_nothing() -> None:
    said = make_incident(
        "2026-11-23-note", ("api",), (make_bilingual(MINUTE, "investigating", "…", "…"),), {"fr": "Note"}
    )
    assert build_scene_banner(make_scene(notices=(said._replace(impact="none"),))).kind == "all_well"


def test_no_data_banner_says_since_when() -> None:
    assert build_scene_banner(SCENES["blind"]).since == NOW - 38 * MINUTE


def test_absence_is_never_green() -> None:
    """A service that cannot be checked turns the banner grey, though nothing is seen to be wrong."""
    assert build_scene_banner(make_scene({"api": Seen(last=NOW - DAY_S)})).status is Status.NO_DATA
