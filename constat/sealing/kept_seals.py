"""What a witness keeps of a page: one JSON line each time, with the seals that were new, the head, and its own clock."""

from collections.abc import Iterable
from typing import NamedTuple

from constat.errors import EvidenceError
from constat.interval import DAY_S, HOUR_S, Instant, format_instant, parse_instant
from constat.model import CLOCK_TOLERANCE_S, Head, Seal, SealedPast, Withdrawn
from constat.sealing.holding import (
    Broken,
    ReadDay,
    find_broken_days,
    find_broken_heads,
    find_broken_registers,
    find_lost_seals,
)
from constat.sealing.seals_document import build_head, build_seal, read_head, read_published_seal
from constat.text.canonical import encode_canonical
from constat.text.safe_json import load_json_line

FRESH_S = 48 * HOUR_S
"""How old the newest seal of a page that is maintained may be."""


class Kept(NamedTuple):
    """One line of the store: when it was kept, by the witness's clock, the head then, and the seals that were new."""

    at: Instant
    head: Head
    seals: tuple[Seal, ...]


def read_store(data: bytes, name: str) -> tuple[Kept, ...]:
    """Read a store, oldest line first. A last line without its LF was never finished, and is left out.

    Raises:
        EvidenceError: a line cannot be read; the store is never rewritten, so somebody else changed it.

    """
    lines = data.split(b"\n")[:-1]
    return tuple(_read_line(line, f"{name}:{number}") for number, line in enumerate(lines, start=1) if line)


def _read_line(line: bytes, place: str) -> Kept:
    try:
        fields = load_json_line(line)
        seals = tuple(read_published_seal(seal) for seal in fields["seals"])
        return Kept(parse_instant(fields["kept"]), read_head(fields["head"]), seals)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise EvidenceError(f"{place} was not written by witness, or was changed: {error}") from error


def find_new_seals(kept: Iterable[Kept], shown: SealedPast) -> tuple[Seal, ...]:
    """The seals that are shown and were not kept yet."""
    known = {(seal.line, seal.line_sha256) for line in kept for seal in line.seals}
    return tuple(seal for seal in shown.seals if (seal.line, seal.line_sha256) not in known)


def write_line(
    at: Instant, url: str, shown: SealedPast, new_seals: Iterable[Seal], troubles: Iterable[str]
) -> str:
    """The line to append to the store, without its LF."""
    return encode_canonical(
        {
            "kept": format_instant(at),
            "url": url,
            "head": build_head(shown.head),
            "seals": [build_seal(seal) for seal in new_seals],
            "troubles": list(troubles),
        }
    )


def is_due(kept: Iterable[Kept], now: Instant) -> bool:
    """Whether nothing was kept yet on this UTC day."""
    return all(line.at // DAY_S != now // DAY_S for line in kept)


def find_broken(kept: Iterable[Kept], register: bytes) -> list[Broken]:
    """Find what was kept and the register contradicts."""
    lines = list(kept)
    seals = [seal for line in lines for seal in line.seals]
    return [
        *find_lost_seals(seals, register),
        *find_broken_registers(seals, register),
        *find_broken_heads(_name_heads(lines), register, lambda _: None),
    ]


def find_broken_evidence(
    kept: Iterable[Kept], register: bytes, withdrawn: Iterable[Withdrawn], read: ReadDay
) -> list[Broken]:
    """Find what was kept and the register or its day files contradict."""
    lines = list(kept)
    seals = [seal for line in lines for seal in line.seals]
    heads = find_broken_heads(_name_heads(lines), register, read)
    return [
        *find_lost_seals(seals, register),
        *find_broken_registers(seals, register),
        *heads,
        *find_broken_days(seals, withdrawn, read),
    ]


def _name_heads(lines: Iterable[Kept]) -> list[tuple[str, Head]]:
    return [(f"the head kept on {format_instant(line.at)}", line.head) for line in lines]


def find_staleness(shown: SealedPast, now: Instant) -> str:
    """Say why the newest seal is too old; empty if it is not."""
    times = [seal.at for seal in shown.seals if seal.at <= now + CLOCK_TOLERANCE_S]
    if times and max(times) > now - FRESH_S:
        return ""
    newest = f"the newest is of {format_instant(max(times))}" if times else "there is none"
    return f"no seal is newer than {FRESH_S // HOUR_S} h: {newest}"
