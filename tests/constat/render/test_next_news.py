"""The next update of a notice: expected, late, or of an incident that nobody closed."""

from dataclasses import replace

import pytest

from constat.notices import Forgotten
from constat.page import ShownNotice
from constat.render.notice_texts import describe_next_update
from tests.support.page_objects import NOW, make_incident, make_update, present_notice
from tests.support.two_languages import LANGUAGES

HOUR = 3600
OPEN = present_notice(
    make_incident("2026-11-24-relay", make_update("2026-11-24 04:00", "identified", "Un disque."))
)


def due(item: ShownNotice, at: int, *, overdue: bool = False) -> ShownNotice:
    return replace(item, notice=item.notice._replace(next=at), overdue=overdue)


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (OPEN, ""),
        (due(OPEN, NOW + HOUR), "Next update expected at 11:00."),
        (due(OPEN, NOW - HOUR, overdue=True), "No news since 05:00; the next was due at 09:00."),
        (replace(OPEN, forgotten=Forgotten("silent", NOW - 30 * HOUR)), "No news since 05:00."),
        (
            replace(OPEN, forgotten=Forgotten("measured_up", NOW - 3 * HOUR)),
            "Not closed by our team yet, but our checks have seen it working since 07:00.",
        ),
        (
            replace(due(OPEN, NOW - HOUR, overdue=True), forgotten=Forgotten("measured_up", NOW - 3 * HOUR)),
            "Not closed by our team yet, but our checks have seen it working since 07:00.",
        ),
        (replace(due(OPEN, NOW + HOUR), phase="past"), ""),
    ],
)
def test_time_of_the_next_update_is_shown(item: ShownNotice, expected: str) -> None:
    assert describe_next_update(item, LANGUAGES["en"]).striptags() == expected
