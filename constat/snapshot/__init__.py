"""The snapshot of one instant: what was known of it, formatted for people and programs."""

from constat.snapshot.formats import format_json, format_text
from constat.snapshot.imported_lines import RecordedRow, find_recorded_rows
from constat.snapshot.snapshot import Lines, Snapshot, SpokenSample, take_snapshot

__all__ = [
    "Lines",
    "RecordedRow",
    "Snapshot",
    "SpokenSample",
    "find_recorded_rows",
    "format_json",
    "format_text",
    "take_snapshot",
]
