"""A year at a glance: whole weeks up to today, from the kept months and the shown days."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from constat.availability import PastMonth, YearDay
from constat.interval import midnight
from constat.model import Outage, Status
from constat.page.year import build_year, find_first_day, list_past_months
from tests.support.page_objects import make_days

ZURICH = ZoneInfo("Europe/Zurich")
TODAY, FIRST_SHOWN = make_days()[-1].date, make_days()[0].date
QUIET = YearDay(TODAY, Status.OPERATIONAL, False, 0, 0, 0, 86_400, 86_400)


def _month(*of: YearDay, outages: tuple[Outage, ...] = ()) -> PastMonth:
    return PastMonth(of, outages)


@pytest.mark.parametrize(
    "today", [date(2026, 11, 23), date(2026, 11, 29), date(2024, 2, 29), date(2027, 1, 1)]
)
def test_a_year_begins_on_a_monday_and_has_53_weeks(today: date) -> None:
    first = find_first_day(today)
    assert first.weekday() == 0
    assert (today - first).days // 7 == 52


def test_the_months_before_the_shown_days_reach_from_the_first_week_to_them() -> None:
    """The month in which the shown days begin is over, and needed for the days before these."""
    months = list_past_months(date(2026, 11, 23), date(2026, 8, 26), ZURICH)
    assert (months[0], months[-1], len(months)) == ("2025-11", "2026-08", 10)
    assert list_past_months(date(2026, 11, 29), date(2026, 9, 1), ZURICH)[-1] == "2026-08"


def test_a_service_that_began_within_the_shown_days_has_no_year() -> None:
    """It would say what these say."""
    unborn = QUIET._replace(date=FIRST_SHOWN - timedelta(days=1), length_s=0, status=Status.NO_DATA)
    assert build_year(make_days(), (), (), ZURICH) is None
    assert build_year(make_days(), (), [_month(unborn)], ZURICH) is None


def test_shown_days_take_precedence_over_stored_months() -> None:
    """Stored months are not used for days that are shown anyway, nor for days before the first week."""
    kept = [FIRST_SHOWN - timedelta(days=1), FIRST_SHOWN, find_first_day(TODAY) - timedelta(days=1)]
    month = _month(*(QUIET._replace(date=day, down_s=60) for day in kept))
    year = build_year(make_days(), (), [month], ZURICH)
    assert year is not None
    assert [day.date for day in year.days] == [kept[0], *(day.date for day in make_days())]
    assert sum(day.down_s for day in year.days) == 60


def test_an_outage_that_ended_before_the_year_is_not_among_its_longest() -> None:
    begins = midnight(find_first_day(TODAY), ZURICH)
    before, over = (
        Outage(begins - 900, begins - 100, 0, "refused"),
        Outage(begins - 60, begins + 60, 0, "refused"),
    )
    recent = Outage(begins + 30_000_000, begins + 30_000_300, 0, "timeout")
    month = _month(QUIET._replace(date=FIRST_SHOWN - timedelta(days=1)), outages=(before, over))
    year = build_year(make_days(), [recent], [month], ZURICH)
    assert year is not None
    assert year.longest == (recent, over)
