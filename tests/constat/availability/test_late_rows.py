"""Late rows: which time they fill, what they never change, and how they are counted; each case worked out by hand.

A check of every 60 s, so each sample speaks for 120 s at most. Times are minutes of 2026-10-31 from 10:00 on.
"""

from dataclasses import dataclass, field

import pytest

from constat.model import CheckCount, Figures, Outcome, Sample
from tests.support.availability_cases import (
    SERVICE,
    Case,
    make_check_rules,
    make_rules,
    parse_time,
    record_rules,
)

TEN = parse_time("2026-10-31 10:00")
END = parse_time("2026-10-31 10:20")


def _look(minute: float, outcome: str = "up", interval_s: int = 60, vantage: str = "lab") -> Sample:
    reason = f"at minute {minute:g}" if outcome == "down" else ""
    when = TEN + round(minute * 60)
    return Sample(when, SERVICE, "main", Outcome(outcome), 12, 1, interval_s, vantage, reason)


@dataclass(frozen=True)
class Late:
    """Samples on time, samples that came late, and what follows until 10:20."""

    timely: list[Sample]
    late: list[Sample]
    up: int
    down: int
    unknown: int
    late_s: int
    made: int
    outages: list[tuple[int, int, str]] = field(default_factory=list)


BEGIN = _look(0)
CASES = {
    # 10:00 up for 120 s, a gap, 10:10 up for 120 s; the late row at 10:05 fills 120 s of the gap
    "it fills a gap": Late([BEGIN, _look(10)], [_look(5)], up=360, down=0, unknown=840, late_s=120, made=3),
    # the gap begins at 10:02: the late row at 10:01 speaks until 10:03, and fills only the last of its two minutes
    "it fills only what no row on time covers": Late(
        [BEGIN, _look(10)], [_look(1)], up=300, down=0, unknown=900, late_s=60, made=3
    ),
    # one second behind a row that says down: that row holds for its 120 s, the late one for its last second
    "it does not talk an outage away": Late(
        [BEGIN, _look(1, "down")],
        [_look(1 + 1 / 60)],
        up=61,
        down=120,
        unknown=1019,
        late_s=1,
        made=2,
        outages=[(60, 120, "at minute 1")],
    ),
    # it ends no sample on time: the one at 10:00 speaks until 10:02, whatever came late at 10:01
    "it ends no sample on time": Late(
        [BEGIN],
        [_look(1, "down")],
        up=120,
        down=60,
        unknown=1020,
        late_s=60,
        made=2,
        outages=[(120, 60, "at minute 1")],
    ),
    # a sample on time ends it: at 10:03 the row on time takes over
    "a sample on time ends it": Late(
        [BEGIN, _look(3)],
        [_look(2.5, "down")],
        up=240,
        down=30,
        unknown=930,
        late_s=30,
        made=3,
        outages=[(150, 30, "at minute 2.5")],
    ),
    # another late sample ends it: 10:05 down, 10:05:30 up until 10:07:30
    "a late sample ends it": Late(
        [BEGIN],
        [_look(5, "down"), _look(5.5)],
        up=240,
        down=30,
        unknown=930,
        late_s=150,
        made=2,
        outages=[(300, 30, "at minute 5")],
    ),
    # what a row on time says is not known stays unknown for as long as it speaks
    "a row on time that says unknown covers its seconds": Late(
        [BEGIN, _look(5, "unknown")], [_look(5.5)], up=150, down=0, unknown=1050, late_s=30, made=1
    ),
    # at 10:02 on time and late: the one on time is the sample, the late one is none, so 10:04 to 10:06 stays unknown
    "it wins no tie": Late(
        [BEGIN, _look(2)], [_look(2, "down", interval_s=120)], up=240, down=0, unknown=960, late_s=0, made=2
    ),
    # the slot of 10:05 holds a sample on time, which is unknown and speaks until 10:07: the late one in it makes nothing;
    # that of 10:06 makes its own slot, and fills the minute from 10:07 to 10:08
    "it makes no slot that holds a sample on time": Late(
        [BEGIN, _look(5, "unknown"), _look(10)],
        [_look(5.1), _look(6)],
        up=300,
        down=0,
        unknown=900,
        late_s=60,
        made=3,
    ),
    # the slot of 10:05 holds two late ones, one of them known
    "a late unknown makes no slot, and a late known one beside it does": Late(
        [BEGIN],
        [_look(5, "unknown"), _look(5.5), _look(7.5, "unknown")],
        up=240,
        down=0,
        unknown=960,
        late_s=120,
        made=2,
    ),
}


def _figures(case: Late, **changes: object) -> Figures:
    return Case(case.timely, now=END, late=case.late, **changes).compute_month()  # type: ignore[arg-type]  # fields of Case


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_late_rows_give_the_expected_figures(case: Late) -> None:
    figures = _figures(case)
    seconds = figures.seconds
    assert (seconds.up, seconds.down, seconds.unknown) == (case.up, case.down, case.unknown)
    assert seconds.window == END - TEN
    assert figures.late_s == case.late_s
    assert figures.vantages == {"lab": CheckCount(20, case.made)}
    told = [(outage.start - TEN, outage.seconds, outage.reason) for outage in figures.outages]
    assert told == case.outages


def test_a_service_begins_with_a_first_sample_that_is_late() -> None:
    """It exists from the late sample at 10:00 on; the seconds that only it knows are late."""
    case = Case([_look(10)], now=END, late=[_look(0)])
    figures = case.compute_month()
    assert case.build_account().begins == TEN
    assert (figures.seconds.window, figures.seconds.up, figures.late_s) == (1200, 240, 120)
    assert figures.vantages == {"lab": CheckCount(20, 2)}


def test_check_counts_for_both_vantages_from_the_first_sample_of_either() -> None:
    """Rule 5: from its first sample, of whatever vantage; the other one has promised checks and made none."""
    pair = record_rules(make_rules(checks={"main": make_check_rules(quorum=2, vantages=("lab", "far"))}))
    figures = Case([_look(minute) for minute in range(20)], lines=(pair,), now=END).compute_month()
    assert figures.vantages == {"far": CheckCount(20, 0), "lab": CheckCount(20, 20)}
    assert (figures.expected, figures.made, figures.seconds.up) == (40, 20, 1200)


def test_late_row_that_makes_known_time_unknown_is_not_counted() -> None:
    """Of three with a quorum of two, one says up; a second one says down late: now the silent third could agree."""
    three = record_rules(
        make_rules(checks={"main": make_check_rules(quorum=2, vantages=("lab", "far", "sea"))})
    )
    case = Case([_look(0)], lines=(three,), now=END, late=[_look(0, "down", vantage="far")])
    figures = case.compute_month()
    assert (figures.seconds.up, figures.seconds.unknown, figures.late_s) == (0, 1200, 0)
    assert Case([_look(0)], lines=(three,), now=END).compute_month().seconds.up == 120


def test_late_rows_extend_past_midnight() -> None:
    """A row of 23:59 counts until 00:01; a row on time of 23:58:30 takes precedence until 00:00:30."""
    midnight = parse_time("2026-11-01 00:00")
    late = _look(0)._replace(at=midnight - 60, outcome=Outcome.DEGRADED)
    timely = _look(0)._replace(at=midnight - 90)
    case = Case([timely], now=midnight + 600, late=[late])
    states = [
        (start - midnight, end - midnight, state) for start, end, state in case.build_account().states[:2]
    ]
    assert states == [(-90, 30, Outcome.UP), (30, 60, Outcome.DEGRADED)]
