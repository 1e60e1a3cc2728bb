"""Seals: register lines that bind the first bytes of a day file and the first lines of the register."""

import re
from typing import NamedTuple

from constat.interval import MINUTE_S, Instant

DAY_FILE = re.compile(r"\d{4}/\d{2}/\d{4}-\d{2}-\d{2}\.csv")
"""The paths of day files, relative to `history/`."""

CLOCK_TOLERANCE_S = 5 * MINUTE_S
"""How much later than the seal that follows it a line of the register may claim to be."""


class Seal(NamedTuple):
    """A register line of kind `seal`: the first `bytes` of a day file, and the first lines of the register, as they were.

    `at` is as written, so that the line can be written again; `recorded_at` is when it was recorded, its effective time.
    `rows`: the lines of these bytes less headers. `line` and `line_sha256`: its own number in the file (0 if it is in
    none yet) and the SHA-256 of that line, which is the seal's hash.
    """

    at: Instant
    path: str
    bytes: int
    rows: int
    sha256: str
    register_lines: int
    register_sha256: str
    line: int = 0
    line_sha256: str = ""
    recorded_at: Instant = 0


class Withdrawn(NamedTuple):
    """A register line of kind `withdrawn`: a day file from which something had to be removed, as it is afterwards.

    `bytes` and `sha256` are those of the file without it. `line`: its number in the file, 0 if it is in none yet.
    """

    at: Instant
    path: str
    bytes: int
    sha256: str
    why: str
    line: int = 0


class Head(NamedTuple):
    """The end of the evidence at one build: the whole lines of the register, and the running day's file up to its last LF.

    `day_path` is empty where that file does not exist yet.
    """

    register_lines: int
    register_sha256: str
    day_path: str = ""
    day_bytes: int = 0
    day_sha256: str = ""


class SealedPast(NamedTuple):
    """What a site shows of its past: every seal, in the order of the register, and the head."""

    seals: tuple[Seal, ...]
    head: Head

    @property
    def newest(self) -> Seal | None:
        """The newest seal."""
        return self.seals[-1] if self.seals else None
