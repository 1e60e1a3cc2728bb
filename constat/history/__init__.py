"""The evidence (DESIGN 4): day files read and written, and digests of them."""

from constat.history.cells import COLUMNS, HEADER
from constat.history.digest import CheckId, Digest, digest_day, find_earliest, join_digests, summarise_hours
from constat.history.digest_json import DigestSource, decode_digest, encode_digest
from constat.history.index import Index, IndexedDay, decode_index, encode_index
from constat.history.paths import (
    DAY_FILE,
    REGISTER,
    day_of_path,
    day_path,
    derived_path,
    is_settled,
    local_days_of,
    sources_of,
    utc_interval,
)
from constat.history.row_writer import format_row
from constat.history.rows import DayRows, Series, list_samples, parse_day

__all__ = [
    "COLUMNS",
    "DAY_FILE",
    "HEADER",
    "REGISTER",
    "CheckId",
    "DayRows",
    "Digest",
    "DigestSource",
    "Index",
    "IndexedDay",
    "Series",
    "day_of_path",
    "day_path",
    "decode_digest",
    "decode_index",
    "derived_path",
    "digest_day",
    "encode_digest",
    "encode_index",
    "find_earliest",
    "format_row",
    "is_settled",
    "join_digests",
    "list_samples",
    "local_days_of",
    "parse_day",
    "sources_of",
    "summarise_hours",
    "utc_interval",
]
