"""Agreed hours and credits (rules 18 and 19), each case worked out by hand."""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from fractions import Fraction

import pytest

from constat.availability import compute_uncorrected
from constat.availability.figures import compute_credit
from constat.interval import DAY_S, Instant, month_interval
from constat.model import CheckCount, Credit, Hours, RecordedRules, Sample, Seconds, Status
from constat.register import parse_register
from constat.register.line_writer import write_maintenance, write_service
from tests.support.availability_cases import (
    ZURICH,
    Case,
    announce_maintenance,
    make_correction,
    make_rules,
    make_samples,
    parse_time,
    record_rules,
)

HOUR = 3600
DAILY, WEEKDAYS = tuple(range(7)), (0, 1, 2, 3, 4)
DAYTIME = Hours("", DAILY, time(8), time(18), "Europe/Zurich", ())


def parse_zurich(text: str) -> Instant:
    """An instant on Zurich's clock."""
    return parse_time(text, ZURICH)


def hours(
    days: tuple[int, ...], begins: str, ends: str, *holidays: str, zone: str = "Europe/Zurich"
) -> Hours:
    """Agreed hours, on Zurich's clock unless another is given."""
    off = tuple(map(date.fromisoformat, holidays))
    return Hours("", days, time.fromisoformat(begins), time.fromisoformat(ends), zone, off)


def record_hours(*agreed: Hours, when: Instant = 0, **changes: object) -> RecordedRules:
    """Rules with these agreed hours."""
    return record_rules(make_rules(hours=agreed, **changes), when)  # type: ignore[arg-type]  # as rules takes them


@dataclass(frozen=True)
class Span:
    """A month of one service, watched up to its end, and the agreed seconds of it."""

    agreed: tuple[Hours, ...]
    begins: str
    window: int
    month: str = "2026-10"


CASES = {
    # Thursday 29 October 20:00 to Saturday midnight: 22:00 to 04:00 on three nights, the last cut off at midnight
    "over midnight": Span((hours(DAILY, "22:00", "04:00"),), "2026-10-29 20:00", (6 + 6 + 2) * HOUR),
    # the night that begins on the holiday is not agreed, the one before it lasts into the holiday
    "over midnight, on a holiday": Span(
        (hours(DAILY, "22:00", "04:00", "2026-10-30"),), "2026-10-29 20:00", (6 + 2) * HOUR
    ),
    # Thursday and Friday from 08:00 to 18:00; Saturday is no weekday
    "weekdays": Span((hours(WEEKDAYS, "08:00", "18:00"),), "2026-10-29 00:00", 20 * HOUR),
    "a holiday": Span((hours(WEEKDAYS, "08:00", "18:00", "2026-10-30"),), "2026-10-29 00:00", 10 * HOUR),
    # Sunday 25 October has the hour from 02:00 twice
    "a change to winter time inside the hours": Span(
        (hours((6,), "00:00", "06:00"),), "2026-10-24 12:00", 7 * HOUR
    ),
    # of Sunday 28 March the hour from 02:00 is missing
    "a change to summer time inside the hours": Span(
        (hours((6,), "00:00", "06:00"),), "2026-03-27 12:00", 5 * HOUR, "2026-03"
    ),
    # a fixed offset does not follow the clocks
    "a fixed offset over a change of clocks": Span(
        (hours((6,), "00:00", "06:00", zone="+01:00"),), "2026-10-24 12:00", 6 * HOUR
    ),
    # 08:00 to 12:00 and 10:00 to 18:00 on Saturday 31 October: ten hours, the two that overlap count once
    "two that overlap": Span(
        (hours((5,), "08:00", "12:00"), hours((5,), "10:00", "18:00")), "2026-10-31 00:00", 10 * HOUR
    ),
    # Europe 08:00 to 17:00 at +01:00, New York 09:00 to 17:00 at -06:00 is 16:00 to 24:00 at +01:00: sixteen hours
    "two zones that overlap": Span(
        (
            hours((5,), "08:00", "17:00", zone="+01:00"),
            hours((5,), "09:00", "17:00", zone="-06:00"),
        ),
        "2026-10-31 00:00",
        16 * HOUR,
    ),
    # a time that the clock shows twice is the first one: from 02:30 summer time to 03:00 winter time
    "hours that begin in the hour that comes twice": Span(
        (hours((6,), "02:30", "03:00"),), "2026-10-24 12:00", 3 * HOUR // 2
    ),
    # and hours that end in it end when the clock shows it first: from 02:00 to 02:30 summer time
    "hours that end in the hour that comes twice": Span(
        (hours((6,), "02:00", "02:30"),), "2026-10-24 12:00", HOUR // 2
    ),
    # 02:30 does not exist: the clock shows 03:30 then, half an hour before 04:00
    "hours that begin in the hour that is missing": Span(
        (hours((6,), "02:30", "04:00"),), "2026-03-27 12:00", HOUR // 2, "2026-03"
    ),
    "a whole day": Span((hours((5,), "00:00", "00:00"),), "2026-10-30 00:00", 24 * HOUR),
    # existing only from the Saturday on, a month with weekdays alone has no agreed second
    "no agreed second": Span((hours(WEEKDAYS, "08:00", "18:00"),), "2026-10-31 00:00", 0),
}


@pytest.mark.parametrize("span", CASES.values(), ids=CASES)
def test_month_counts_only_agreed_seconds(span: Span) -> None:
    end = parse_zurich("2026-04-01 00:00" if span.month == "2026-03" else "2026-11-01 00:00")
    case = Case(
        make_samples(parse_zurich(span.begins), end),
        lines=(record_hours(*span.agreed),),
        zone=ZURICH,
        now=end + 9 * 86_400,
    )
    figures = case.compute_month(span.month)
    assert figures.seconds.up == figures.seconds.window == span.window
    assert figures.expected == figures.made == span.window // 60
    assert figures.verdict == ("met" if span.window else "no_data")
    assert figures.budget
    assert figures.budget.allowed_s == span.window // 100


SATURDAY, MIDNIGHT = parse_zurich("2026-10-31 00:00"), parse_zurich("2026-11-01 00:00")


def _saturday(*down: tuple[str, str], **changes: object) -> Case:
    """Saturday 31 October, watched throughout and up but for some stretches; agreed from 08:00 to 18:00."""
    samples: list[Sample] = []
    since = SATURDAY
    for begins, ends in down:
        start, end = parse_zurich(f"2026-10-31 {begins}"), parse_zurich(f"2026-10-31 {ends}")
        samples += [*make_samples(since, start), *make_samples(start, end, "down", reason=f"since {begins}")]
        since = end
    samples += make_samples(since, MIDNIGHT)
    lines = changes.pop("lines", (record_hours(DAYTIME),))
    return Case(samples, lines=lines, zone=ZURICH, now=MIDNIGHT + 86_400, **changes)  # type: ignore[arg-type]  # fields of Case


def _clock(when: Instant) -> str:
    return f"{(when - SATURDAY) // HOUR:02}:{(when - SATURDAY) % HOUR // 60:02}"


def test_outage_across_the_edge_of_agreed_hours_is_cut() -> None:
    """Down from 07:30 to 08:30 and from 17:50 to 19:00: half an hour and ten minutes of it are promised time."""
    figures = _saturday(("07:30", "08:30"), ("17:50", "19:00"), ("20:00", "21:00")).compute_month()
    told = [(_clock(out.start), _clock(out.end), out.reason) for out in figures.outages]
    assert told == [("08:00", "08:30", "since 07:30"), ("17:50", "18:00", "since 17:50")]
    assert (figures.seconds.down, figures.seconds.window) == (2400, 10 * HOUR)
    assert [(out.recovered, out.cut_off) for out in figures.outages] == [(True, False), (False, True)]


def test_ongoing_outage_within_agreed_hours_is_not_cut() -> None:
    """Down until now, 17:00: the hours end at 18:00."""
    down = make_samples(parse_zurich("2026-10-31 16:00"), parse_zurich("2026-10-31 17:01"), "down")
    case = Case(down, lines=(record_hours(DAYTIME),), zone=ZURICH, now=parse_zurich("2026-10-31 17:00"))
    [out] = case.compute_month().outages
    assert (_clock(out.end), out.recovered, out.cut_off) == ("17:00", False, False)


def test_an_outage_through_the_night_is_one_for_each_day() -> None:
    down = make_samples(parse_zurich("2026-10-30 17:00"), parse_zurich("2026-10-31 09:00"), "down")
    case = Case(
        [*down, *make_samples(parse_zurich("2026-10-31 09:00"), MIDNIGHT)],
        lines=(record_hours(DAYTIME),),
        zone=ZURICH,
        now=MIDNIGHT + 1,
    )
    assert [out.seconds for out in case.compute_month().outages] == [HOUR, HOUR]


def test_gap_is_cut_at_the_edges_of_agreed_hours() -> None:
    """Nothing is known from 07:02 to 08:20, of which 20 minutes are promised time."""
    samples = [
        *make_samples(SATURDAY, parse_zurich("2026-10-31 07:01")),
        *make_samples(parse_zurich("2026-10-31 08:20"), MIDNIGHT),
    ]
    case = Case(samples, lines=(record_hours(DAYTIME),), zone=ZURICH, now=MIDNIGHT + 1)
    assert (case.compute_month().longest_gap_s, case.compute_month().seconds.unknown) == (1200, 1200)


def test_the_bar_of_a_day_goes_by_all_seconds_and_its_figures_by_the_agreed_ones() -> None:
    """Customers see what happened at night, though it was not promised."""
    (day,) = _saturday(("20:00", "21:00")).build_days("2026-10-31")
    assert (day.status, day.seconds.down, day.seconds.window) == (Status.OUTAGE, 0, 10 * HOUR)
    assert day.availability == Fraction(1)
    assert day.existed


def test_maintenance_counts_only_within_agreed_hours() -> None:
    window = announce_maintenance(
        SATURDAY - 86_400, parse_zurich("2026-10-31 07:00"), parse_zurich("2026-10-31 09:00")
    )
    figures = _saturday(("07:30", "08:30"), notices=(window,)).compute_month()
    assert (figures.maintenance.window, figures.maintenance.down) == (HOUR, 1800)
    assert figures.outages[0].maintenance_s == 1800


def test_a_cap_counts_agreed_seconds_only() -> None:
    """Announced 06:00 to 09:00 and 17:30 to 20:00, a cap of 80 minutes: 08:00 to 09:00 and 17:30 to 17:50 use it up.

    What lies outside the hours is announced all the same, so that the bar of the day shows it.
    """
    early = announce_maintenance(
        SATURDAY - 86_400, parse_zurich("2026-10-31 06:00"), parse_zurich("2026-10-31 09:00"), slug="a"
    )
    evening = announce_maintenance(
        SATURDAY - 86_400, parse_zurich("2026-10-31 17:30"), parse_zurich("2026-10-31 20:00"), slug="b"
    )
    case = _saturday(notices=(early, evening), lines=(record_hours(DAYTIME, cap_s=4800),))
    assert [(_clock(start), _clock(end)) for start, end in case.build_account().announced] == [
        ("06:00", "09:00"),
        ("17:30", "17:50"),
        ("18:00", "20:00"),
    ]
    assert case.compute_month().maintenance.window == 4800


def test_cap_counts_a_second_in_two_regions_once() -> None:
    """Agreed 08:00 to 12:00 and 10:00 to 18:00, announced 08:00 to 14:00: a cap of five hours lasts until 13:00."""
    both = hours(DAILY, "08:00", "12:00"), hours(DAILY, "10:00", "18:00")
    window = announce_maintenance(
        SATURDAY - 86_400, parse_zurich("2026-10-31 08:00"), parse_zurich("2026-10-31 14:00")
    )
    case = _saturday(notices=(window,), lines=(record_hours(*both, cap_s=5 * HOUR),))
    assert [(_clock(start), _clock(end)) for start, end in case.build_account().announced] == [
        ("08:00", "13:00")
    ]


def test_changed_hours_take_effect_the_next_month() -> None:
    """Recorded on 20 October: October stays at ten hours a day, November has two."""
    change = record_hours(hours(DAILY, "08:00", "10:00"), when=parse_zurich("2026-10-20 12:00"))
    start, end = parse_zurich("2026-10-31 00:00"), parse_zurich("2026-11-02 00:00")
    case = Case(make_samples(start, end), lines=(record_hours(DAYTIME), change), zone=ZURICH, now=end)
    assert case.compute_month("2026-10").seconds.window == 10 * HOUR
    assert case.compute_month("2026-11").seconds.window == 2 * HOUR


@pytest.mark.parametrize(("crossed", "november_s"), [(False, 2 * HOUR), (True, 10 * HOUR)])
def test_hours_recorded_behind_a_later_line_count_from_its_time(crossed: bool, november_s: int) -> None:
    """Recorded on 31 October. Behind a line of 1 November it counts from then: too late for November, whatever it says."""
    first, change = (
        write_service(record_hours(*agreed, when=parse_zurich(when)))
        for agreed, when in (
            ((DAYTIME,), "2026-10-01 00:00"),
            ((hours(DAILY, "08:00", "10:00"),), "2026-10-31 12:00"),
        )
    )
    later = write_maintenance(
        announce_maintenance(parse_zurich("2026-11-01 00:00") + 1, MIDNIGHT + DAY_S, MIDNIGHT + DAY_S + 60)
    )
    lines = [first, later, change] if crossed else [first, change, later]
    end = parse_zurich("2026-11-02 00:00")
    register = parse_register("".join(f"{line}\n" for line in lines).encode(), "register.jsonl", end)
    case = Case(make_samples(SATURDAY, end), lines=register.services, zone=ZURICH, now=end)
    assert case.compute_month("2026-10").seconds.window == 10 * HOUR
    assert case.compute_month("2026-11").seconds.window == november_s


def test_late_rows_fill_agreed_seconds_and_are_counted_in_them_alone() -> None:
    """Watched from 09:00 on; the rows from 07:00 to 09:00 came late. An hour of it is promised, half of that down."""
    timely = make_samples(parse_zurich("2026-10-31 09:00"), MIDNIGHT)
    late = [
        *make_samples(parse_zurich("2026-10-31 07:00"), parse_zurich("2026-10-31 08:30")),
        *make_samples(parse_zurich("2026-10-31 08:30"), parse_zurich("2026-10-31 09:00"), "down"),
    ]
    case = Case(timely, late=late, lines=(record_hours(DAYTIME),), zone=ZURICH, now=MIDNIGHT + DAY_S)
    figures = case.compute_month()
    assert (figures.late_s, figures.seconds.down, figures.seconds.window) == (HOUR, HOUR // 2, 10 * HOUR)
    assert figures.expected == figures.made == 600


def test_the_allowance_of_a_month_in_progress_counts_the_agreed_seconds_to_its_end() -> None:
    """From 30 October 12:00 on: 6 hours of Friday and 10 of Saturday, 1 % of 57,600 s."""
    begin = parse_zurich("2026-10-30 12:00")
    case = Case(
        make_samples(begin, begin + HOUR), lines=(record_hours(DAYTIME),), zone=ZURICH, now=begin + HOUR
    )
    figures = case.compute_month()
    assert figures.budget
    assert (figures.budget.allowed_s, figures.in_progress) == (576, True)


def test_downtime_equal_to_the_allowance_is_not_missed_yet() -> None:
    """576 s allowed, all of them spent; a second more misses it."""
    begin = parse_zurich("2026-10-30 12:00")
    for spent, verdict in ((576, None), (577, "missed")):
        down = make_samples(begin, begin + 700, "down")
        case = Case(down, lines=(record_hours(DAYTIME),), zone=ZURICH, now=begin + spent)
        assert (case.compute_month().seconds.down, case.compute_month().verdict) == (spent, verdict)


def test_uncorrected_figures_count_only_agreed_seconds() -> None:
    ruling = make_correction(parse_zurich("2026-10-31 07:00"), parse_zurich("2026-10-31 09:00"), "up")
    case = _saturday(("07:30", "08:30"), corrections=(ruling,))
    before = compute_uncorrected(case.build_account(), month_interval("2026-10", ZURICH), case.now)
    assert before
    assert (before.seconds.down, before.seconds.window, case.compute_month().seconds.down) == (
        1800,
        10 * HOUR,
        0,
    )


TABLE = tuple(
    Credit(Decimal(below), Decimal(percent)) for below, percent in ((99, 10), ("99.9", "2.5"), (90, 100))
)


@pytest.mark.parametrize(
    ("down_s", "unknown_s", "observed", "certain"),
    [
        (0, 0, "0", "0"),
        (36, 0, "0", "0"),  # 99.9 % exactly: not below it
        (37, 0, "2.5", "2.5"),
        (360, 0, "2.5", "2.5"),  # 99 % exactly
        (361, 0, "10", "10"),
        (3601, 0, "100", "100"),
        # 36 s of 35,000 observed are more than a thousandth; of all 36,000 they might be none too many
        (36, 1000, "2.5", "0"),
        (400, 20_000, "10", "10"),  # 400 of 16,000 is 2.5 %; of all 36,000 1.1 %: 10 % are certain, too
    ],
)
def test_credit_is_the_highest_of_which_the_limit_was_missed(
    down_s: int, unknown_s: int, observed: str, certain: str
) -> None:
    """Ten agreed hours, 36,000 s. Compared exactly, before rounding; the observed figure and the upper bound."""
    seconds = Seconds(up=36_000 - down_s - unknown_s, down=down_s, unknown=unknown_s)
    credit = compute_credit(seconds, TABLE)
    assert credit
    assert (credit.observed, credit.certain) == (Decimal(observed), Decimal(certain))


def test_no_certain_credit_without_observation_and_none_without_agreed_hours() -> None:
    assert compute_credit(Seconds(unknown=100), TABLE) == (None, Decimal(0))
    assert compute_credit(Seconds(), TABLE) == (None, None)
    assert compute_credit(Seconds(up=1), ()) is None


def test_credits_use_the_figure_that_counts() -> None:
    """An hour of ten is down in announced maintenance, which does not count: nothing is owed."""
    window = announce_maintenance(
        SATURDAY - 86_400, parse_zurich("2026-10-31 08:00"), parse_zurich("2026-10-31 09:00")
    )
    for counts, owed in ((True, Decimal(10)), (False, Decimal(0))):
        lines = (record_hours(DAYTIME, counts=counts, credits=TABLE),)
        figures = _saturday(("08:00", "09:00"), notices=(window,), lines=lines).compute_month()
        assert figures.credit == (owed, owed)


def test_target_and_credits_set_later_take_effect_the_next_month() -> None:
    none = record_hours(DAYTIME, target=None)
    later = record_hours(DAYTIME, credits=TABLE, when=parse_zurich("2026-10-20 12:00"))
    end = parse_zurich("2026-11-02 00:00")
    case = Case(
        make_samples(parse_zurich("2026-10-31 00:00"), end), lines=(none, later), zone=ZURICH, now=end + 1
    )
    october, november = case.compute_month("2026-10"), case.compute_month("2026-11")
    assert (october.target, october.verdict, october.budget, october.credit) == (None, None, None, None)
    assert october.seconds.up == 10 * HOUR
    assert november.target == 99
    assert november.credit == (Decimal(0), Decimal(0))
    assert november.vantages == {"lab": CheckCount(600, 600)}
