"""The hard cases of the support clock, each worked out by hand.

As promised: Europe 08:00-17:00 at +01:00, America 09:00-17:00 at -06:00 (16:00 to 24:00 in Europe), Monday to Friday; first
level within 4 h, second within 8 h of opening time, the legal team within 5 working days.
"""

from datetime import date, time
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from constat.interval import Interval, format_instant, month_interval, parse_instant
from constat.model import Hours, Level, LevelFigures, Support, Ticket
from constat.support import (
    RecordedPromise,
    compute_support_figures,
    count_opening_seconds,
    select_tickets_due,
)
from constat.support.level_figures import Judged

ZURICH = ZoneInfo("Europe/Zurich")
WEEKDAYS = (0, 1, 2, 3, 4)
EUROPE = Hours("Europe", WEEKDAYS, time(8), time(17), "+01:00", ())
AMERICA = Hours("America", WEEKDAYS, time(9), time(17), "-06:00", ())
LEVELS = (
    Level("first", {}, 4 * 3600, None),
    Level("second", {}, 8 * 3600, None),
    Level("legal", {}, None, 5),
)
UNION = Support((), {}, (EUROPE, AMERICA), "union", LEVELS)
OWN = UNION._replace(clock="own")
FAR = parse_instant("2030-01-01T00:00Z")
ALWAYS = Interval(0, FAR)


def closed(support: Support, europe: tuple[str, ...] = (), america: tuple[str, ...] = ()) -> Support:
    """The same with holidays."""
    days = {"Europe": europe, "America": america}
    hours = tuple(
        each._replace(holidays=tuple(map(date.fromisoformat, days[each.region]))) for each in support.hours
    )
    return support._replace(hours=hours)


def ticket(level: str, opened: str, answered: str | None = None, region: str = "Europe") -> Ticket:
    """One row; times without an offset are at +01:00."""
    times = [
        text if "Z" in text or text.count("-") == 3 else f"{text}+01:00"
        for text in (opened, answered or opened)
    ]
    at = [parse_instant(text) for text in times]
    return Ticket("T1", level, region, at[0], at[1] if answered else None)


def judge(support: Support, one: Ticket, freeze: int = FAR) -> Judged:
    """How a ticket is judged, whatever its month."""
    (found,) = select_tickets_due([RecordedPromise(0, support)], [one], ALWAYS, ZURICH, freeze)
    return found


@pytest.mark.parametrize(
    ("support", "one", "due"),
    [
        # Friday 16:59: a minute on Friday, 3 h 59 on Monday from 08:00
        (OWN, ticket("first", "2026-10-30T16:59"), "2026-11-02T11:59"),
        # with America open until midnight, the same Friday
        (UNION, ticket("first", "2026-10-30T16:59"), "2026-10-30T20:59"),
        # 21:00 until midnight are 3 h, the fourth on Monday
        (UNION, ticket("first", "2026-10-30T21:00"), "2026-11-02T09:00"),
        # on a Sunday nobody is there
        (UNION, ticket("first", "2026-11-01T12:00"), "2026-11-02T12:00"),
        # the target is reached at the very second of closing
        (OWN, ticket("first", "2026-11-02T13:00"), "2026-11-02T17:00"),
        # Christmas Day in Europe only: own hours go on on Monday, the union on Friday at 16:00
        (closed(OWN, ("2026-12-25",)), ticket("first", "2026-12-24T16:00"), "2026-12-28T11:00"),
        (closed(UNION, ("2026-12-25",)), ticket("first", "2026-12-25T09:00"), "2026-12-25T20:00"),
        (
            closed(UNION, ("2026-12-25",), ("2026-12-25",)),
            ticket("first", "2026-12-25T09:00"),
            "2026-12-28T12:00",
        ),
        # 11:00 to 17:00 are 6 h, two more on the next morning
        (OWN, ticket("second", "2026-11-02T11:00"), "2026-11-03T10:00"),
        # a customer in America, on America's own hours: 16:30 there, half an hour today
        (OWN, ticket("first", "2026-11-02T16:30-06:00", region="America"), "2026-11-03T12:30-06:00"),
        # 30 and 31 December, 4, 5 and 6 January; everyone is off on 1 January, and the 2nd is a Saturday
        (closed(OWN, ("2027-01-01",)), ticket("legal", "2026-12-29T10:00"), "2027-01-06T17:00"),
        # the latest closing that bears the date is America's: midnight in Europe
        (
            closed(UNION, ("2027-01-01",), ("2027-01-01",)),
            ticket("legal", "2026-12-29T10:00"),
            "2027-01-07T00:00",
        ),
        # where only Europe is off, 1 January is a working day
        (closed(UNION, ("2027-01-01",)), ticket("legal", "2026-12-29T10:00"), "2027-01-06T00:00"),
        # and on a day on which America is off, Europe closes it
        (
            closed(UNION, ("2027-01-01",), ("2027-01-01", "2027-01-06")),
            ticket("legal", "2026-12-29T10:00"),
            "2027-01-06T17:00",
        ),
        # 00:30 of Tuesday in Europe is Monday in America: the five days begin on Tuesday
        (OWN, ticket("legal", "2026-11-03T00:30", region="America"), "2026-11-09T17:00-06:00"),
        (OWN, ticket("legal", "2026-11-03T00:30"), "2026-11-10T17:00"),
        # asked on a Saturday: Monday is the first working day after
        (OWN, ticket("legal", "2026-11-07T12:00"), "2026-11-13T17:00"),
    ],
)
def test_ticket_due_time_is_as_worked_out(support: Support, one: Ticket, due: str) -> None:
    text = due if due.count("-") == 3 else f"{due}+01:00"
    assert format_instant(judge(support, one).due) == format_instant(parse_instant(text))


@pytest.mark.parametrize(
    ("one", "late", "elapsed_s"),
    [
        (ticket("first", "2026-10-30T16:59", "2026-11-02T11:59:00"), False, 14_400),
        (ticket("first", "2026-10-30T16:59", "2026-11-02T11:59:01"), True, 14_401),
        (ticket("first", "2026-10-30T16:59", "2026-10-31T10:00"), False, 60),  # answered on a Saturday
        (ticket("first", "2026-11-02T13:00", "2026-11-03T08:00"), False, 14_400),  # overnight nothing runs
        (ticket("first", "2026-11-02T13:00", "2026-11-03T08:00:01"), True, 14_401),
        (ticket("second", "2026-11-02T11:00", "2026-11-03T10:00"), False, 28_800),
        (ticket("legal", "2026-11-02T11:00", "2026-11-09T17:00"), False, 6 * 3600 + 5 * 9 * 3600),
        (ticket("legal", "2026-11-02T11:00", "2026-11-09T17:00:01"), True, 6 * 3600 + 5 * 9 * 3600),
        (ticket("first", "2026-11-02T11:00"), True, None),
        (ticket("first", "2026-11-02T11:00", "2026-11-02T11:00"), False, 0),
    ],
)
def test_ticket_is_late_after_more_than_the_promised_time(
    one: Ticket, *, late: bool, elapsed_s: int | None
) -> None:
    """With Europe's own hours."""
    found = judge(OWN, one)
    assert (found.late, found.elapsed_s) == (late, elapsed_s)


def test_an_escalation_is_counted_from_itself() -> None:
    """The first level answered after half an hour; the second was asked at 11:00 and answered after 8 h 0 min 1 s."""
    rows = [
        ticket("first", "2026-11-02T09:00", "2026-11-02T09:30"),
        ticket("second", "2026-11-02T11:00", "2026-11-03T10:00:01"),
    ]
    first, second, legal = _november(OWN, rows)
    assert (first.tickets, first.late, first.longest_s, first.verdict) == (1, 0, 1800, "met")
    assert (second.tickets, second.late, second.longest_s, second.verdict) == (1, 1, 28_801, "missed")
    assert (legal.tickets, legal.in_time, legal.verdict) == (0, None, "no_data")


def test_the_due_time_decides_the_month() -> None:
    """Asked on the last Friday of October, due on the first Monday of November, answered in October."""
    row = ticket("first", "2026-10-30T16:59", "2026-10-30T17:00")
    assert _november(OWN, [row])[0].tickets == 1
    assert _month("2026-10", OWN, [row])[0].tickets == 0


def test_the_closing_of_america_after_midnight_in_zurich_is_in_the_next_month() -> None:
    """Friday 31 July, 17:00 at -06:00, is 01:00 on 1 August in Zurich: due in August."""
    row = ticket("legal", "2026-07-24T12:00Z", "2026-07-27T12:00Z")
    assert format_instant(judge(UNION, row).due) == "2026-07-31T23:00:00Z"
    assert _month("2026-08", UNION, [row])[2].tickets == 1


def test_fixed_offset_ignores_daylight_saving() -> None:
    """In summer 08:00 at +01:00 is 09:00 in Zurich; a named zone opens an hour earlier."""
    asked, answered = parse_instant("2026-07-06T04:00Z"), parse_instant("2026-07-06T08:00Z")
    assert count_opening_seconds((EUROPE,), asked, answered) == 3600
    assert count_opening_seconds((EUROPE._replace(zone="Europe/Zurich"),), asked, answered) == 7200


@pytest.mark.parametrize(("day", "hours"), [("2026-10-25", 25), ("2026-03-29", 23)])
def test_named_zone_follows_daylight_saving(day: str, hours: int) -> None:
    """A region that never closes is open for 25 or 23 hours on the days of the change."""
    always = Hours("Europe", (0, 1, 2, 3, 4, 5, 6), time(0), time(0), "Europe/Zurich", ())
    midnight = date.fromisoformat(day)
    start = parse_instant(f"{day}T00:00{'+02:00' if hours == 25 else '+01:00'}")
    assert count_opening_seconds((always,), start, start + hours * 3600) == hours * 3600
    closed_day = always._replace(holidays=(midnight,))
    assert count_opening_seconds((closed_day,), start - 3600, start + hours * 3600 + 3600) == 7200


def test_hours_that_close_after_midnight_belong_to_their_first_day() -> None:
    """22:00 to 06:00: Friday's night ends on Saturday, and a holiday on Friday takes it away."""
    night = Hours("Asia", WEEKDAYS, time(22), time(6), "+08:00", ())
    friday, saturday = parse_instant("2026-11-06T00:00+08:00"), parse_instant("2026-11-07T00:00+08:00")
    assert count_opening_seconds((night,), saturday, saturday + 86_400) == 6 * 3600
    assert count_opening_seconds((night,), friday, friday + 86_400) == 8 * 3600
    off = night._replace(holidays=(date(2026, 11, 6),))
    assert count_opening_seconds((off,), friday, saturday + 86_400) == 6 * 3600
    support = Support((), {}, (night,), "union", (Level("legal", {}, None, 1),))
    row = ticket("legal", "2026-11-05T12:00", region="Asia")
    assert format_instant(judge(support, row).due) == "2026-11-06T22:00:00Z"


def test_the_median_of_an_even_number_is_the_lower_of_the_two_middle_values() -> None:
    """1, 2, 3 and 4 hours: 2; the unanswered one is late, and in neither median nor longest."""
    rows = [
        ticket("second", "2026-11-02T08:00", f"2026-11-02T{8 + n:02}:00")._replace(ticket=f"T{n}")
        for n in (4, 1, 3, 2)
    ]
    rows.append(ticket("second", "2026-11-02T08:00")._replace(ticket="T5"))
    second = _november(OWN, rows)[1]
    assert (second.median_s, second.longest_s) == (7200, 14_400)
    assert (second.tickets, second.late, second.in_time) == (5, 1, Fraction(4, 5))


@pytest.mark.parametrize(("count", "median_h"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (6, 3), (7, 4)])
def test_the_median_of_any_number(count: int, median_h: int) -> None:
    """Answered after 1, 2, 3 ... hours of one long day."""
    rows = [
        ticket("second", "2026-11-02T08:00", f"2026-11-02T{8 + n:02}:00")._replace(ticket=f"T{n}")
        for n in range(count, 0, -1)
    ]
    assert _november(OWN, rows)[1].median_s == median_h * 3600


def test_an_answer_after_the_freeze_counts_as_none() -> None:
    """What was frozen stays, whatever is answered later."""
    row = ticket("first", "2026-11-02T08:00", "2026-11-02T09:00")
    before = parse_instant("2026-11-02T08:59:59+01:00")
    assert judge(OWN, row).late is False
    late_freeze = compute_support_figures([RecordedPromise(0, OWN)], [row], ALWAYS, ZURICH, before)
    assert late_freeze[0].tickets == 0, "not due yet, and not answered yet"
    due = parse_instant("2026-11-02T12:00+01:00")
    slow = row._replace(first_response_at=due + 1)
    (first, *_) = compute_support_figures([RecordedPromise(0, OWN)], [slow], ALWAYS, ZURICH, due)
    assert (first.tickets, first.late, first.median_s) == (1, 1, None)
    (first, *_) = compute_support_figures([RecordedPromise(0, OWN)], [slow], ALWAYS, ZURICH, due + 1)
    assert (first.tickets, first.late, first.median_s) == (1, 1, 14_401), "known at the second of the freeze"


def test_a_month_in_progress_is_missed_or_undecided() -> None:
    """It counts what is answered or due, and has no verdict but missed."""
    answered = ticket("first", "2026-11-02T08:00", "2026-11-02T08:10")
    waiting = ticket("first", "2026-11-02T09:00")._replace(ticket="T2")
    month = month_interval("2026-11", ZURICH)
    promises = [RecordedPromise(0, OWN)]
    early = compute_support_figures(
        promises, [answered, waiting], month, ZURICH, parse_instant("2026-11-02T12:59+01:00")
    )
    assert (early[0].tickets, early[0].verdict) == (1, None)
    later = compute_support_figures(
        promises, [answered, waiting], month, ZURICH, parse_instant("2026-11-02T13:00+01:00")
    )
    assert (later[0].tickets, later[0].late, later[0].verdict) == (2, 1, "missed")


def test_month_frozen_at_its_end_is_over() -> None:
    """No month is in progress at the first second of the next."""
    row = ticket("first", "2026-11-02T08:00", "2026-11-02T08:10")
    month = month_interval("2026-11", ZURICH)
    at_its_end = compute_support_figures([RecordedPromise(0, OWN)], [row], month, ZURICH, month.end)
    before = compute_support_figures([RecordedPromise(0, OWN)], [row], month, ZURICH, month.end - 1)
    assert (at_its_end[0].verdict, before[0].verdict) == ("met", None)


def test_promise_applies_to_tickets_of_months_it_began() -> None:
    """Eight hours promised from mid-November: what is asked in November was promised four, in December eight."""
    slower = OWN._replace(levels=(Level("first", {}, 8 * 3600, None),))
    promises = [
        RecordedPromise(parse_instant("2026-10-01T00:00Z"), OWN),
        RecordedPromise(parse_instant("2026-11-15T00:00Z"), slower),
    ]
    rows = [
        ticket("first", "2026-11-30T08:00", "2026-11-30T14:00"),
        ticket("first", "2026-12-01T08:00", "2026-12-01T14:00"),
        ticket("first", "2026-08-03T08:00", "2026-08-03T14:00"),
    ]
    found = select_tickets_due(promises, rows, ALWAYS, ZURICH, FAR)
    assert [one.late for one in found] == [True, False, True]
    to_the_second = [promises[0], RecordedPromise(parse_instant("2026-10-31T23:00:00Z"), slower)]
    assert [one.late for one in select_tickets_due(to_the_second, rows[:1], ALWAYS, ZURICH, FAR)] == [False]
    december = compute_support_figures(promises, rows, month_interval("2026-12", ZURICH), ZURICH, FAR)
    assert [(level.level, level.target) for level in december] == [("first", "8h")]


def test_a_level_that_was_not_promised_is_not_counted() -> None:
    """Before anything was promised of a level there is nothing to keep."""
    only_first = OWN._replace(levels=LEVELS[:1])
    row = ticket("second", "2026-11-02T08:00")
    assert select_tickets_due([RecordedPromise(0, only_first)], [row], ALWAYS, ZURICH, FAR) == ()
    assert compute_support_figures([], [row], ALWAYS, ZURICH, FAR) == ()
    assert compute_support_figures([RecordedPromise(0, None)], [row], ALWAYS, ZURICH, FAR) == ()


def test_a_region_that_never_opens_makes_nothing_due() -> None:
    """Tickets of a region without hours of its own cannot run out of time."""
    row = ticket("first", "2026-11-02T08:00", region="Asia")
    assert select_tickets_due([RecordedPromise(0, OWN)], [row], ALWAYS, ZURICH, FAR) == ()


def _month(month: str, support: Support, rows: list[Ticket]) -> tuple[LevelFigures, ...]:
    return compute_support_figures(
        [RecordedPromise(0, support)], rows, month_interval(month, ZURICH), ZURICH, FAR
    )


def _november(support: Support, rows: list[Ticket]) -> tuple[LevelFigures, ...]:
    return _month("2026-11", support, rows)
