"""One instant: what we knew of it, and how it is told."""

from constat.snapshot.formats import format_json, format_text
from constat.snapshot.snapshot import Lines, Snapshot, SpokenSample, take_snapshot

__all__ = ["Lines", "Snapshot", "SpokenSample", "format_json", "format_text", "take_snapshot"]
