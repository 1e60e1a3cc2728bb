"""What another tool measured, as it is kept in `history/imported/` (rule 20): files read and written, and spans of time."""

from constat.imported.counts import DayCounts, format_counts, parse_counts
from constat.imported.imported_document import decode_title, encode_document
from constat.imported.imported_files import ImportedFile, read_tree
from constat.imported.imported_rows import HEADER, decode_rows, encode_rows
from constat.imported.spans import RecordedSpans, find_spans

__all__ = [
    "HEADER",
    "DayCounts",
    "ImportedFile",
    "RecordedSpans",
    "decode_rows",
    "decode_title",
    "encode_document",
    "encode_rows",
    "find_spans",
    "format_counts",
    "parse_counts",
    "read_tree",
]
