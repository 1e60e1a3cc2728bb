"""Day files, read and parsed: each once, and kept while neighbouring days need it."""

import hashlib
from pathlib import Path

from constat.errors import OutsideError
from constat.history import DayRows, DigestSource, Punctuality, parse_day
from constat.interval import Instant
from outside import bounds
from outside.disk import read_file

_MAX_PARSED = 4
"""Parsed day files to keep in memory: neighbouring local days share them."""


class DayFileReader:
    """Reads the day files under one `history/`; their sizes and hashes are kept for the files derived from them."""

    def __init__(self, folder: Path, now: Instant, punctuality: Punctuality) -> None:
        self._folder = folder
        self._now = now
        self._punctuality = punctuality
        self._sources: dict[str, DigestSource] = {}
        self._parsed: dict[str, DayRows] = {}

    def get_source(self, path: str) -> DigestSource:
        """Get the size and the hash of a day file, and how much of it came in time.

        Raises:
            OutsideError: it cannot be read.

        """
        if path not in self._sources:
            self._read(path)
        return self._sources[path]

    def parse(self, path: str) -> DayRows:
        """Read and parse the rows of a day file.

        Raises:
            OutsideError: it cannot be read.

        """
        if path not in self._parsed:
            while len(self._parsed) >= _MAX_PARSED:
                del self._parsed[next(iter(self._parsed))]
            part = self._punctuality.find_part(path)
            self._parsed[path] = parse_day(self._read(path), path, self._now, part)
        return self._parsed[path]

    def release(self) -> None:
        """Drop the parsed rows, which can be read again."""
        self._parsed.clear()

    def _read(self, path: str) -> bytes:
        data = read_file(self._folder.parent, f"{self._folder.name}/{path}", bounds.DAY_FILE)
        if data is None:
            raise OutsideError(f"{self._folder / path} could not be read: it is gone")
        size, *part = self._punctuality.mark(path, len(data))
        self._sources[path] = DigestSource(size, hashlib.sha256(data).hexdigest(), *part)
        return data
