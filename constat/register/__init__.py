"""The register (DESIGN 4): what we promised and announced, when it was published, and what is new to record."""

from constat.register.descriptions import describe_line
from constat.register.effective import build_effective_register
from constat.register.line_reader import parse_register
from constat.register.pending import find_pending_lines
from constat.register.posted_texts import ANNOUNCEMENT, find_edits, list_places

__all__ = [
    "ANNOUNCEMENT",
    "build_effective_register",
    "describe_line",
    "find_edits",
    "find_pending_lines",
    "list_places",
    "parse_register",
]
