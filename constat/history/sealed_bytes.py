"""What a seal says of a day file: its bytes up to the last LF, its rows and its SHA-256, computed as the bytes are read."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import NamedTuple

from constat.history.cells import COLUMNS

_COLUMNS = {name.encode() for name in COLUMNS}
_MARK = b"interval_s"
"""A column's name: only a line that holds it can be a header."""


class SealedBytes(NamedTuple):
    """The first bytes of a day file, up to an LF. `rows`: their lines less headers. `sha256`: in hexadecimal."""

    bytes: int
    rows: int
    sha256: str


def measure_bytes(chunks: Iterable[bytes]) -> SealedBytes:
    """Measure a day file up to its last LF: what follows it is still being written."""
    digest, size, rows = sha256(), 0, 0
    for block in _cut_at_lines(chunks):
        digest.update(block)
        size += len(block)
        rows += block.count(b"\n") - _count_headers(block)
    return SealedBytes(size, rows, digest.hexdigest())


def hash_prefixes(chunks: Iterable[bytes], counts: Iterable[int]) -> dict[int, str]:
    """The SHA-256 of the first bytes of a file, for each of the counts that the file is long enough for; it is read once."""
    wanted, digests = sorted(set(counts)), dict[int, str]()
    digest, size, turn = sha256(), 0, 0
    for chunk in chunks:
        view = memoryview(chunk)
        while turn < len(wanted) and wanted[turn] <= size + len(view):
            cut = wanted[turn] - size
            digest.update(view[:cut])
            view, size, turn = view[cut:], size + cut, turn + 1
            digests[size] = digest.hexdigest()
        if turn == len(wanted):
            break
        digest.update(view)
        size += len(view)
    return digests


def _cut_at_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in blocks that end with an LF, without a last line that has none."""
    rest = b""
    for chunk in chunks:
        end = chunk.rfind(b"\n") + 1
        if end:
            yield rest + chunk[:end] if rest else chunk[:end]
            rest = chunk[end:]
        else:
            rest += chunk


def _count_headers(block: bytes) -> int:
    """Count the headers: they may be repeated, and name the columns in any order and further ones."""
    if b"_" not in block or _MARK not in block:  # a single byte is found ten times as fast
        return 0
    lines = (line for line in block.split(b"\n") if _MARK in line)
    return sum(set(line.rstrip(b"\r").split(b",")) >= _COLUMNS for line in lines)
