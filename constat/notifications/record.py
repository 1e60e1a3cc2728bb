"""`history/notified.csv`: who was told what, and when. One row is appended after each attempt, none is ever changed.

    at,target,result,id,detail
    2026-11-23T10:13:04Z,customers,since,,
    2026-11-23T10:13:06Z,customers,sent,"tag:maxony,2026:2026-11-23-smtp/2026-11-23T10:12:00Z",
    2026-11-23T10:13:09Z,team,failed,"tag:maxony,2026:2026-11-23-smtp/2026-11-23T10:12:00Z",refused

`since`: from when on a target is told. `id` is the permanent name of what it was told. Readers take any order and leave
out what they cannot read.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Literal, NamedTuple, cast

from constat.interval import Instant, format_instant, parse_instant
from constat.model import Notify
from constat.page import ToldTarget
from constat.posts import permanent

PATH = "notified.csv"
HEADER = "at,target,result,id,detail"
DETAIL_LENGTH = 100

Result = Literal["since", "sent", "failed"]
_RESULTS = ("since", "sent", "failed")


class Row(NamedTuple):
    """One row. `id` is empty for `since`; `detail` says in a few words why something failed."""

    at: Instant
    target: str
    result: Result
    id: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Failures:
    """How often something was tried in vain for a target, when first and when last."""

    count: int
    first: Instant
    last: Instant


class Record(NamedTuple):
    """The rows, by target: since when it is told; by (target, id): when it was told, how often that failed."""

    since: Mapping[str, Instant]
    sent: Mapping[tuple[str, str], Instant]
    failed: Mapping[tuple[str, str], Failures]


def parse_record(data: bytes) -> Record:
    """Read the file; the earliest `since` and the earliest `sent` count."""
    since: dict[str, Instant] = {}
    sent: dict[tuple[str, str], Instant] = {}
    failed: dict[tuple[str, str], Failures] = {}
    for row in _rows(data):
        key = (row.target, row.id)
        if row.result == "since":
            since[row.target] = min(row.at, since.get(row.target, row.at))
        elif row.result == "sent":
            sent[key] = min(row.at, sent.get(key, row.at))
        else:
            before = failed.get(key, Failures(0, row.at, row.at))
            failed[key] = Failures(before.count + 1, min(before.first, row.at), max(before.last, row.at))
    return Record(since, sent, failed)


def count_results(data: bytes, since: Instant) -> tuple[int, int]:
    """How many messages were sent since, and how many failed."""
    results = [row.result for row in _rows(data) if row.at >= since]
    return results.count("sent"), results.count("failed")


def find_told_targets(
    record: Record, notify: Notify | None, page_id: str
) -> dict[str, tuple[ToldTarget, ...]]:
    """Who was told of each notice, by its stem: of those targets that customers may know of."""
    public = [target for target in notify.targets if target.name is not None] if notify else []
    times: dict[str, dict[str, list[Instant]]] = {}
    for (target_id, name), at in record.sent.items():
        times.setdefault(permanent.stem_of(page_id, name), {}).setdefault(target_id, []).append(at)
    return {
        stem: tuple(
            ToldTarget(target.name or {}, min(by_target[target.id]), max(by_target[target.id]))
            for target in public
            if target.id in by_target
        )
        for stem, by_target in times.items()
    }


def _rows(data: bytes) -> Iterator[Row]:
    """The rows that can be read. Each line is read by itself: a torn one opens no quotation around those after it."""
    for line in data.decode("utf-8", errors="replace").split("\n"):
        try:
            cells = next(csv.reader([line.rstrip("\r")]), [])
            if len(cells) >= len(HEADER.split(",")) and cells[2] in _RESULTS:
                yield Row(parse_instant(cells[0]), cells[1], cast("Result", cells[2]), cells[3], cells[4])
        except (ValueError, csv.Error):
            continue  # a time that is none, or a line too long for any of ours


def format_row(row: Row) -> str:
    """The row with its LF. A detail is printable ASCII on one line, and no formula to a spreadsheet."""
    line = StringIO()
    detail = "".join(letter if letter.isascii() and letter.isprintable() else " " for letter in row.detail)
    cells = [format_instant(row.at), row.target, row.result, row.id, detail.strip(" =+-@")[:DETAIL_LENGTH]]
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()
