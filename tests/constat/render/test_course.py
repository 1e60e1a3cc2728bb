"""The course of a notice: flags over a strip, and one list of what was said and what was measured."""

from dataclasses import replace

import pytest

from constat.interval import MINUTE_S, Interval
from constat.model import Outage, Status, Update
from constat.page import ServiceOutage, ShownNotice
from constat.page.said_and_measured import Measured, Telling
from constat.render.course import describe_telling, draw_course, list_moments
from constat.render.links import Links
from tests.support.page_objects import (
    BROKEN,
    LOOKING,
    MENDED,
    PLANNED,
    SETTINGS,
    SMTP,
    make_page,
    parse_time,
    present_notice,
)
from tests.support.two_languages import LANGUAGES

ENGLISH = LANGUAGES["en"]
DOWN = Interval(parse_time("2026-11-23 10:05"), parse_time("2026-11-23 11:05"))
OUTAGE = ServiceOutage("smtp", Outage(*DOWN, 0, "refused", recovered=True), ongoing=False)
BARS = (Status.OPERATIONAL,) * 5 + (Status.OUTAGE,) * 12 + (Status.OPERATIONAL,) * 5
MEASURED = Measured(parse_time("2026-11-23 09:40"), 5 * MINUTE_S, BARS)


def _notice(**changes: object) -> ShownNotice:
    """An incident that was spoken of seven minutes after it was seen."""
    known = replace(
        present_notice(BROKEN), outages=(OUTAGE,), measured=MEASURED, telling=Telling(7 * 60, 7 * 60)
    )
    return replace(known, **changes)  # type: ignore[arg-type]


def test_flags_are_above_the_bars_of_their_time() -> None:
    drawn = draw_course(_notice(), ENGLISH)
    assert drawn is not None
    assert dict(drawn.paths) == {"up": "M0 26H58M204 26H262", "outage": "M60 20H202"}
    assert [flag.label for flag in drawn.flags] == ["1", "2"]
    assert [float(flag.at) for flag in drawn.flags] == pytest.approx([10.7, 30.8], abs=0.1)
    assert drawn.label == "down: 1\u00a0h"
    assert drawn.caption == "What our checks saw, one bar every 5\u00a0min."


def test_flags_that_would_cover_each_other_share_one() -> None:
    soon = LOOKING._replace(at=LOOKING.at + 60)
    notice = BROKEN._replace(updates=(LOOKING, soon, MENDED))
    drawn = draw_course(_notice(notice=notice), ENGLISH)
    assert drawn is not None
    assert [flag.label for flag in drawn.flags] == ["1\u20132", "3"]


def _maintenance(*updates: Update, **changes: object) -> ShownNotice:
    """The window from 22:00 to 01:00, measured in bars of five minutes from 21:40 on."""
    bars = (Status.OPERATIONAL,) * 52
    measured = Measured(PLANNED.starts - 20 * MINUTE_S, 5 * MINUTE_S, bars)
    known = replace(
        present_notice(PLANNED._replace(updates=updates)), phase="past", state="completed", measured=measured
    )
    return replace(known, **changes)  # type: ignore[arg-type]


def test_a_maintenance_as_announced_and_as_it_was_are_two_rows() -> None:
    """Announced from 22:00 to 01:00: 20 minutes are 48 units in, and three hours are 432 long. Held from 22:10 to 01:25."""
    begun = LOOKING._replace(at=PLANNED.starts + 10 * MINUTE_S, state="in_progress")
    drawn = draw_course(_maintenance(begun, ends=PLANNED.starts + 205 * MINUTE_S), ENGLISH)
    assert drawn is not None
    assert [(row.css, row.bar) for row in drawn.rows] == [("frame", (48, 432)), ("actual", (72, 468))]
    assert [row.words.striptags() for row in drawn.rows] == [
        "As announced: Tuesday 1 December, 22:00 to 01:00",
        "As it was: Tuesday 1 December, 22:10 to 01:25",
    ]


def test_maintenance_without_updates_shows_only_its_announced_window() -> None:
    drawn = draw_course(_maintenance(as_announced=True, ends=PLANNED.ends), ENGLISH)
    assert drawn is not None
    assert [row.bar for row in drawn.rows] == [(48, 432), None]
    assert drawn.rows[1].words == "As it was: our team reported nothing else."


def test_without_evidence_there_is_no_strip() -> None:
    assert draw_course(_notice(measured=None), ENGLISH) is None


def test_measurements_are_listed_between_updates_newest_first() -> None:
    """The rail is red while the service was down."""
    links = Links(SETTINGS, "en", "incidents/2026-11-23-smtp/")
    moments = list_moments(_notice(), make_page(services=(SMTP,)), ENGLISH, links)
    assert [(moment.css, moment.number, moment.bad) for moment in moments] == [
        ("", 2, False),
        ("up", 0, True),
        ("", 1, True),
        ("outage", 0, False),
    ]
    assert moments[1].words == "Our checks: SMTP relay working again, after 1\u00a0h."
    assert moments[3].words == "Our checks: SMTP relay down (connection refused)."


@pytest.mark.parametrize(
    ("telling", "words"),
    [
        (
            Telling(420, 120),
            "First word 7 min after the first failed check; said to be over 2 min after it was.",
        ),
        (
            Telling(-180, -60),
            "First word 3 min before the first failed check; said to be over 1 min before it was.",
        ),
        (Telling(420, None), "First word 7 min after the first failed check."),
        (Telling(None, None), ""),
    ],
)
def test_first_response_time_is_computed_from_updates_and_outages(telling: Telling, words: str) -> None:
    assert describe_telling(_notice(telling=telling), ENGLISH).replace("\u00a0", " ") == words


def test_a_maintenance_is_framed_by_the_window_that_was_announced() -> None:
    """It needs no first word: it was announced."""
    window = Interval(PLANNED.starts, PLANNED.ends or 0)
    around = Measured(window.start - 20 * MINUTE_S, 5 * MINUTE_S, (Status.OPERATIONAL,) * 44)
    notice = replace(present_notice(PLANNED), phase="past", measured=around, telling=Telling(60, 60))
    drawn = draw_course(notice, ENGLISH)
    assert drawn is not None
    assert drawn.rows[0].bar == (48, 432)
    assert describe_telling(notice, ENGLISH) == ""
