"""The phase of each notice, the outages measured during it, and the list of past days."""

import pytest

from constat.interval import DAY_S
from constat.model import Notice, State, Status
from constat.page import Page, Phase, ShownNotice
from tests.support.page_scenes import (
    COMING,
    DOWN_NOW,
    EXPLAINED,
    HOUR,
    MINUTE,
    NOW,
    OVERRUN,
    PAST,
    RUNNING,
    SCENES,
    make_bilingual,
    make_incident,
    make_maintenance,
    make_scene,
    make_update,
)
from tests.support.rendered_site import build_scene_page

DOWN = {"smtp": DOWN_NOW}


def find_shown(page: Page, stem: str) -> ShownNotice:
    [found] = [one for one in page.notices if one.notice.stem == stem]
    return found


def post_updates(notice: Notice, *posts: tuple[int, State]) -> Notice:
    """A notice with these updates: seconds ago and state."""
    return notice._replace(updates=tuple(make_update(ago, state, "…") for ago, state in posts))


@pytest.mark.parametrize(
    ("notice", "phase", "state", "as_announced"),
    [
        (COMING, "upcoming", "scheduled", False),
        (post_updates(COMING, (HOUR, "rescheduled")), "upcoming", "rescheduled", False),
        (post_updates(COMING, (HOUR, "cancelled")), "past", "cancelled", False),
        (post_updates(COMING, (HOUR, "in_progress")), "open", "in_progress", False),
        (RUNNING, "open", "in_progress", False),
        (post_updates(RUNNING, (MINUTE, "verifying")), "open", "verifying", False),
        (post_updates(RUNNING, (MINUTE, "completed")), "past", "completed", False),
        (OVERRUN, "past", "completed", True),
        (post_updates(OVERRUN, (HOUR, "in_progress")), "past", "completed", True),
    ],
)
def test_maintenance_state_follows_updates_then_the_clock(
    notice: Notice, phase: Phase, state: State, as_announced: bool
) -> None:
    found = find_shown(build_scene_page(make_scene(notices=(notice,))), notice.stem)
    assert (found.phase, found.state, found.as_announced) == (phase, state, as_announced)


def test_a_maintenance_that_overruns_is_not_over() -> None:
    """Its service is still down after the announced end."""
    found = find_shown(build_scene_page(SCENES["overrun"]), OVERRUN.stem)
    assert (found.phase, found.state, found.as_announced) == ("open", "in_progress", False)


@pytest.mark.parametrize(
    ("posts", "phase", "ends"),
    [
        ([(60, "investigating")], "open", None),
        ([(50, "investigating"), (20, "resolved")], "past", 20),
        ([(50, "investigating"), (20, "resolved"), (5, "postmortem")], "past", 20),
        ([(50, "investigating"), (40, "resolved"), (30, "monitoring")], "open", None),
        ([(50, "investigating"), (40, "resolved"), (30, "monitoring"), (10, "resolved")], "past", 10),
    ],
)
def test_an_incident_ends_when_it_was_resolved_for_good(
    posts: list[tuple[int, State]], phase: Phase, ends: int | None
) -> None:
    notice = make_incident(
        "2026-11-23-x",
        ("api",),
        [make_bilingual(ago * MINUTE, state, "…", "…") for ago, state in posts],
        {"fr": "X"},
    )
    found = find_shown(build_scene_page(make_scene(notices=(notice,))), notice.stem)
    assert found.phase == phase
    assert found.ends == (None if ends is None else NOW - ends * MINUTE)


@pytest.mark.parametrize(("due_ago", "overdue"), [(-MINUTE, False), (5 * MINUTE, True), (30 * MINUTE, False)])
def test_update_is_overdue_after_its_promised_time(due_ago: int, overdue: bool) -> None:
    """The newest update is 20 minutes old: news promised for before it have come."""
    posts = (
        make_bilingual(40 * MINUTE, "investigating", "…", "…"),
        make_bilingual(20 * MINUTE, "identified", "…", "…"),
    )
    notice = make_incident("2026-11-23-x", ("api",), posts, {"fr": "X"}, next_ago=due_ago)
    assert find_shown(build_scene_page(make_scene(notices=(notice,))), notice.stem).overdue is overdue


def test_notice_lists_outages_measured_meanwhile() -> None:
    [found] = find_shown(build_scene_page(SCENES["outage-explained"]), EXPLAINED.stem).outages
    assert (found.service, found.outage.start, found.ongoing) == ("smtp", NOW - 28 * MINUTE, True)
    assert find_shown(build_scene_page(SCENES["outage-explained"]), COMING.stem).outages == ()


def test_past_days_list_closed_notices_and_unexplained_outages() -> None:
    page = build_scene_page(SCENES["outage-explained"])
    told = [
        (day.date.day, [one.notice.stem for one in day.notices], [one.service for one in day.outages])
        for day in page.past
    ]
    assert told == [(20, [], ["api"]), (18, [PAST.stem], [])]


def test_an_outage_without_a_notice_is_listed_today() -> None:
    page = build_scene_page(make_scene(DOWN))
    assert [(day.date.day, day.outages[0].service, day.outages[0].ongoing) for day in page.past] == [
        (23, "smtp", True)
    ]


def test_the_archive_has_every_month_and_links_them() -> None:
    """From the first thing that happened, in October, to this month."""
    page = build_scene_page(SCENES["outage-explained"])
    assert [(one.name, one.before, one.after) for one in page.archive] == [
        ("2026-11", "2026-10", None),
        ("2026-10", None, "2026-11"),
    ]
    [october] = [one for one in page.archive if one.name == "2026-10"]
    assert [(day.date.day, [one.service for one in day.outages]) for day in october.days] == [(2, ["api"])]


def test_group_with_an_unmeasured_service_is_not_green() -> None:
    page = build_scene_page(SCENES["partly-checked"])
    assert [group.status for group in page.groups] == [Status.NO_DATA]
    assert all(group.open for group in page.groups)


def test_old_maintenance_is_not_in_the_past_days() -> None:
    old = make_maintenance("2026-10-01-old", ("api",), 40 * DAY_S, HOUR)
    assert build_scene_page(make_scene(notices=(old,))).past == ()
