"""The longest outages of a year are whole, and equal days are kept once."""

from datetime import date, timedelta

from constat.availability import YearDay, find_longest, join_outages, keep_for_year, list_runs
from constat.interval import Interval
from constat.model import Outage, Status

QUIET = YearDay(date(2026, 5, 1), Status.OPERATIONAL, False, 0, 0, 0, 86_400, 86_400)


def _outage(start: int, end: int, maintenance_s: int = 0, reason: str = "refused") -> Outage:
    return Outage(start, end, maintenance_s, reason, recovered=True)


def test_an_outage_over_the_edge_of_two_months_is_one() -> None:
    """It has the reason with which it began, and all of its maintenance."""
    first, second = Outage(100, 200, 30, "timeout"), _outage(200, 260, 10)
    assert join_outages([second, first]) == (Outage(100, 260, 40, "timeout", recovered=True),)


def test_an_outage_that_two_windows_saw_is_counted_once() -> None:
    whole = _outage(100, 260, 40)
    assert join_outages([whole, whole]) == (whole,)
    assert join_outages([_outage(150, 260, 10), _outage(100, 260, 40)]) == (whole,)


def test_outages_with_a_gap_between_stay_separate() -> None:
    apart = (_outage(0, 60), _outage(61, 90))
    assert join_outages(apart) == apart


def test_the_longest_come_first_and_of_equal_ones_the_newest() -> None:
    old, new, long, short = _outage(0, 60), _outage(100, 160), _outage(200, 300), _outage(400, 401)
    assert find_longest([old, new, long, short], 3) == (long, new, old)


def test_month_keeps_its_longest_outages_and_those_at_its_edges() -> None:
    """The part of an outage beyond the edge is not known in this month."""
    month = Interval(0, 1000)
    outages = (_outage(0, 1), _outage(10, 30), _outage(40, 50), _outage(60, 69), _outage(999, 1000))
    assert keep_for_year(outages, month, 2) == (outages[0], outages[1], outages[2], outages[4])


def test_equal_days_in_a_row_are_kept_once() -> None:
    days = [QUIET._replace(date=QUIET.date + timedelta(days=n), down_s=60 * (n == 3)) for n in range(6)]
    assert [(day.date.day, count) for day, count in list_runs(days)] == [(1, 3), (4, 1), (5, 2)]
    assert list(list_runs([])) == []
