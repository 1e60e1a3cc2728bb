"""What was said against what was measured: bars of the gravest, and how soon we spoke."""

import pytest

from constat.interval import DAY_S, HOUR_S, MINUTE_S, Interval, Stretch
from constat.model import Outcome, Status
from constat.page.said_and_measured import UNTOLD, Telling, compare_telling, measure_around

BEGINS = 1_795_430_400  # a full hour
KNOWN = Interval(BEGINS - 80 * DAY_S, BEGINS + DAY_S)
UP, DOWN, SLOW = Outcome.UP, Outcome.DOWN, Outcome.DEGRADED


def _track(*parts: tuple[int, Outcome]) -> tuple[Stretch[Outcome], ...]:
    """A track from an hour before on: minutes and outcome of each stretch."""
    at, stretches = BEGINS - HOUR_S, []
    for minutes, outcome in parts:
        stretches.append(Stretch(at, at + minutes * MINUTE_S, outcome))
        at += minutes * MINUTE_S
    return tuple(stretches)


def test_a_short_time_has_one_bar_a_minute_and_a_margin() -> None:
    measured = measure_around(
        Interval(BEGINS, BEGINS + 42 * MINUTE_S), [_track((60, UP), (42, DOWN), (60, UP))], KNOWN
    )
    assert measured is not None
    assert (measured.start, measured.bar_s) == (BEGINS - 4 * MINUTE_S, MINUTE_S)
    assert [status.value for status in measured.bars] == ["operational"] * 4 + ["outage"] * 42 + [
        "operational"
    ] * 4


@pytest.mark.parametrize(
    ("length_s", "bar_s"),
    [(0, 60), (52 * 60, 60), (53 * 60, 120), (3 * HOUR_S, 300), (7 * HOUR_S, 600), (3 * DAY_S, 2 * HOUR_S), (50 * DAY_S, DAY_S)],
)  # fmt: skip
def test_a_longer_time_has_longer_bars_but_never_more_than_sixty(length_s: int, bar_s: int) -> None:
    ends = BEGINS + DAY_S - length_s
    measured = measure_around(Interval(ends, ends + length_s), [()], KNOWN)
    assert measured is not None
    assert measured.bar_s == bar_s
    assert len(measured.bars) <= 60
    assert measured.end >= ends + length_s


def test_bar_shows_the_gravest_state_and_nothing_for_unmeasured_time() -> None:
    slow, down = _track((60, UP), (2, SLOW)), _track((61, UP), (1, DOWN))
    measured = measure_around(Interval(BEGINS, BEGINS + 3 * MINUTE_S), [slow, down], KNOWN)
    assert measured is not None
    assert measured.bars[4:7] == (Status.DEGRADED, Status.OUTAGE, Status.NO_DATA)


def test_time_beyond_the_evidence_is_not_drawn() -> None:
    """An empty strip would claim that no check was made."""
    early = KNOWN.start - 1
    assert measure_around(Interval(early, early + 60), [()], KNOWN) is None
    assert measure_around(Interval(BEGINS, BEGINS + 60), [], KNOWN) is None
    assert measure_around(Interval(KNOWN.start, KNOWN.start + 61 * DAY_S), [()], KNOWN) is None


def test_the_future_has_no_bar() -> None:
    measured = measure_around(Interval(KNOWN.end - 60, KNOWN.end), [()], KNOWN)
    assert measured is not None
    assert measured.end == KNOWN.end


@pytest.mark.parametrize(
    ("spans", "words", "closed", "telling"),
    [
        ([((0, 2520), True)], (420, 1500), 2640, Telling(420, 120)),
        ([((600, 2520), True)], (420,), 2400, Telling(-180, -120)),
        ([((0, 60), True), ((600, 900), True)], (420,), 960, Telling(420, 60)),
        ([((0, 2520), False)], (420,), 2640, Telling(420, None)),
        ([((0, 2520), True)], (420,), None, Telling(420, None)),
        ([], (420,), 2640, UNTOLD),
        ([((0, 2520), True)], (), 2640, UNTOLD),
    ],
    ids=["after", "before", "twice down", "not seen back", "still open", "nothing seen", "nothing said"],
)
def test_first_and_last_updates_are_compared_with_the_outages(
    spans: list[tuple[tuple[int, int], bool]], words: tuple[int, ...], closed: int | None, telling: Telling
) -> None:
    outages = [(Interval(*span), over) for span, over in spans]
    assert compare_telling(outages, words, closed) == telling
