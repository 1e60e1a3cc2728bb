"""Where the day files of archived years can be kept, and which kind of archive reads an address. How they are read: `outside/archives/`."""

import re

from constat.model import address_marks
from constat.model.stores import STORE_MARKS

ARCHIVE_MARKS: address_marks.Marks = {
    "git": re.compile(r"git:(?P<url>[^-#\s][^#\s]*)#(?P<branch>[A-Za-z0-9][A-Za-z0-9._/-]*)"),
    "dir": re.compile(r"dir:(?P<path>.+)"),
    "rsync": STORE_MARKS["rsync"],
    "s3": STORE_MARKS["s3"],
    "web": re.compile(r"(?P<url>https?://[^\s#?]+)"),
}
"""Name of a kind of archive -> the shape of the addresses that it reads."""


def find_archive(address: str) -> str | None:
    """The name of the kind of archive that reads an address, if one does."""
    return address_marks.find_name(ARCHIVE_MARKS, address)


def find_archive_part(address: str, part: str) -> str:
    """A part of an address: `url`, `branch`, `path`; empty where it has none."""
    return address_marks.find_part(ARCHIVE_MARKS, address, part)
