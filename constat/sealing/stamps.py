"""What an external authority is asked to stamp: the newest seal, which covers all before it, and every statement."""

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final, NamedTuple

from constat.interval import Instant
from constat.model import Seal, Statement
from constat.sealing.holding import describe_seal

STAMPS: Final = "stamps"
"""The folder of the time stamps, below `history/`: each is named by the SHA-256 of what it stamps."""
_STAMP = re.compile(rf"{STAMPS}/([0-9a-f]{{64}})\.tsr")


class Stampable(NamedTuple):
    """Something that can be stamped: its name for people, when we say that it was made, and its bytes."""

    name: str
    made_at: Instant
    data: bytes

    @property
    def sha256(self) -> str:
        """Its SHA-256, which its time stamp is named by."""
        return sha256(self.data).hexdigest()

    @property
    def path(self) -> str:
        """The path of its time stamp, relative to `history/`."""
        return build_stamp_path(self.sha256)


def build_stamp_path(digest: str) -> str:
    """The path, relative to `history/`, of the time stamp of the bytes with a SHA-256."""
    return f"{STAMPS}/{digest}.tsr"


def find_stamped_hash(path: str) -> str | None:
    """The SHA-256 of what a time stamp stamps, by its path; `None` if the path is not that of a time stamp."""
    match = _STAMP.fullmatch(path)
    return match[1] if match else None


def list_stampable_seals(seals: Iterable[Seal], register: bytes) -> Iterator[Stampable]:
    """The line of each seal that is in the register."""
    lines = register.split(b"\n")
    for seal in seals:
        if 0 < seal.line <= len(lines):
            yield Stampable(describe_seal(seal), seal.at, lines[seal.line - 1])


def describe_statement(statement: Statement, path: str, data: bytes) -> Stampable:
    """A frozen statement as it is stamped."""
    return Stampable(path, statement.frozen_at, data)
