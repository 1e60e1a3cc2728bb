"""The evidence: day files read and written, and digests of them."""

from constat.history.cells import COLUMNS, HEADER
from constat.history.digest import CheckId, Digest, digest_day, find_earliest, summarise_hours
from constat.history.digest_json import DigestSource, decode_digest, encode_digest
from constat.history.index import Index, IndexedDay, decode_index, encode_index
from constat.history.joining import join_digests
from constat.history.on_time import SEALED_WITHIN_S, OnTimePart, Punctuality, SourceMark, judge_punctuality
from constat.history.paths import (
    REGISTER,
    build_day_path,
    build_derived_path,
    find_own_year,
    is_settled,
    list_local_days,
    list_source_paths,
    parse_day_path,
    utc_interval,
)
from constat.history.row_writer import format_row, format_rows
from constat.history.rows import DayRows, Series, list_samples, parse_day
from constat.model import DAY_FILE

__all__ = [
    "COLUMNS",
    "DAY_FILE",
    "HEADER",
    "REGISTER",
    "SEALED_WITHIN_S",
    "CheckId",
    "DayRows",
    "Digest",
    "DigestSource",
    "Index",
    "IndexedDay",
    "OnTimePart",
    "Punctuality",
    "Series",
    "SourceMark",
    "build_day_path",
    "build_derived_path",
    "decode_digest",
    "decode_index",
    "digest_day",
    "encode_digest",
    "encode_index",
    "find_earliest",
    "find_own_year",
    "format_row",
    "format_rows",
    "is_settled",
    "join_digests",
    "judge_punctuality",
    "list_local_days",
    "list_samples",
    "list_source_paths",
    "parse_day",
    "parse_day_path",
    "summarise_hours",
    "utc_interval",
]
