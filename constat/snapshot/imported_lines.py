"""What another tool recorded of an instant, as text and as plain values. It counts in no figure, and is labelled as another tool's."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from constat.imported import ImportedFile
from constat.interval import Instant, format_instant, local
from constat.model.imported import ImportedRow


class RecordedRow(NamedTuple):
    """A row that speaks of an instant, and the name of the tool that recorded it."""

    title: str
    row: ImportedRow


def find_recorded_rows(files: Iterable[ImportedFile], service: str, at: Instant) -> tuple[RecordedRow, ...]:
    """Find the rows of a service that speak of an instant, in the order of time."""
    return tuple(
        RecordedRow(file.title, row)
        for file in files
        for row in file.rows.get(service, ())
        if row.start <= at and (row.end is None or at < row.end)
    )


def format_recorded_json(recorded: RecordedRow) -> dict[str, Any]:
    """Format a row as plain values; times are in UTC."""
    row = recorded.row
    return {
        "recorded_by": recorded.title,
        "basis": row.basis,
        "from": format_instant(row.start),
        "until": None if row.end is None else format_instant(row.end),
        "outcome": row.outcome,
        "count": row.count,
        "interval_s": row.interval_s,
        "latency_ms": row.latency_ms,
        "reason": row.reason,
    }


def format_recorded_text(rows: Iterable[RecordedRow], zone: ZoneInfo) -> Iterator[str]:
    """Format rows as lines, each with the name of the tool."""
    for title, row in rows:
        yield f"{_format_state(title, row)} {_format_span(row, zone)}, from {_BASES[row.basis]}; in no figure"


_BASES = {"samples": "its samples", "changes": "its changes", "counts": "its counts of the day"}


def _format_state(title: str, row: ImportedRow) -> str:
    if row.basis == "counts":
        return f"{title} counted {row.reason}"
    why = f" ({row.reason})" if row.reason else ""
    return f"{title} recorded it as {row.outcome.value}{why}"


def _format_span(row: ImportedRow, zone: ZoneInfo) -> str:
    start = f"from {_format_time(row.start, zone)}"
    if row.end is None:
        return f"{start}; no end is recorded"
    return f"{start} until {_format_time(row.end, zone)}"


def _format_time(at: Instant, zone: ZoneInfo) -> str:
    return local(at, zone).strftime("%Y-%m-%d %H:%M:%S")
