"""The support clock agrees with one that looks at the clock on the wall of every minute."""

from datetime import date, time
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from constat.interval import Interval, month_interval
from constat.model import Hours, Level, Support, Ticket
from constat.opening import select_hours
from constat.support import RecordedPromise, compute_support_figures, count_opening_seconds
from tests.support.slow_support import SlowSupport

ZURICH = ZoneInfo("Europe/Zurich")
HOUR = 3600
MONTHS = ("2026-03", "2026-10", "2026-12")  # both changes of clocks, and a new year
DAYS = [date(2026, month, day) for month, day in ((3, 30), (10, 26), (12, 25))] + [date(2027, 1, 1)]

# Opening and closing stay clear of the hour that the changes of clocks skip or repeat.
shifts = st.sampled_from(
    [
        (time(8), time(17)),
        (time(9, 30), time(12)),
        (time(22), time(6)),
        (time(16), time(0)),
        (time(0), time(0)),
    ]
)
zones = st.sampled_from(["+01:00", "-06:00", "+05:45", "Europe/Zurich", "America/New_York"])
hours = st.builds(
    lambda region, days, shift, zone, holidays: Hours(
        region, tuple(sorted(days)), shift[0], shift[1], zone, tuple(holidays)
    ),
    st.sampled_from(["Europe", "America"]),
    st.one_of(st.just([0, 1, 2, 3, 4]), st.lists(st.integers(0, 6), min_size=1, unique=True)),
    shifts,
    zones,
    st.lists(st.sampled_from(DAYS), unique=True),
)
LEVELS = (
    Level("first", {}, 4 * HOUR, None),
    Level("second", {}, 90, None),
    Level("legal", {}, None, 2),
)
supports = st.builds(
    lambda every, clock: Support((), {}, tuple(every), clock, LEVELS),
    st.lists(hours, min_size=1, max_size=3),
    st.sampled_from(["union", "own"]),
)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Support, list[Ticket], Interval]:
    """A promise, and the tickets around a month of Zurich."""
    support = draw(supports)
    month = month_interval(draw(st.sampled_from(MONTHS)), ZURICH)
    near = st.sampled_from([month.start, month.end, month.end - 6 * 86_400])
    tickets = []
    for number in range(draw(st.integers(1, 6))):
        opened = draw(near) + draw(st.integers(-3 * 86_400, 3 * 86_400))
        took = draw(st.one_of(st.none(), st.integers(0, 9 * HOUR), st.integers(0, 5 * 86_400)))
        region = draw(st.sampled_from([each.region for each in support.hours]))
        answered = None if took is None else opened + took
        tickets.append(Ticket(f"T{number}", draw(st.sampled_from(LEVELS)).id, region, opened, answered))
    return support, tickets, month


@settings(max_examples=60)
@given(worlds(), st.integers(0, 3 * 86_400))
def test_random_months_agree(world: tuple[Support, list[Ticket], Interval], later: int) -> None:
    """Tickets due, late, median, longest and verdict of every level."""
    support, tickets, month = world
    freeze = month.end + later
    ours = compute_support_figures([RecordedPromise(0, support)], tickets, month, ZURICH, freeze)
    told = [
        {
            "level": level.level,
            "tickets": level.tickets,
            "late": level.late,
            "median_s": level.median_s,
            "longest_s": level.longest_s,
            "verdict": level.verdict,
        }
        for level in ours
    ]
    assert told == SlowSupport(support).compute_month(tickets, *month, freeze)


@settings(max_examples=60)
@given(worlds())
def test_elapsed_time_agrees(world: tuple[Support, list[Ticket], Interval]) -> None:
    """Opening seconds between two instants."""
    support, tickets, _ = world
    slow = SlowSupport(support)
    for ticket in tickets:
        end = ticket.first_response_at or ticket.opened_at
        ours = count_opening_seconds(select_hours(support, ticket.region), ticket.opened_at, end)
        assert ours == slow.count_opening_seconds(ticket.region, ticket.opened_at, end)
