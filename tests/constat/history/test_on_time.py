"""Which rows are late: the 26 hours to the second, seals that cover more or less, and the first seal of a register."""

import pytest

from constat.history import HEADER, OnTimePart, Punctuality, SourceMark, judge_punctuality, parse_day
from constat.interval import Instant
from constat.model import Seal
from tests.support.availability_cases import parse_time

PATH = "2026/10/2026-10-31.csv"
MIDNIGHT, ENDS = parse_time("2026-10-31 00:00"), parse_time("2026-11-01 00:00")
DEADLINE = parse_time("2026-11-02 02:00")
LONG_BEFORE = parse_time("2026-10-20 01:00")
SHA = "0" * 64


def _seal(recorded_at: Instant, size: int, path: str = PATH) -> Seal:
    return Seal(recorded_at, path, size, 1, SHA, 0, SHA, recorded_at=recorded_at)


FIRST = _seal(LONG_BEFORE, 500, "2026/10/2026-10-19.csv")


@pytest.mark.parametrize(
    ("seals", "now", "part"),
    [
        ([], DEADLINE + 1, None),  # a register without seals
        ([FIRST], DEADLINE, None),  # 26 hours after the end: not more than 26 hours
        ([FIRST], DEADLINE + 1, OnTimePart(0, MIDNIGHT)),
        ([FIRST, _seal(DEADLINE, 100)], DEADLINE + 1, OnTimePart(100, MIDNIGHT)),
        ([FIRST, _seal(DEADLINE + 1, 100)], DEADLINE + 1, OnTimePart(0, MIDNIGHT)),
        # sealed twice within the deadline, and once more behind it
        (
            [FIRST, _seal(ENDS + 3600, 100), _seal(DEADLINE - 60, 180), _seal(DEADLINE + 60, 250)],
            DEADLINE + 99,
            OnTimePart(180, MIDNIGHT),
        ),
        # a later seal of fewer bytes takes nothing back
        ([FIRST, _seal(ENDS + 3600, 100), _seal(ENDS + 7200, 50)], DEADLINE + 1, OnTimePart(100, MIDNIGHT)),
        # the seal of another day covers nothing of this one
        ([FIRST, _seal(ENDS + 3600, 900, "2026/10/2026-10-30.csv")], DEADLINE + 1, OnTimePart(0, MIDNIGHT)),
        # the first seal of the register: on this day, just before its end, at its end
        ([_seal(MIDNIGHT + 3600, 9, "2026/10/2026-10-30.csv")], DEADLINE + 1, OnTimePart(0, MIDNIGHT + 3600)),
        ([_seal(ENDS - 1, 9, "2026/10/2026-10-30.csv")], DEADLINE + 1, OnTimePart(0, ENDS - 1)),
        ([_seal(ENDS, 9, "2026/10/2026-10-30.csv")], DEADLINE + 1, None),
    ],
)
def test_rows_are_on_time_up_to_the_deadline(
    seals: list[Seal], now: Instant, part: OnTimePart | None
) -> None:
    assert judge_punctuality(seals, now).find_part(PATH) == part


def test_a_seal_counts_from_its_effective_time() -> None:
    """Its own time is within the deadline, but a line before it has a later time."""
    held_up = _seal(ENDS + 3600, 100)._replace(recorded_at=DEADLINE + 1)
    assert judge_punctuality([FIRST, held_up], DEADLINE + 1).find_part(PATH) == OnTimePart(0, MIDNIGHT)


def test_equal_marks_mean_equal_judgements() -> None:
    sealed = judge_punctuality([FIRST, _seal(ENDS + 3600, 100)], DEADLINE + 1)
    assert sealed.mark(PATH, 100) == Punctuality(DEADLINE).mark(PATH, 100) == SourceMark(100, 100, 0)
    assert sealed.mark(PATH, 101) == SourceMark(101, 100, MIDNIGHT)


def _row(time: str, outcome: str, latency: int = 1, reason: str = "") -> str:
    return f"2026-10-31T{time}Z,smtp,main,{outcome},{latency},1,60,gha,{reason}\n"


def _read(covered: str, rest: str, since: Instant = MIDNIGHT) -> tuple[list[str], list[str], int]:
    """Times of the samples on time and of the late ones, and how many rows are late."""
    data = (covered + rest).encode()
    rows = parse_day(data, PATH, DEADLINE, OnTimePart(len(covered.encode()), since))
    times = [
        [f"{(when - MIDNIGHT) // 3600:02}:{when % 3600 // 60:02}" for one in series for when in one.times]
        for series in (rows.series, rows.late)
    ]
    return times[0], times[1], len(rows.late_times)


def test_a_row_is_late_if_its_line_ends_behind_the_covered_bytes() -> None:
    head, one, two = f"{HEADER}\n", _row("10:00:00", "up"), _row("10:01:00", "up")
    assert _read(head + one, two) == (["10:00"], ["10:01"], 1)
    assert _read(head + one + two[:30], two[30:]) == (["10:00"], ["10:01"], 1)  # covered but for its end
    assert _read(head + one + two[:-1], two[-1:]) == (["10:00"], ["10:01"], 1)  # but for its LF
    assert _read(head + one + two, "") == (["10:00", "10:01"], [], 0)
    assert _read("", head + one) == ([], ["10:00"], 1)


def test_rows_before_the_first_seal_are_on_time() -> None:
    since = MIDNIGHT + 10 * 3600 + 60
    rest = _row("10:00:59", "up") + _row("10:01:00", "down")
    assert _read(f"{HEADER}\n", rest, since) == (["10:00"], ["10:01"], 1)


def test_late_duplicate_loses_and_is_still_counted_late() -> None:
    covered = f"{HEADER}\n" + _row("10:00:00", "up")
    assert _read(covered, _row("10:00:00", "down", reason="refused")) == (["10:00"], [], 1)
    assert _read(covered, _row("10:00:00", "up")) == (["10:00"], [], 1)  # the same row once more


def test_worst_of_two_late_duplicates_wins() -> None:
    rest = _row("10:00:00", "up") + _row("10:00:00", "down", reason="refused")
    rows = parse_day(f"{HEADER}\n{rest}".encode(), PATH, DEADLINE, OnTimePart(len(HEADER) + 1, MIDNIGHT))
    assert ([row.outcome for row in rows.late[0].rows], len(rows.late_times)) == (["down"], 2)


@pytest.mark.parametrize("ends", ["\r\n", "\n"])
def test_other_spellings_are_judged_by_their_bytes(ends: str) -> None:
    """CRLF, a repeated header in another order, torn rows: the covered lines are still those of the first bytes."""
    shuffled = "service,check,outcome,at,latency_ms,attempts,interval_s,vantage,reason\n"
    covered = f"{HEADER}\n" + _row("10:00:00", "up") + "torn\n" + shuffled
    rest = "smtp,main,up,2026-10-31T10:01:00Z,1,1,60,gha,\n"
    assert _read(covered.replace("\n", ends), rest.replace("\n", ends)) == (["10:00"], ["10:01"], 1)
