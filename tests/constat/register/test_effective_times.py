"""When a line of the register counts from, and which lines count for nothing: cases worked out by hand."""

import json
from collections.abc import Iterable

import pytest

from constat.interval import Instant, format_instant
from constat.model import CLOCK_TOLERANCE_S, BackdatedLine, Register, Seal
from constat.register import parse_register, write_seal
from constat.register.line_reader import Content, list_counting_lines, read_lines
from tests.support.availability_cases import parse_time

MORNING = parse_time("2026-11-20 09:00")
SHA = "0" * 64


def _read(*lines: tuple[str, int], now: int) -> Register:
    """A register of zones (each named by its minute) and seals, from kinds and minutes after nine; `now` in minutes too."""
    return parse_register(_write(lines), "register.jsonl", MORNING + 60 * now)


def _write(lines: Iterable[tuple[str, int]]) -> str:
    return "".join(f"{_line(kind, MORNING + 60 * minute, minute)}\n" for kind, minute in lines)


def _line(kind: str, when: Instant, minute: int) -> str:
    if kind == "seal":
        return write_seal(Seal(when, "2026/11/2026-11-19.csv", 100, 1, SHA, 0, SHA))
    return json.dumps({"at": format_instant(when), "kind": "page", "timezone": f"zone {minute}"})


def _minutes(lines: Iterable[tuple[str, int]], now: int) -> list[tuple[int, int]]:
    """Line and effective minute of every line that counts."""
    read = list_counting_lines(read_lines(_write(lines), "register.jsonl"), MORNING + 60 * now)
    return [(line.number, (_find_effective(line.content) - MORNING) // 60) for line in read]


def _find_effective(content: Content) -> Instant:
    return content.recorded_at if isinstance(content, Seal) else content.at


@pytest.mark.parametrize(
    ("lines", "now", "expected", "void"),
    [
        ([("page", 0), ("page", 5)], 10, [(1, 0), (2, 5)], []),
        # two writers whose pushes crossed: the second one's line counts from the first one's
        ([("page", 0), ("page", 9), ("page", 3)], 10, [(1, 0), (2, 9), (3, 9)], []),
        # put in afterwards with an old date
        ([("page", 0), ("seal", 60), ("page", 5)], 100, [(1, 0), (2, 60), (3, 60)], []),
        # dated ahead, no seal after it: as long as it is more than five minutes ahead it is void
        ([("page", 0), ("page", 106), ("page", 50)], 100, [(1, 0), (3, 50)], [2]),
        ([("page", 0), ("page", 105), ("page", 50)], 100, [(1, 0), (2, 105), (3, 105)], []),
        # the same line once its time has come: it counts, and holds up what stands behind it
        ([("page", 0), ("page", 106), ("page", 50)], 101, [(1, 0), (2, 106), (3, 106)], []),
        # a seal after it makes it void for good, at any later time
        ([("page", 106), ("seal", 60), ("page", 70)], 9999, [(2, 60), (3, 70)], [1]),
        ([("page", 65), ("seal", 60), ("page", 70)], 9999, [(1, 65), (2, 65), (3, 70)], []),
        # only the first seal after a line judges it: a later one does not
        ([("page", 64), ("seal", 60), ("seal", 57)], 9999, [(1, 64), (2, 64), (3, 64)], []),
        # unless that makes the first one void, which then judges nothing
        ([("page", 64), ("seal", 60), ("seal", 54)], 9999, [(3, 54)], [1, 2]),
        ([("page", 58), ("seal", 60), ("seal", 54)], 9999, [(1, 58), (3, 58)], [2]),
        # a seal dated ahead of now is void now
        ([("page", 0), ("seal", 106)], 100, [(1, 0)], [2]),
    ],
)
def test_lines_count_from_their_effective_time(
    lines: list[tuple[str, int]], now: int, expected: list[tuple[int, int]], void: list[int]
) -> None:
    register = _read(*lines, now=now)
    assert _minutes(lines, now) == expected
    assert [skipped.line for skipped in register.skipped] == void


def test_five_minutes_are_judged_to_the_second() -> None:
    for late, voids in ((CLOCK_TOLERANCE_S, 0), (CLOCK_TOLERANCE_S + 1, 1)):
        text = f"{_line('page', MORNING + late, 0)}\n{_line('seal', MORNING, 0)}\n"
        assert len(parse_register(text, "register.jsonl", parse_time("2027-01-01 00:00")).skipped) == voids


def test_recorded_values_have_the_effective_time_of_their_line() -> None:
    """A seal keeps its own time as well, with which its line is written again."""
    register = _read(("page", 9), ("page", 3), ("seal", 5), now=60)
    assert [text.at for text in register.pages] == [MORNING + 540, MORNING + 540]
    (seal,) = register.seals
    assert (seal.at, seal.recorded_at, seal.line) == (MORNING + 300, MORNING + 540, 3)


def test_a_void_line_is_named_with_the_seal_that_makes_it_void() -> None:
    (skipped,) = _read(("page", 106), ("seal", 60), now=9999).skipped
    assert (skipped.path, skipped.line) == ("register.jsonl", 1)
    assert "counts for nothing" in skipped.why
    assert "the seal on line 2 (2026-11-20T10:00:00Z)" in skipped.why
    (skipped,) = _read(("page", 106), now=60).skipped
    assert "after now (2026-11-20T10:00:00Z)" in skipped.why


def test_unreadable_line_moves_no_other() -> None:
    text = "\n".join([_line("page", MORNING + 999, 0).replace("page", "weather"), _line("page", MORNING, 0)])
    register = parse_register(text, "register.jsonl", MORNING + 2000)
    assert [page.at for page in register.pages] == [MORNING]


def test_lines_more_than_an_hour_behind_are_reported_for_a_week() -> None:
    lines = (("page", 0), ("page", 61), ("page", 1), ("page", 0))
    week = 7 * 24 * 60
    (found,) = _read(*lines, now=100).backdated
    assert found == BackdatedLine("register.jsonl", 4, MORNING, MORNING + 61 * 60)
    assert _read(*lines, now=60 + week).backdated == (found,)
    assert _read(*lines, now=61 + week).backdated == ()


def test_a_void_line_does_not_leave_others_behind() -> None:
    assert _read(("page", 0), ("page", 999), ("page", 1), now=10).backdated == ()
