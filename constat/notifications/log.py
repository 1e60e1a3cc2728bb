"""The notification log `history/notified.csv`: one row is appended after each attempt to notify, none is ever changed.

    at,target,result,id,detail
    2026-11-23T10:13:04Z,customers,since,,
    2026-11-23T10:13:06Z,customers,sent,"tag:maxony,2026:2026-11-23-smtp/2026-11-23T10:12:00Z",
    2026-11-23T10:13:09Z,team,failed,"tag:maxony,2026:2026-11-23-smtp/2026-11-23T10:12:00Z",refused

`since`: the time since which a target is notified. `included`: sent in the message of another event, which covers
several. `id` is the permanent name of the event. Readers accept the rows in any order, and skip those that they cannot
read.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Literal, NamedTuple, cast

from constat.interval import Instant, format_instant, parse_instant
from constat.model import Notify
from constat.page import NotifiedTarget
from constat.posts import permanent

PATH = "notified.csv"
HEADER = "at,target,result,id,detail"
DETAIL_LENGTH = 100

Result = Literal["since", "sent", "included", "failed"]
_RESULTS = ("since", "sent", "included", "failed")


class LogEntry(NamedTuple):
    """One row. `id` is empty for `since`; `detail` says in a few words why something failed."""

    at: Instant
    target: str
    result: Result
    id: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Failures:
    """The failures of sending an event to a target: their number, the first and the last."""

    count: int
    first: Instant
    last: Instant


class NotificationLog(NamedTuple):
    """The log: by target, since when it is notified; by (target, id), when the event was sent, and the failures to send it."""

    since: Mapping[str, Instant]
    sent: Mapping[tuple[str, str], Instant]
    failed: Mapping[tuple[str, str], Failures]


def parse_log(data: bytes) -> NotificationLog:
    """Read the file; the earliest `since` and the earliest `sent` count."""
    since: dict[str, Instant] = {}
    sent: dict[tuple[str, str], Instant] = {}
    failed: dict[tuple[str, str], Failures] = {}
    for entry in _parse_entries(data):
        key = (entry.target, entry.id)
        if entry.result == "since":
            since[entry.target] = min(entry.at, since.get(entry.target, entry.at))
        elif entry.result in ("sent", "included"):
            sent[key] = min(entry.at, sent.get(key, entry.at))
        else:
            before = failed.get(key, Failures(0, entry.at, entry.at))
            failed[key] = Failures(before.count + 1, min(before.first, entry.at), max(before.last, entry.at))
    return NotificationLog(since, sent, failed)


def count_results(data: bytes, since: Instant) -> tuple[int, int]:
    """Count the messages that were sent since an instant, and those that failed."""
    results = [entry.result for entry in _parse_entries(data) if entry.at >= since]
    return results.count("sent"), results.count("failed")


def find_notified_targets(
    log: NotificationLog, notify: Notify | None, page_id: str
) -> dict[str, tuple[NotifiedTarget, ...]]:
    """The targets that were notified of each notice, by its stem: only those that customers may know of."""
    public = [target for target in notify.targets if target.name is not None] if notify else []
    times: dict[str, dict[str, list[Instant]]] = {}
    for (target_id, name), at in log.sent.items():
        times.setdefault(permanent.stem_of(page_id, name), {}).setdefault(target_id, []).append(at)
    return {
        stem: tuple(
            NotifiedTarget(target.name or {}, min(by_target[target.id]), max(by_target[target.id]))
            for target in public
            if target.id in by_target
        )
        for stem, by_target in times.items()
    }


def _parse_entries(data: bytes) -> Iterator[LogEntry]:
    """The rows that can be read. Each line is read by itself: a broken one cannot open a quotation around those after it."""
    for line in data.decode("utf-8", errors="replace").split("\n"):
        try:
            cells = next(csv.reader([line.rstrip("\r")]), [])
            if len(cells) >= len(HEADER.split(",")) and cells[2] in _RESULTS:
                yield LogEntry(
                    parse_instant(cells[0]), cells[1], cast("Result", cells[2]), cells[3], cells[4]
                )
        except (ValueError, csv.Error):
            continue  # not a time, or a line too long to be one of ours


def format_entry(entry: LogEntry) -> str:
    """The row with its LF. A detail is printable ASCII on one line, and cannot be a spreadsheet's formula."""
    line = StringIO()
    detail = "".join(letter if letter.isascii() and letter.isprintable() else " " for letter in entry.detail)
    cells = [
        format_instant(entry.at),
        entry.target,
        entry.result,
        entry.id,
        detail.strip(" =+-@")[:DETAIL_LENGTH],
    ]
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()
