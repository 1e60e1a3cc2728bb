"""What upstream services say of themselves: the formats that are read, how answers are recorded, and which is the latest."""

from constat.upstream.feed_reading import read_feed
from constat.upstream.latest import LatestWord, find_latest
from constat.upstream.said_rows import HEADER, build_said_path, find_said, format_said
from constat.upstream.summary_reading import read_summary

__all__ = [
    "HEADER",
    "LatestWord",
    "build_said_path",
    "find_latest",
    "find_said",
    "format_said",
    "read_feed",
    "read_summary",
]
