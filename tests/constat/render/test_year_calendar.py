"""A year as a calendar: every day has a shape, every day that is not quiet has words."""

from datetime import date, timedelta

import pytest

from constat.availability import YearDay
from constat.model import Outage, Status
from constat.page.year import Year
from constat.render.year_calendar import (
    Calendar,
    Shape,
    describe_year_day,
    draw_shape,
    draw_year,
    find_shape,
    list_longest,
)
from tests.support.page_objects import SMTP
from tests.support.two_languages import LANGUAGES

ENGLISH = LANGUAGES["en"]
MONDAY = date(2025, 11, 24)
QUIET = YearDay(MONDAY, Status.OPERATIONAL, False, 0, 0, 0, 86_400, 86_400)
UNBORN = YearDay(MONDAY, Status.NO_DATA, False, 0, 0, 0, 0, 0)
DOWN = QUIET._replace(status=Status.OUTAGE, down_s=2520)
SHAPES: dict[Shape, YearDay] = {
    "up": QUIET,
    "part": QUIET._replace(partial=True, observed_s=63_000),
    "degraded": QUIET._replace(status=Status.DEGRADED, degraded_s=1320),
    "outage": DOWN,
    "maint": QUIET._replace(status=Status.MAINTENANCE, announced_s=10_800),
    "none": QUIET._replace(status=Status.NO_DATA, observed_s=0),
    "unborn": UNBORN,
}


def _plain(words: str) -> str:
    """Durations hold non-breaking spaces."""
    return words.replace("\u00a0", " ")


def _draw(**days: YearDay) -> Calendar:
    """A year up to a Monday; before its 28th day the service was not watched. `dN`: another N-th day."""
    year = tuple(
        days.get(f"d{n}", UNBORN if n < 28 else QUIET)._replace(date=MONDAY + timedelta(days=n))
        for n in range(365)
    )
    drawn = draw_year(SMTP._replace(year=Year(year, ())), ENGLISH)
    assert drawn is not None
    return drawn


def test_a_service_without_a_year_has_no_calendar() -> None:
    assert draw_year(SMTP, ENGLISH) is None
    assert list_longest(SMTP) == ()


@pytest.mark.parametrize("shape", SHAPES)
def test_every_kind_of_day_has_a_shape_of_its_own(shape: Shape) -> None:
    """No two drawings are alike, so that the calendar is read without colour."""
    assert find_shape(SHAPES[shape]) == shape
    assert next(css for css, _ in draw_shape(shape)) == shape


def test_a_quiet_week_is_one_stroke() -> None:
    """A year has 365 days; what is alike in a column is drawn at once."""
    drawn = _draw()
    assert dict(drawn.halves[0].paths)["unborn"] == "".join(f"M{x}.5 18v85" for x in (5, 18, 31, 44))
    assert dict(drawn.halves[0].paths)["up"].startswith("M57.5 18v85")
    assert "up" in dict(drawn.halves[1].paths)


def test_two_halves_hold_53_weeks_and_today_is_framed() -> None:
    first, second = _draw().halves
    assert "today" not in dict(first.paths)
    assert dict(second.paths)["today"] == "M323.5 14.5h14v14h-14z"
    assert first.label.startswith("24 November 2025 to 31 May 2026: no day with problems")


def test_a_day_with_problems_is_drawn_marked_listed_and_counted() -> None:
    drawn = _draw(d100=DOWN)
    half = drawn.halves[0]
    assert {"outage", "cross"} <= dict(half.paths).keys()
    assert [_plain(mark.words) for mark in half.marks] == ["Wednesday 4 March · down 42 min"]
    assert [(day.isoformat(), css, _plain(words)) for day, css, _, words in drawn.problem_days] == [
        ("2026-03-04", "outage", "down 42 min")
    ]
    assert drawn.words == "337 days watched, since 22 December 2025: 1 day with problems. Today is framed."
    assert [name for name, _ in drawn.shapes] == ["up", "outage", "unborn"]


def test_maintenance_and_days_without_measurement_are_counted_too() -> None:
    words = _draw(d100=SHAPES["maint"], d101=SHAPES["none"], d102=SHAPES["none"]).words
    assert "no day with problems, 1 with maintenance, and 2 not measured" in words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (DOWN._replace(degraded_s=60, announced_s=3600), "down 42 min, not working normally 1 min, announced maintenance 1 h"),
        (SHAPES["part"], "measured 17 h 30 of 24"),
        (SHAPES["part"]._replace(length_s=82_800), "measured 17 h 30 of 23 h"),
        (SHAPES["none"], "not measured"),
    ],
)  # fmt: skip
def test_day_has_the_same_description_as_its_bar(day: YearDay, words: str) -> None:
    assert _plain(describe_year_day(day, ENGLISH)) == words


def test_longest_outages_of_the_year_include_the_ongoing_one() -> None:
    outage = Outage(1_795_000_000, 1_795_003_600, 0, "refused", recovered=True)
    service = SMTP._replace(year=Year((QUIET,), (outage,)))
    assert [each.outage for each in list_longest(service)] == [outage]
