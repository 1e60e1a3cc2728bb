"""The register: what was promised and announced, when that was published, and the lines that are pending."""

from constat.register.descriptions import describe_line
from constat.register.effective import build_effective_register
from constat.register.line_reader import parse_register
from constat.register.pending import find_pending_lines
from constat.register.posted_texts import ANNOUNCEMENT, find_edits, list_places
from constat.register.seals import hash_line, write_seal

__all__ = [
    "ANNOUNCEMENT",
    "build_effective_register",
    "describe_line",
    "find_edits",
    "find_pending_lines",
    "hash_line",
    "list_places",
    "parse_register",
    "write_seal",
]
