"""The hard cases, each with its figures worked out by hand.

Unless a case says otherwise the service begins with its first sample on 31 October 2026, UTC: its October is one day of
86,400 seconds, promised 99 % (864 seconds of downtime), looked at every minute.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from constat.availability import format_percent
from constat.model import Budget, Figures
from tests.support.availability_cases import (
    ZURICH,
    Case,
    announce_maintenance,
    make_check_rules,
    make_correction,
    make_rules,
    make_samples,
    parse_time,
    record_rules,
)

MIDNIGHT, TOMORROW = parse_time("2026-10-31 00:00"), parse_time("2026-11-01 00:00")
MINUTE, HOUR, DAY = 60, 3600, 86_400


def oct31(clock: str) -> int:
    """A time of 31 October."""
    return parse_time(f"2026-10-31 {clock}")


def make_day_with(outcome: str, start: str, end: str, check: str = "main") -> list[Any]:
    """A day seen up, but for one stretch."""
    return [
        *make_samples(MIDNIGHT, oct31(start), check=check),
        *make_samples(oct31(start), oct31(end), outcome, check=check),
        *make_samples(oct31(end), TOMORROW, check=check),
    ]


def flat(figures: Figures) -> dict[str, Any]:
    """The figures by the names that the table uses."""
    return {
        "window": figures.seconds.window,
        "up": figures.seconds.up,
        "degraded": figures.seconds.degraded,
        "down": figures.seconds.down,
        "unknown": figures.seconds.unknown,
        "announced": figures.maintenance.window,
        "announced down": figures.maintenance.down,
        "availability": format_percent(figures.all.availability),
        "lower": format_percent(figures.all.lower),
        "upper": format_percent(figures.all.upper),
        "coverage": format_percent(figures.all.coverage),
        "without": format_percent(figures.without_maintenance.availability),
        "verdict": figures.verdict,
        "verdict without": figures.verdict_without,
        "expected": figures.expected,
        "made": figures.made,
        "gap": figures.longest_gap_s,
        "outages": [(outage.seconds, outage.reason) for outage in figures.outages],
        "allowed": figures.budget and figures.budget.allowed_s,
        "left": figures.budget and figures.budget.left_s,
        "target": figures.target,
    }


ALL_UP = make_samples(MIDNIGHT, TOMORROW)
ONE_SECOND = [
    *make_samples(MIDNIGHT, oct31("12:00")),
    *make_samples(oct31("12:00"), oct31("12:01"), "down"),
    *make_samples(
        oct31("12:00:01"), oct31("12:00:02"), every=1
    ),  # someone looked again by hand, one second later
    *make_samples(oct31("12:00:03"), oct31("12:01"), every=3),
    *make_samples(oct31("12:01"), TOMORROW),
]
TIMEOUT = "timeout after 10 s"

FIGURES: dict[str, tuple[Case, dict[str, Any]]] = {
    "86,399 of 86,400 seconds up never prints 100": (
        Case(ONE_SECOND),
        # 86,399 / 86,400 = 0.99998842...
        {"window": 86_400, "up": 86_399, "down": 1, "unknown": 0, "availability": "99.998", "verdict": "met"},
    ),
    "not one second down is 100": (
        Case(ALL_UP),
        {"up": 86_400, "availability": "100.000", "lower": "100.000", "outages": [], "left": 864},
    ),
    "no samples is no figure and no data": (
        Case(lines=(record_rules(make_rules(since=date(2026, 10, 31))),)),
        # it existed, since its date: a day of which nothing is known
        {
            "window": 86_400,
            "unknown": 86_400,
            "availability": None,
            "lower": None,
            "upper": None,
            "coverage": "0.000",
            "verdict": "no_data",
            "gap": 86_400,
            "expected": 0,
        },
    ),
    "a gap of three hours is three hours unknown, with both bounds": (
        # the look of 08:58 speaks until 09:00, the next is at 12:00: 10,800 s; 180 of 1,440 looks are missing, and 1
        Case([*make_samples(MIDNIGHT, oct31("08:59")), *make_samples(oct31("12:00"), TOMORROW)]),
        {
            "up": 75_600,
            "unknown": 10_800,
            "availability": "100.000",
            "lower": "87.500",  # 75,600 / 86,400
            "upper": "100.000",
            "coverage": "87.500",
            "verdict": "unproven",
            "gap": 10_800,
            "expected": 1440,
            "made": 1440 - 181,
        },
    ),
    "a change from 5 minutes to 1 minute reweights nothing": (
        # two days, an hour down in each: 12 looks of the first, 60 of the second, the same 3,600 seconds
        Case(
            [
                *make_samples(parse_time("2026-10-30 00:00"), parse_time("2026-10-30 06:00"), every=300),
                *make_samples(
                    parse_time("2026-10-30 06:00"), parse_time("2026-10-30 07:00"), "down", every=300
                ),
                *make_samples(parse_time("2026-10-30 07:00"), MIDNIGHT, every=300),
                *make_day_with("down", "06:00", "07:00"),
            ],
            lines=(
                record_rules(make_rules(checks={"main": make_check_rules(interval_s=300)})),
                record_rules(make_rules(), MIDNIGHT),
            ),
        ),
        # 165,600 / 172,800 = 0.958333...; 288 looks and 1,440
        {"down": 7200, "window": 172_800, "availability": "95.833", "expected": 1728, "made": 1728},
    ),
    "a maintenance that overruns by 17 minutes": (
        Case(
            make_day_with("down", "21:00", "22:17"),
            notices=(announce_maintenance(oct31("09:00"), oct31("21:00"), oct31("22:00")),),
        ),
        # 4,620 s down, of which 3,600 announced: 81,780 / 86,400 = 0.946527...; without: 81,780 / 82,800 = 0.987681...
        {
            "down": 4620,
            "announced": 3600,
            "announced down": 3600,
            "availability": "94.652",
            "without": "98.768",
            "outages": [(4620, TIMEOUT)],
        },
    ),
    "a maintenance told exactly early enough": (
        Case(
            make_day_with("down", "21:00", "22:00"),
            lines=(record_rules(make_rules(notice_s=HOUR)),),
            notices=(announce_maintenance(oct31("20:00"), oct31("21:00"), oct31("22:00")),),
        ),
        {"announced": 3600, "without": "100.000"},
    ),
    "a maintenance told one second too late": (
        Case(
            make_day_with("down", "21:00", "22:00"),
            lines=(record_rules(make_rules(notice_s=HOUR)),),
            notices=(announce_maintenance(oct31("20:00:01"), oct31("21:00"), oct31("22:00")),),
        ),
        # 82,800 / 86,400 in both
        {"announced": 0, "availability": "95.833", "without": "95.833"},
    ),
    "an end moved over an outage afterwards": (
        Case(
            make_day_with("down", "22:00", "23:00"),
            notices=(
                announce_maintenance(oct31("09:00"), oct31("21:00"), oct31("22:00")),
                announce_maintenance(oct31("23:05"), oct31("21:00"), oct31("23:00")),
            ),
        ),
        {"announced": 3600, "announced down": 0, "without": "95.652"},  # 79,200 / 82,800
    ),
    "an end moved while it overran counts from when it was told": (
        Case(
            make_day_with("down", "21:00", "23:00"),
            notices=(
                announce_maintenance(oct31("09:00"), oct31("21:00"), oct31("22:00")),
                announce_maintenance(oct31("22:10"), oct31("21:00"), oct31("23:00")),
            ),
        ),
        {"announced": 3600 + 3000, "announced down": 6600},
    ),
    "with notice, an end moved while it ran counts only so much later": (
        # told at 21:30 with an hour's notice: the new end holds from 22:30
        Case(
            make_day_with("down", "21:00", "23:00"),
            lines=(record_rules(make_rules(notice_s=HOUR)),),
            notices=(
                announce_maintenance(oct31("09:00"), oct31("21:00"), oct31("22:00")),
                announce_maintenance(oct31("21:30"), oct31("21:00"), oct31("23:00")),
            ),
        ),
        {"announced": 3600 + 1800},
    ),
    "with notice, a maintenance cancelled too late stays announced": (
        Case(
            make_day_with("down", "21:00", "23:00"),
            lines=(record_rules(make_rules(notice_s=HOUR)),),
            notices=(
                announce_maintenance(oct31("09:00"), oct31("21:00"), oct31("23:00")),
                announce_maintenance(oct31("21:20"), oct31("21:00"), oct31("23:00"), cancelled=True),
            ),
        ),
        {"announced": 4800},  # until 22:20
    ),
    "a cap of one second": (
        Case(
            make_day_with("down", "21:00", "23:00"),
            lines=(record_rules(make_rules(cap_s=1)),),
            notices=(announce_maintenance(oct31("09:00"), oct31("21:00"), oct31("23:00")),),
        ),
        {"announced": 1},
    ),
    "a cap of nothing": (
        Case(
            make_day_with("down", "21:00", "23:00"),
            lines=(record_rules(make_rules(cap_s=0)),),
            notices=(announce_maintenance(oct31("09:00"), oct31("21:00"), oct31("23:00")),),
        ),
        {"announced": 0},
    ),
    "a maintenance cancelled while it ran": (
        Case(
            make_day_with("down", "21:00", "23:00"),
            notices=(
                announce_maintenance(oct31("09:00"), oct31("21:00"), oct31("23:00")),
                announce_maintenance(oct31("21:20"), oct31("21:00"), oct31("23:00"), cancelled=True),
            ),
        ),
        {"announced": 1200, "announced down": 1200},
    ),
    "two maintenances that overlap are counted once": (
        Case(
            make_day_with("down", "21:30", "22:30"),
            notices=(
                announce_maintenance(oct31("09:00"), oct31("21:00"), oct31("22:00"), slug="2026-10-31-one"),
                announce_maintenance(oct31("09:00"), oct31("21:40"), oct31("23:00"), slug="2026-10-31-two"),
            ),
        ),
        {"announced": 7200, "announced down": 3600},
    ),
    "a maintenance for a service added too late is not announced for it before": (
        Case(
            make_day_with("down", "21:00", "22:00"),
            notices=(
                announce_maintenance(oct31("09:00"), oct31("21:00"), oct31("22:00"), services=("api",)),
                announce_maintenance(oct31("21:30"), oct31("21:00"), oct31("22:00")),
            ),
        ),
        {"announced": 1800},
    ),
    "a maintenance that crosses the month's end is cut there": (
        Case(
            [
                *make_samples(MIDNIGHT, oct31("23:00")),
                *make_samples(oct31("23:00"), parse_time("2026-11-01 01:00"), "down"),
            ],
            notices=(announce_maintenance(oct31("09:00"), oct31("23:00"), parse_time("2026-11-01 01:00")),),
        ),
        {"down": 3600, "announced": 3600, "outages": [(3600, TIMEOUT)]},
    ),
    "the cap is reached in the middle of a window": (
        Case(
            make_day_with("down", "20:00", "23:00"),
            lines=(record_rules(make_rules(cap_s=HOUR)),),
            notices=(
                announce_maintenance(oct31("09:00"), oct31("20:00"), oct31("20:45"), slug="2026-10-31-one"),
                announce_maintenance(oct31("09:00"), oct31("22:00"), oct31("23:00"), slug="2026-10-31-two"),
            ),
        ),
        # 45 minutes, then the first 15 of the second hour; 75,600 / 82,800 = 0.913043...
        {"announced": 3600, "announced down": 3600, "without": "91.304"},
    ),
    "a check whose affects changed counts from that second": (
        Case(
            [*ALL_UP, *make_samples(MIDNIGHT, TOMORROW, "down", check="second", reason="refused")],
            lines=(
                record_rules(
                    make_rules(checks={"main": make_check_rules(), "second": make_check_rules("nothing")})
                ),
                record_rules(
                    make_rules(checks={"main": make_check_rules(), "second": make_check_rules()}),
                    oct31("18:00:30"),
                ),
            ),
        ),
        # down from 18:00:30 to midnight: 5 h 59 min 30 s; 1,440 looks of the one, 359 of the other
        {"down": 21_570, "up": 64_830, "expected": 1799, "made": 1799, "outages": [(21_570, "refused")]},
    ),
    "a check added, removed and added again counts from its first sample": (
        Case(
            [*ALL_UP, *make_samples(oct31("06:00"), oct31("09:00"), check="second")],
            lines=(
                record_rules(make_rules()),
                record_rules(
                    make_rules(checks={"main": make_check_rules(), "second": make_check_rules()}),
                    oct31("05:00"),
                ),
                record_rules(make_rules(), oct31("09:00")),
                record_rules(
                    make_rules(checks={"main": make_check_rules(), "second": make_check_rules()}),
                    oct31("22:00"),
                ),
            ),
        ),
        # not yet seen at 05:00: ignored; removed at 09:00: ignored; back at 22:00 and silent: two hours unknown
        {"up": 79_200, "unknown": 7200, "expected": 1440 + 180 + 120, "made": 1440 + 180},
    ),
    "where one vantage of two is silent, a quorum of two believes the other": (
        Case(
            [
                *make_day_with("down", "10:00", "11:00"),
                *make_samples(MIDNIGHT, oct31("09:59"), vantage="far"),
                *make_samples(oct31("11:00"), TOMORROW, vantage="far"),
            ],
            lines=(
                record_rules(
                    make_rules(checks={"main": make_check_rules(quorum=2, vantages=("lab", "far"))})
                ),
            ),
        ),
        {"down": 3600, "unknown": 0, "up": 82_800},
    ),
    "a quorum of two with one vantage that sees it working is degraded": (
        Case(
            [*make_day_with("down", "10:00", "11:00"), *make_samples(MIDNIGHT, TOMORROW, vantage="far")],
            lines=(
                record_rules(
                    make_rules(checks={"main": make_check_rules(quorum=2, vantages=("lab", "far"))})
                ),
            ),
        ),
        {"down": 0, "degraded": 3600, "availability": "100.000"},
    ),
    "150 outages in one month": (
        Case(
            [
                look
                for minute in range(0, 1440, 9)
                for look in (
                    *make_samples(MIDNIGHT + minute * MINUTE, MIDNIGHT + (minute + 8) * MINUTE),
                    *make_samples(
                        MIDNIGHT + (minute + 8) * MINUTE,
                        MIDNIGHT + (minute + 9) * MINUTE,
                        "down" if minute < 150 * 9 else "up",
                    ),
                )
            ]
        ),
        {"down": 9000, "outages": [(60, TIMEOUT)] * 150, "availability": "89.583"},  # 77,400 / 86,400
    ),
    "a service added mid-month owes only its own days": (
        Case(make_samples(parse_time("2026-10-21 12:00"), TOMORROW)),
        # 10 days and a half: 907,200 s, of which 1 % is 9,072
        {"window": 907_200, "up": 907_200, "allowed": 9072, "expected": 15_120},
    ),
    "a service retired on the 31st ends at that midnight": (
        Case(
            make_samples(parse_time("2026-10-30 00:00"), TOMORROW, "down"),
            lines=(record_rules(make_rules(retired=date(2026, 10, 31))),),
        ),
        {"window": 86_400, "down": 86_400, "expected": 1440, "allowed": 864},
    ),
    "a service no longer named ends then, and comes back when it is": (
        Case(
            ALL_UP,
            lines=(
                record_rules(make_rules()),
                record_rules(None, oct31("06:00")),
                record_rules(make_rules(target=Decimal(50)), oct31("18:00")),
            ),
        ),
        # the promise of the month is the one that held when it began
        {"window": 43_200, "up": 43_200, "expected": 720, "target": Decimal(99)},
    ),
    "a correction to up": (
        Case(
            make_day_with("down", "10:00", "11:00"),
            corrections=(make_correction(oct31("10:15"), oct31("11:15"), "up"),),
        ),
        {"down": 900, "up": 85_500, "outages": [(900, TIMEOUT)]},
    ),
    "a correction to up leaves what is unknown": (
        Case(
            [*make_samples(MIDNIGHT, oct31("09:59")), *make_samples(oct31("11:00"), TOMORROW)],
            corrections=(make_correction(oct31("10:00"), oct31("11:00"), "up"),),
        ),
        {"unknown": 3600, "up": 82_800},
    ),
    "a correction to unknown": (
        Case(
            make_day_with("degraded", "10:00", "11:00"),
            corrections=(make_correction(oct31("09:00"), oct31("10:30"), "unknown"),),
        ),
        {"unknown": 1800, "degraded": 1800, "up": 82_800},
    ),
    "a correction to down replaces only what is unknown": (
        Case(
            [*make_samples(MIDNIGHT, oct31("09:59")), *make_samples(oct31("11:00"), TOMORROW)],
            corrections=(make_correction(oct31("09:30"), oct31("10:30"), "down"),),
        ),
        {"down": 1800, "unknown": 1800, "up": 82_800, "outages": [(1800, "correction")]},
    ),
    "a correction withdrawn": (
        Case(
            make_day_with("down", "10:00", "11:00"),
            corrections=(
                make_correction(oct31("10:00"), oct31("11:00"), "up"),
                make_correction(oct31("10:00"), oct31("11:00"), None, oct31("20:00")),
            ),
        ),
        {"down": 3600},
    ),
}

FOUR_PERCENT = [
    # 57.6 minutes of gap = 3,456 s = 4 % of the day; then 838 s down: 82,106 / 82,944 observed = 0.989896...
    *make_samples(MIDNIGHT, oct31("09:59")),
    *make_samples(oct31("10:57:36"), oct31("10:57:37"), every=1),
    *make_samples(oct31("10:57:38"), oct31("10:58"), every=2),
    *make_samples(oct31("10:58"), oct31("12:00")),
    *make_samples(oct31("12:00"), oct31("12:13"), "down"),
    *make_samples(oct31("12:13"), oct31("12:14"), "down"),
    *make_samples(oct31("12:13:58"), oct31("12:13:59"), every=1),
    *make_samples(oct31("12:14"), TOMORROW),
]
SEEN = {
    "unknown": 3456,
    "down": 838,
    "availability": "98.989",
    "coverage": "96.000",
    "lower": "95.030",  # 82,106 / 86,400
    "upper": "99.030",  # 85,562 / 86,400
}
FIGURES |= {
    "4 % unknown with 98.99 % observed is unproven by default": (
        Case(FOUR_PERCENT),
        {**SEEN, "verdict": "unproven"},
    ),
    "4 % unknown with 98.99 % observed is likely missed where 90 % of the time is enough": (
        Case(FOUR_PERCENT, lines=(record_rules(make_rules(min_coverage=Decimal(90))),)),
        {**SEEN, "verdict": "likely_missed"},
    ),
    "4 % unknown with 98.99 % observed is likely met where 98.9 % was promised": (
        Case(
            FOUR_PERCENT, lines=(record_rules(make_rules(min_coverage=Decimal(90), target=Decimal("98.9"))),)
        ),
        {**SEEN, "verdict": "likely_met"},
    ),
    "a coverage of exactly the least is enough": (
        Case(FOUR_PERCENT, lines=(record_rules(make_rules(min_coverage=Decimal(96))),)),
        {**SEEN, "verdict": "likely_missed"},
    ),
}


@pytest.mark.parametrize("name", FIGURES)
def test_month_has_the_expected_figures(name: str) -> None:
    """The figures of October 2026 equal those worked out by hand."""
    case, expected = FIGURES[name]
    told = flat(case.compute_month())
    assert {key: told[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("night", "first", "second"),
    [
        # down from 23:30 to 04:30 the next day, on the clocks of Zurich
        (("2026-10-24", "2026-10-25"), 1800, 5 * HOUR + 1800),  # the hour from 2 to 3 passes twice
        (("2027-03-27", "2027-03-28"), 1800, 3 * HOUR + 1800),  # and in spring not at all
    ],
)
def test_an_outage_across_midnight_and_a_change_of_clocks(
    night: tuple[str, str], first: int, second: int
) -> None:
    """It is one outage of its true length, and each day has its part."""
    start, end = parse_time(f"{night[0]} 23:30", ZURICH), parse_time(f"{night[1]} 04:30", ZURICH)
    samples = [
        *make_samples(parse_time(f"{night[0]} 00:00", ZURICH), start),
        *make_samples(start, end, "down"),
        *make_samples(end, end + DAY),
    ]
    case = Case(samples, zone=ZURICH, now=end + DAY)
    (outage,) = case.compute_month(night[0][:7]).outages
    assert outage.seconds == first + second
    assert [day.seconds.down for day in case.build_days(*night)] == [first, second]


def test_cap_starts_again_each_month() -> None:
    """A window from 23:00 to 01:00 under a cap of 30 minutes: 30 in October, 30 in November."""
    case = Case(
        make_samples(MIDNIGHT, parse_time("2026-11-02 00:00"), "down"),
        lines=(record_rules(make_rules(cap_s=1800)),),
        notices=(announce_maintenance(oct31("09:00"), oct31("23:00"), parse_time("2026-11-01 01:00")),),
    )
    assert case.build_account().announced == (
        (oct31("23:00"), oct31("23:30")),
        (parse_time("2026-11-01 00:00"), parse_time("2026-11-01 00:30")),
    )


def test_seconds_before_the_service_began_do_not_use_up_the_cap() -> None:
    """The cap is of the service's existence: a window that began before it counts from its first sample."""
    case = Case(
        make_samples(oct31("10:00"), TOMORROW),
        lines=(record_rules(make_rules(cap_s=HOUR)),),
        notices=(announce_maintenance(oct31("00:00"), oct31("08:00"), oct31("12:00")),),
    )
    assert case.build_account().announced == ((oct31("10:00"), oct31("11:00")),)


def test_changed_target_takes_effect_the_next_month() -> None:
    """A promise does not change while it runs, nor do the terms of its maintenance."""
    month_before = make_samples(parse_time("2026-10-01 00:00"), parse_time("2026-10-01 00:01"))
    case = Case(
        [*month_before, *make_samples(MIDNIGHT, parse_time("2026-11-03 00:00"))],
        lines=(
            record_rules(make_rules()),
            record_rules(
                make_rules(target=Decimal("99.9"), counts=False, notice_s=HOUR, cap_s=60), oct31("12:00")
            ),
        ),
        notices=(
            announce_maintenance(oct31("13:00"), oct31("13:30"), oct31("14:00"), slug="2026-10-31-late"),
            announce_maintenance(
                parse_time("2026-11-01 13:00"),
                parse_time("2026-11-01 13:30"),
                parse_time("2026-11-01 14:00"),
                slug="2026-11-01-late",
            ),
            announce_maintenance(
                parse_time("2026-11-01 12:30"),
                parse_time("2026-11-01 13:30"),
                parse_time("2026-11-01 14:00"),
                slug="2026-11-01-told",
            ),
        ),
    )
    october, november = case.compute_month("2026-10"), case.compute_month("2026-11")
    assert (october.target, october.counts, october.maintenance.window) == (Decimal(99), "all", 1800)
    assert (november.target, november.counts) == (Decimal("99.9"), "without_maintenance")
    assert november.maintenance.window == 60


def test_since_moves_the_beginning_earlier_as_unknown_time() -> None:
    """A date in `since` before the first sample adds unknown time; one after it changes nothing."""
    seen = make_samples(oct31("12:00"), TOMORROW)
    earlier = Case(seen, lines=(record_rules(make_rules(since=date(2026, 10, 30))),)).compute_month()
    later = Case(seen, lines=(record_rules(make_rules(since=date(2026, 11, 1))),)).compute_month()
    assert (earlier.seconds.window, earlier.seconds.unknown) == (172_800, 129_600)
    assert (later.seconds.window, later.seconds.unknown) == (43_200, 0)


def test_a_rule_recorded_later_cannot_move_the_beginning() -> None:
    """A check that was looked at before the rules named it begins nothing: what is past stays."""
    case = Case(
        [
            *make_samples(oct31("06:00"), oct31("07:00"), check="second"),
            *make_samples(oct31("12:00"), TOMORROW),
        ],
        lines=(
            record_rules(make_rules()),
            record_rules(
                make_rules(checks={"main": make_check_rules(), "second": make_check_rules()}), oct31("18:00")
            ),
        ),
    )
    assert case.build_account().begins == oct31("12:00")


def test_sample_at_the_second_its_check_is_removed_begins_nothing() -> None:
    """Rules hold up to their last second, and not at the next."""
    case = Case(
        make_samples(oct31("12:00"), oct31("13:00")),
        lines=(
            record_rules(make_rules()),
            record_rules(None, oct31("12:00")),
            record_rules(make_rules(), oct31("12:30")),
        ),
    )
    assert case.build_account().begins == oct31("12:30")
    assert case.build_account().existence[0].start == oct31("12:30")


def test_a_check_that_counts_for_nothing_begins_the_service() -> None:
    """The service begins with the first sample of any check; until one counts, nothing is known of it."""
    case = Case(
        [*make_samples(oct31("06:00"), TOMORROW, check="page"), *make_samples(oct31("12:00"), TOMORROW)],
        lines=(
            record_rules(
                make_rules(checks={"main": make_check_rules(), "page": make_check_rules("nothing")})
            ),
        ),
    )
    month = case.compute_month()
    assert (month.seconds.window, month.seconds.unknown, month.seconds.up) == (64_800, 21_600, 43_200)
    assert month.expected == 720


def test_unknown_first_sample_begins_the_service() -> None:
    """Whatever its outcome, the first sample is the beginning."""
    case = Case(
        [*make_samples(oct31("06:00"), oct31("12:00"), "unknown"), *make_samples(oct31("12:00"), TOMORROW)]
    )
    month = case.compute_month()
    assert (month.seconds.unknown, month.seconds.up) == (21_600, 43_200)
    assert (month.expected, month.made) == (1080, 720)


def test_a_service_without_a_check_that_affects_availability_has_none() -> None:
    """Speed alone says nothing of availability."""
    case = Case(ALL_UP, lines=(record_rules(make_rules(checks={"main": make_check_rules("performance")})),))
    month = case.compute_month()
    assert (month.all.availability, month.verdict, month.expected) == (None, "no_data", 0)


def test_a_correction_leaves_the_measured_figure_beside_it() -> None:
    """What was measured stays in the account."""
    case = Case(
        make_day_with("down", "10:00", "11:00"),
        corrections=(make_correction(oct31("10:00"), oct31("11:00"), "up"),),
    )
    assert case.compute_month().seconds.down == 0
    assert sum(end - start for start, end, state in case.build_account().measured if state == "down") == 3600


def test_month_in_progress_has_no_verdict_until_missed() -> None:
    """At 14 minutes 24 seconds of downtime a day's 1 % is spent, at a minute more the promise is missed."""
    lost = Case(
        [*make_samples(MIDNIGHT, oct31("10:00")), *make_samples(oct31("10:00"), TOMORROW, "down")],
        now=oct31("10:14:24"),
    )
    assert lost.compute_month().verdict is None
    assert lost.compute_month().budget == Budget(864, 864, 0, 0)
    assert replace(lost, now=oct31("10:14:25")).compute_month().verdict == "missed"
