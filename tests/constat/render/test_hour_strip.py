"""The strip of the last 24 hours, and its list of hours with problems, drawn by minute where that shows more."""

from zoneinfo import ZoneInfo

import pytest

from constat.interval import HOUR_S, clock_hours
from constat.model import Status
from constat.page import Hour, Minutes, ShownService
from constat.render.hour_strip import HourStrip, build_minute_axis, draw_hours
from tests.support.page_objects import NOW, SMTP
from tests.support.two_languages import LANGUAGES

ENGLISH = LANGUAGES["en"]
ZURICH = ZoneInfo("Europe/Zurich")
STARTS = [hour.start for hour in clock_hours(NOW, ZURICH, 24)]
QUIET = (Minutes(0, 60, Status.OPERATIONAL),)


def _draw(**runs: tuple[Minutes, ...]) -> HourStrip:
    """The strip of a day with these runs in some hours, by `h` and the place of the hour."""
    hours = tuple(Hour(start, runs.get(f"h{place}", QUIET)) for place, start in enumerate(STARTS))
    return draw_hours(SMTP._replace(hours=hours), ENGLISH)


def _runs(*parts: tuple[int, Status]) -> tuple[Minutes, ...]:
    first, runs = 0, []
    for length, status in parts:
        runs.append(Minutes(first, length, status))
        first += length
    return tuple(runs)


def test_a_quiet_day_is_one_stroke_without_a_list() -> None:
    strip = _draw()
    assert strip.paths == (("up", "M0 26H718"),)
    assert strip.troubled == ()
    assert strip.label == "The last 24 hours: no problem"


def test_outage_is_drawn_above_its_hour() -> None:
    """Its height says how long: here 28 min."""
    strip = _draw(h23=_runs((12, Status.OPERATIONAL), (28, Status.OUTAGE)))
    assert dict(strip.paths) == {"up": "M0 26H718", "outage": "M704 19v-9"}
    (hour,) = strip.troubled
    assert (hour.css, hour.is_open) == ("outage", True)
    assert hour.words.startswith("down from ")
    assert dict(hour.paths) == {"up": "M0 26H142", "outage": "M144 20H478"}
    assert strip.label == "The last 24 hours: 1 hour with problems"


def test_uniform_hours_are_listed_once() -> None:
    """Minute by minute they would be three times the same line."""
    whole = _runs((60, Status.NO_DATA))
    strip = _draw(h4=whole, h5=whole, h6=whole)
    (hour,) = strip.troubled
    assert hour.paths == ()
    assert hour.words.endswith("3\u00a0h")
    assert dict(strip.paths)["none"] == "M120 31H208"


@pytest.mark.parametrize(
    ("runs", "css"),
    [
        (_runs((30, Status.OPERATIONAL), (30, Status.DEGRADED)), "degraded"),
        (_runs((30, Status.OPERATIONAL), (30, Status.MAINTENANCE)), "maint"),
        (_runs((30, Status.OPERATIONAL), (30, Status.NO_DATA)), "part"),
        (_runs((57, Status.OPERATIONAL), (3, Status.NO_DATA)), "up"),
    ],
)
def test_an_hour_has_the_shape_of_a_day(runs: tuple[Minutes, ...], css: str) -> None:
    assert css in dict(_draw(h7=runs).paths)


def test_only_the_newest_of_many_troubled_hours_is_open() -> None:
    runs = _runs((30, Status.OPERATIONAL), (30, Status.DEGRADED))
    opened = [hour.is_open for hour in _draw(h3=runs, h7=runs, h20=runs).troubled]
    assert opened == [True, False, False]


def test_hours_before_the_first_check_stay_empty() -> None:
    young: ShownService = SMTP._replace(
        hours=tuple(Hour(start, QUIET) for start in STARTS), first=STARTS[20] + HOUR_S // 2
    )
    assert draw_hours(young, ENGLISH).paths == (("up", "M600 26H718"),)


def test_the_axes_name_every_third_hour_and_every_quarter() -> None:
    """The hour before the last word has none: `maintenant` is as wide as it."""
    axis = _draw().axis
    assert len(axis) == 8
    assert (axis[0].at, axis[-2].at, axis[-1]) == ("0", "75", ("100", "end", "now"))
    assert [label.words for label in build_minute_axis(ENGLISH)] == ["0", "15", "30", "45", "60\u00a0min"]
