"""The status of a day from imported rows: down by samples or changes, without a problem only by samples."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from constat.imported import ImportedFile, encode_rows, find_spans, read_tree
from constat.interval import DAY_S, Instant, Interval, parse_instant
from constat.model import Outcome, Status
from constat.model.imported import Basis, ImportedRow
from constat.page.imported_past import build_imported_month, find_imported_past

ZURICH = ZoneInfo("Europe/Zurich")
DAY = date(2026, 7, 20)
START = parse_instant("2026-07-19T22:00:00Z")


def row(start: int, end: int | None, outcome: str, basis: Basis = "samples", reason: str = "") -> ImportedRow:
    """A row by seconds of the day."""
    until = None if end is None else START + end
    return ImportedRow("smtp", START + start, until, Outcome(outcome), basis, 1, 300, None, reason)


def day_of(*rows: ImportedRow, first: Instant | None = None) -> tuple[Status, int, bool] | None:
    """The status of the day, its down seconds, and whether anything was recorded; `None` if it is not theirs."""
    past = find_imported_past([ImportedFile("Upptime", {"smtp": rows})], "smtp", first)
    found = past.find_day(DAY, ZURICH) if past else None
    return None if found is None else (found.status, found.down_s, found.told)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row(0, DAY_S, "up")], (Status.OPERATIONAL, 0, True)),
        ([row(0, DAY_S * 9 // 10, "up")], (Status.OPERATIONAL, 0, True)),
        ([row(0, DAY_S * 9 // 10 - 1, "up")], (Status.NO_DATA, 0, True)),
        ([row(0, DAY_S, "up", "changes")], (Status.NO_DATA, 0, True)),
        ([row(0, DAY_S, "up", "changes"), row(0, 600, "up")], (Status.NO_DATA, 0, True)),
        ([row(0, DAY_S, "unknown")], (Status.NO_DATA, 0, False)),
        ([row(0, DAY_S, "unknown", "counts", "up 5 down 1")], (Status.NO_DATA, 0, False)),
        ([row(0, DAY_S - 60, "up"), row(DAY_S - 60, DAY_S, "down")], (Status.OUTAGE, 60, True)),
        ([row(0, DAY_S - 59, "up"), row(DAY_S - 59, DAY_S, "down")], (Status.DEGRADED, 59, True)),
        ([row(0, DAY_S, "degraded")], (Status.DEGRADED, 0, True)),
        ([row(0, 3600, "down", "changes"), row(0, 600, "down")], (Status.OUTAGE, 3600, True)),
        ([row(-3600, 3600, "down", "changes")], (Status.OUTAGE, 3600, True)),
        ([row(0, None, "down", "changes"), row(0, 600, "down")], (Status.OUTAGE, 600, True)),
    ],
)
def test_day_status_follows_from_its_rows(
    rows: list[ImportedRow], expected: tuple[Status, int, bool]
) -> None:
    assert day_of(*rows) == expected


def test_days_we_measured_ignore_imports() -> None:
    """Also the day on which we looked first, however late on it."""
    rows = [row(-DAY_S, 2 * DAY_S, "down")]
    assert day_of(*rows) is not None
    assert day_of(*rows, first=START + DAY_S) is not None
    assert day_of(*rows, first=START + DAY_S - 1) is None
    assert day_of(*rows, first=START - 5 * DAY_S) is None


def test_days_outside_the_record_are_empty() -> None:
    assert day_of(row(DAY_S, 2 * DAY_S, "up")) is None
    assert day_of(row(-2 * DAY_S, -DAY_S, "up")) is None


def test_spans_of_several_files_are_merged() -> None:
    spans = find_spans([row(0, 100, "down"), row(50, 200, "down", "changes"), row(0, 300, "degraded")])
    assert spans.down == (Interval(START, START + 200),)
    assert spans.degraded == (Interval(START + 200, START + 300),)
    assert spans.until == START + 300


def test_month_lists_outages_before_our_first_sample() -> None:
    rows = (row(0, 600, "down"), row(7200, 7800, "down"), row(0, 40 * DAY_S, "up", "changes"))
    file = ImportedFile("Upptime", {"smtp": rows})
    past = find_imported_past([file], "smtp", START + 7000)
    assert past is not None
    month = build_imported_month([past], "2026-07", ZURICH, START + 30 * DAY_S)
    assert month is not None
    assert [(outage.start, outage.end) for outage in month.outages] == [(START, START + 600)]
    assert build_imported_month([past], "2026-05", ZURICH, START + 30 * DAY_S) is None


def test_day_imported_twice_keeps_the_larger_counts() -> None:
    """An import in the evening of a day, and another one later."""
    first = row(7200, DAY_S + 7200, "unknown", "counts", "up 5 down 1")
    later = row(7200, DAY_S + 7200, "unknown", "counts", "up 9 down 1")
    files = [ImportedFile("Uptime Kuma", {"smtp": (later,)}), ImportedFile("Uptime Kuma", {"smtp": (first,)})]
    past = find_imported_past(files, "smtp", None)
    assert past is not None
    assert [(one.title, one.counts.up) for one in past.counts[DAY]] == [("Uptime Kuma", 9)]


def test_later_import_continues_an_open_run() -> None:
    """A run that was going on, an outage without an end, and the last look, which spoke for longer than it was true."""
    first = [row(0, 900, "up"), row(900, 1500, "down"), row(900, None, "down", "changes")]
    later = [row(900, 1200, "down"), row(900, 1200, "down", "changes"), row(1200, 1800, "up")]
    other = [row(900, 1000, "down", "changes")]
    files = {"kuma.csv": first, "kuma-2.csv": later[:2], "kuma-10.csv": later, "upptime.csv": other}
    read = read_tree({name: encode_rows(rows) for name, rows in files.items()})
    kept = [own for file in read for own in file.rows.get("smtp", ())]
    assert sorted(kept, key=repr) == sorted([first[0], *later, *other], key=repr)


def test_samples_dropped_by_the_source_are_kept() -> None:
    """2.x of Kuma keeps single beats for two days, and after that only those at which something changed."""
    whole, rest = replace(row(0, 9000, "up"), count=30), row(0, 600, "up")
    read = read_tree({"kuma.csv": encode_rows([whole]), "kuma-2.csv": encode_rows([rest])})
    assert [file.rows for file in read] == [{"smtp": (whole,)}, {}]
