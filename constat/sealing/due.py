"""Sealing: which day files are due for a seal, and the seals themselves."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

from constat.history import build_day_path, parse_day_path, utc_interval
from constat.history.sealed_bytes import SealedBytes
from constat.interval import HOUR_S, UTC_ZONE, Instant, local_date
from constat.model import Register, Seal, Withdrawn

SEAL_AFTER_S = HOUR_S
"""How long after the end of its UTC day a day file is sealed: late rows have arrived by then."""


def list_due_paths(sizes: Mapping[str, int], register: Register, now: Instant) -> Iterator[str]:
    """The day files, oldest first, that may be sealed and have grown since their last seal or withdrawal.

    `sizes`: the size of each day file in bytes, by its path relative to `history/`.
    """
    known = find_known_bytes(register)
    newest = build_day_path(local_date(now - SEAL_AFTER_S, UTC_ZONE))
    for path, size in sorted(sizes.items()):
        is_over = path < newest and utc_interval(parse_day_path(path)).end + SEAL_AFTER_S <= now
        if is_over and size > known.get(path, 0):
            yield path


def find_known_bytes(register: Register) -> dict[str, int]:
    """How many bytes of each day file its newest seal, or a later withdrawal, covers."""
    lines: list[Seal | Withdrawn] = [*register.seals, *register.withdrawn]
    return {line.path: line.bytes for line in sorted(lines, key=lambda line: line.line)}


def build_seals(
    measured: Iterable[tuple[str, SealedBytes]], register: Register, lines: bytes, now: Instant
) -> Iterator[Seal]:
    """A seal for each measured day file that has grown; `lines` are the whole lines of the register before them."""
    known = find_known_bytes(register)
    count, digest = lines.count(b"\n"), sha256(lines).hexdigest()
    for path, file in measured:
        if file.bytes > known.get(path, 0):
            yield Seal(now, path, file.bytes, file.rows, file.sha256, count, digest, recorded_at=now)
