"""Whether a past holds: seals checked against the register and the day files that they cover.

A seal that somebody kept holds if its line is still in its place; through the hash of the register that it names,
it covers all lines before it. A day file holds if its first bytes are still those that were sealed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from constat.history.sealed_bytes import hash_prefixes
from constat.interval import format_instant
from constat.model import Head, Register, Seal, Withdrawn
from constat.register import hash_line

ReadDay = Callable[[str], Iterable[bytes] | None]
"""Reads a day file, in chunks; `None` where the file is not available although it may exist."""


class Broken(NamedTuple):
    """Something that does not hold: the file, and why."""

    path: str
    why: str

    def __str__(self) -> str:
        return f"{self.path}: {self.why}"


def describe_seal(seal: Seal) -> str:
    """A seal in words: when it was made, the number of its line, and the first half of its hash."""
    return (
        f"the seal of {format_instant(seal.at)} (line {seal.line} of the register, {seal.line_sha256[:32]})"
    )


def find_lost_seals(kept: Iterable[Seal], register: bytes) -> Iterator[Broken]:
    """The kept seals whose lines are no longer in their place in the register."""
    lines = register.split(b"\n")
    for seal in kept:
        line = lines[seal.line - 1] if seal.line <= len(lines) else b""
        if hash_line(line) != seal.line_sha256:
            yield Broken(seal.path, f"{describe_seal(seal)} is gone: the register no longer has it there")


def find_broken_prefixes(prefixes: Iterable[tuple[str, int, str]], register: bytes) -> Iterator[Broken]:
    """Find the first lines of the register that were changed: each prefix has its name in messages, its lines, and their SHA-256."""
    ordered = sorted(prefixes, key=lambda prefix: prefix[1])
    ends = _find_ends(register, [count for _, count, _ in ordered])
    hashes = hash_prefixes([register], ends.values())
    for who, count, digest in ordered:
        end = ends.get(count)
        if end is None:
            yield Broken("register.jsonl", f"it has fewer than the {count} lines that {who} speaks of")
        elif (hashes.get(end) or sha256().hexdigest()) != digest:
            yield Broken("register.jsonl", f"its first {count} lines are not those that {who} speaks of")


def _find_ends(register: bytes, counts: Sequence[int]) -> dict[int, int]:
    """Find where the first lines of the register end, for each of the counts that it has enough whole lines for."""
    ends, end, lines = {0: 0}, 0, 0
    wanted = set(counts)
    while (end := register.find(b"\n", end) + 1) > 0:
        lines += 1
        if lines in wanted:
            ends[lines] = end
    return ends


def find_broken_registers(seals: Iterable[Seal], register: bytes) -> Iterator[Broken]:
    """The seals that cover other first lines of the register than it has now."""
    prefixes = ((describe_seal(seal), seal.register_lines, seal.register_sha256) for seal in seals)
    return find_broken_prefixes(prefixes, register)


def find_broken_days(
    seals: Iterable[Seal], withdrawn: Iterable[Withdrawn], read: ReadDay
) -> Iterator[Broken]:
    """The seals whose day files were changed. Where a withdrawal explains it, the withdrawal must hold instead."""
    by_path = _group_by_path(seals)
    last_withdrawn = {line.path: line for line in withdrawn}
    for path, sealed in sorted(by_path.items()):
        withdrawal = last_withdrawn.get(path)
        binding = [seal for seal in sealed if withdrawal is None or seal.line > withdrawal.line]
        promised = [(describe_seal(seal), seal.bytes, seal.sha256) for seal in binding]
        if withdrawal is not None:
            name = f"line {withdrawal.line} of the register, a withdrawal,"
            promised.append((name, withdrawal.bytes, withdrawal.sha256))
        chunks = read(path)
        if chunks is not None:
            hashes = hash_prefixes(chunks, [count for _, count, _ in promised])
            yield from _compare(path, promised, hashes)


def _compare(
    path: str, promised: Iterable[tuple[str, int, str]], hashes: Mapping[int, str]
) -> Iterator[Broken]:
    for who, count, digest in promised:
        if count not in hashes:
            yield Broken(path, f"it has fewer than the {count} bytes that {who} speaks of")
        elif hashes[count] != digest:
            yield Broken(path, f"its first {count} bytes are not those that {who} speaks of")


def _group_by_path(seals: Iterable[Seal]) -> dict[str, list[Seal]]:
    by_path: dict[str, list[Seal]] = {}
    for seal in seals:
        by_path.setdefault(seal.path, []).append(seal)
    return by_path


def find_broken_heads(heads: Iterable[tuple[str, Head]], register: bytes, read: ReadDay) -> Iterator[Broken]:
    """The heads that no longer hold; each has the words that name it."""
    kept = list(heads)
    yield from find_broken_prefixes(
        ((who, head.register_lines, head.register_sha256) for who, head in kept), register
    )
    days: dict[str, list[tuple[str, int, str]]] = {}
    for who, head in kept:
        if head.day_path:
            days.setdefault(head.day_path, []).append((who, head.day_bytes, head.day_sha256))
    for path, promised in sorted(days.items()):
        chunks = read(path)
        if chunks is not None:
            yield from _compare(path, promised, hash_prefixes(chunks, [count for _, count, _ in promised]))


def list_withdrawals(register: Register) -> Iterator[str]:
    """Every withdrawal in words: the file, why, the seals that it broke, and the months whose figures stand."""
    for line in register.withdrawn:
        seals = [seal for seal in register.seals if seal.path == line.path and seal.line < line.line]
        broke = f"; it breaks {', '.join(map(describe_seal, seals))}" if seals else ""
        month = line.path[-14:-7]
        yield (
            f"{line.path}: something was withdrawn from it on {format_instant(line.at)} ({line.why}){broke}. "
            f"The frozen figures of {month}, and of the month after where the day ends it, stand"
        )
