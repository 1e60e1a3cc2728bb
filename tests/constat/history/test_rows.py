"""Day files: every tolerance of a reader, and what a writer refuses."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constat.history import HEADER, format_row, list_samples, parse_day
from constat.interval import Instant, parse_instant
from constat.model import Outcome, Sample, SkippedRows

PATH = "2026/11/2026-11-23.csv"
NOW = parse_instant("2026-11-23T12:00:00Z")
UP = "2026-11-23T09:40:00Z,smtp,submission,up,84,1,60,gha,"
DOWN = "2026-11-23T09:41:00Z,smtp,submission,down,10000,3,60,gha,timeout after 10 s"
WEB = "2026-11-23T09:40:00Z,website,home,degraded,2000,1,300,gha,slow"
ROWS = [UP, DOWN, WEB]


def _file(*lines: str, header: str = HEADER) -> bytes:
    return "".join(f"{line}\n" for line in (header, *lines)).encode()


def _samples(data: bytes, now: Instant = NOW) -> list[Sample]:
    return sorted(list_samples(parse_day(data, PATH, now)), key=lambda sample: (sample.at, sample.service))


EXPECTED = _samples(_file(*ROWS))


def test_plain_file_is_read_completely() -> None:
    day = parse_day(_file(*ROWS), PATH, NOW)
    assert day.skipped is None
    assert [(one.service, one.check, one.vantage) for one in day.series] == [
        ("smtp", "submission", "gha"),
        ("website", "home", "gha"),
    ]
    at = parse_instant("2026-11-23T09:41:00Z")
    timeout = Sample(at, "smtp", "submission", Outcome.DOWN, 10_000, 3, 60, "gha", "timeout after 10 s")
    assert timeout in EXPECTED
    assert len(EXPECTED) == 3


def _wider(data: bytes) -> bytes:
    """The same rows under a header with an unknown column in the middle and in another order."""
    lines = data.decode().splitlines()
    return "".join(
        f"{cells[8]},{cells[1]},extra,{cells[0]},{','.join(cells[2:8])}\n"
        for cells in (line.split(",") for line in lines)
    ).encode()


TOLERATED: dict[str, Callable[[], bytes]] = {
    "any order": lambda: _file(*reversed(ROWS)),
    "CRLF": lambda: _file(*ROWS).replace(b"\n", b"\r\n"),
    "CRLF in some lines only": lambda: _file(*ROWS).replace(b"\n", b"\r\n", 2),
    "a header again": lambda: _file(UP, HEADER, DOWN, HEADER, HEADER, WEB),
    "no header": lambda: _file(*ROWS).split(b"\n", 1)[1],
    "a byte order mark": lambda: b"\xef\xbb\xbf" + _file(*ROWS),
    "an unknown last column": lambda: _file(*(f"{row},9" for row in ROWS), header=f"{HEADER},shoe_size"),
    "an unknown last column that the header lacks": lambda: _file(UP, f"{DOWN},9", WEB),
    "columns in another order": lambda: _wider(_file(*ROWS)),
    "a header of another order in the middle": lambda: _file(UP) + _wider(_file(DOWN, WEB)),
    "blank lines": lambda: _file(UP, "", DOWN, "", WEB),
    "no final line break": lambda: _file(*ROWS).removesuffix(b"\n"),
    "one row twice": lambda: _file(*ROWS, DOWN),
}


@pytest.mark.parametrize("data", TOLERATED.values(), ids=TOLERATED.keys())
def test_reader_accepts_every_tolerated_form(data: Callable[[], bytes]) -> None:
    """Each of these says the same as the plain file, and nothing is reported as left out."""
    assert parse_day(data(), PATH, NOW).skipped is None
    assert _samples(data()) == EXPECTED


SKIPPED = {
    "2026-11-23T09:4": "the row is torn: cells are missing",
    "2026-11-23T09:42:00Z,smtp,submission,up,8": "the row is torn: cells are missing",
    "2026-11-23T12:00:01Z,smtp,submission,up,84,1,60,gha,": "it is later than now",
    "2026-11-22T09:42:00Z,smtp,submission,up,84,1,60,gha,": "it belongs in another day's file",
    "2026-11-24T09:42:00Z,smtp,submission,up,84,1,60,gha,": "it belongs in another day's file",
    "2026-11-23T24:00:00Z,smtp,submission,up,84,1,60,gha,": "the time is not written as 2026-11-23T09:40:00Z",
    "2026-11-23T09:60:00Z,smtp,submission,up,84,1,60,gha,": "the time is not written as 2026-11-23T09:40:00Z",
    "2026-11-23 09:42:00Z,smtp,submission,up,84,1,60,gha,": "the time is not written as 2026-11-23T09:40:00Z",
    "2026-11-23T09:42:00+00:00,smtp,submission,up,84,1,60,gha,": (
        "the time is not written as 2026-11-23T09:40:00Z"
    ),
    "yesterday,smtp,submission,up,84,1,60,gha,": "the time is not written as 2026-11-23T09:40:00Z",
    "2026-11-23T09:42:00Z,,submission,up,84,1,60,gha,": "a name is missing",
    "2026-11-23T09:42:00Z,smtp,submission,fine,84,1,60,gha,": (
        "the outcome is not up, degraded, down or unknown"
    ),
    "2026-11-23T09:42:00Z,smtp,submission,up,-84,1,60,gha,": "a number is not written in digits",
    "2026-11-23T09:42:00Z,smtp,submission,up,8_4,1,60,gha,": "a number is not written in digits",
    "2026-11-23T09:42:00Z,smtp,submission,up,٨٤,1,60,gha,": "a number is not written in digits",
    "2026-11-23T09:42:00Z,smtp,submission,up,9999999999,1,60,gha,": "a number is not written in digits",
    "2026-11-23T09:42:00Z,smtp,submission,up,84,,60,gha,": "a number is not written in digits",
    "2026-11-23T09:42:00Z,smtp,submission,up,84,1,0,gha,": "a number is 0 where it must be positive",
    '2026-11-23T09:42:00Z,smtp,submission,up,84,1,60,gha,"quoted"': "a cell holds a double quote",
    "2026-11-23T09:42:00Z,smtp,submission,up,84,1,60,gha,bell\x07": (
        "a cell holds a control character, or is not UTF-8"
    ),
    "2026-11-23T09:42:00Z,smtp,submission,up,84,1,60,gha,half\rline": (
        "a cell holds a control character, or is not UTF-8"
    ),
    "2026-11-23T09:42:00Z,smtp,submission,up,84,1,60,gha,\udcff": (
        "a cell holds a control character, or is not UTF-8"
    ),
}


@pytest.mark.parametrize(("row", "why"), SKIPPED.items(), ids=range(len(SKIPPED)))
def test_invalid_row_is_skipped_counted_and_named(row: str, why: str) -> None:
    """The other rows stay; the first bad row is named with its line, and all are counted."""
    bad = row.encode("utf-8", "surrogateescape")
    data = _file(UP) + bad + b"\n" + _file(DOWN, WEB) + bad
    assert _samples(data) == EXPECTED
    assert parse_day(data, PATH, NOW).skipped == SkippedRows(PATH, 2, 3, why)


def test_row_at_the_current_second_counts() -> None:
    row = "2026-11-23T12:00:00Z,smtp,submission,up,84,1,60,gha,"
    assert len(_samples(_file(row))) == 1


@pytest.mark.parametrize("data", [b"", HEADER.encode(), _file(), b"\n", b"\x00\xff\x00" * 50])
def test_file_without_valid_rows_is_empty(data: bytes) -> None:
    assert not parse_day(data, PATH, NOW).series


@pytest.mark.parametrize("path", ["register.jsonl", "2026/10/2026-11-23.csv", "2026/11/2026-11-31.csv"])
def test_only_day_file_paths_are_read(path: str) -> None:
    with pytest.raises(ValueError, match=r"isoformat|out of range|another month|unpack"):
        parse_day(b"", path, NOW)


KEY = "2026-11-23T09:40:00Z,smtp,submission"


def test_worst_known_duplicate_wins() -> None:
    """Down, then degraded, then up; unknown only where nothing else is said."""
    rows = [f"{KEY},{outcome},5,1,60,gha," for outcome in ("unknown", "up", "degraded", "down")]
    for count, outcome in enumerate(("unknown", "up", "degraded", "down"), start=1):
        (found,) = _samples(_file(*random.Random(count).sample(rows[:count], count)))  # noqa: S311 - a fixed shuffle
        assert found.outcome == outcome


def test_bytewise_smallest_of_equal_duplicates_wins() -> None:
    """The nine cells joined by commas decide, also where the file has its columns in another order."""
    rows = [f"{KEY},down,{latency},1,60,gha,refused" for latency in ("9", "10", "100")]
    for data in (_file(*rows), _file(*reversed(rows)), _wider(_file(*rows))):
        (found,) = _samples(data)
        assert found.latency_ms == 10


def test_rows_of_different_vantages_are_no_duplicates() -> None:
    assert len(_samples(_file(UP, UP.replace("gha", "zurich")))) == 2


SAMPLE = Sample(parse_instant("2026-11-23T09:41:00Z"), "smtp", "submission", Outcome.UP, 84, 1, 60, "gha")


def test_a_row_is_written_as_the_design_shows() -> None:
    assert format_row(SAMPLE) == "2026-11-23T09:41:00Z,smtp,submission,up,84,1,60,gha,\n"


def _with(**cells: object) -> Sample:
    fields = {name: getattr(SAMPLE, name) for name in Sample._fields}
    return Sample(**(fields | cells))


@pytest.mark.parametrize(
    "cells",
    [
        *({"reason": f"{sign}SUM(A1)"} for sign in "=+-@\t\x00"),
        *({"reason": f"status{letter}503"} for letter in ',"\n\r\x0b\x1f\x7f\x85\u2028\u2029'),
        {"reason": "status \udc80"},
        {"service": "@home"},
        {"check": ""},
        {"vantage": "a,b"},
        {"latency_ms": -1},
        {"attempts": -1},
        {"interval_s": 0},
    ],
    ids=str,
)
def test_writer_refuses_unsafe_cells(cells: dict[str, object]) -> None:
    """No cell begins like a formula or a control character; none holds a comma, a quote or a line break."""
    with pytest.raises(ValueError, match=r"must not|missing|out of range"):
        format_row(_with(**cells))


_NAMES = st.from_regex(r"[a-z0-9][a-z0-9-]{0,9}", fullmatch=True)
_REASONS = st.from_regex(r"([a-z][ -!#-+\--~éß ]{0,40})?", fullmatch=True)


@given(
    st.builds(
        Sample,
        st.integers(parse_instant("2026-11-23T00:00:00Z"), NOW),
        _NAMES,
        _NAMES,
        st.sampled_from(Outcome),
        st.integers(0, 10**6),
        st.integers(0, 9),
        st.integers(1, 86_400),
        _NAMES,
        _REASONS,
    )
)
def test_written_rows_are_read_back(sample: Sample) -> None:
    assert _samples(f"{HEADER}\n{format_row(sample)}".encode()) == [sample]
