"""Seals and withdrawals: written in one spelling, read back, and refused where they make no sense."""

from hashlib import sha256

import pytest

from constat.interval import Instant
from constat.model import Seal, Withdrawn
from constat.register import hash_line, parse_register, write_seal
from tests.support.availability_cases import parse_time

NOW = parse_time("2026-12-01 00:00")
SEAL = (
    '{"at":"2026-11-29T01:03:00Z","kind":"seal","path":"2026/11/2026-11-28.csv","bytes":412345,"rows":6486,'
    '"sha256":"49599460ddfd1eed8335a5851a9f38c26bee07e8c4b9a960c9527add888ae505","register":{"lines":41,'
    '"sha256":"6fd36bde886e4710a4ca80f1e231d3b25ec58304d99427a45fd80ed4fbf858e6"}}'
)
WITHDRAWN = (
    '{"at":"2026-11-29T08:00:00Z","kind":"withdrawn","path":"2026/11/2026-11-28.csv","bytes":412000,'
    '"sha256":"49599460ddfd1eed8335a5851a9f38c26bee07e8c4b9a960c9527add888ae505","why":"a password leaked"}'
)


def test_seal_is_written_back_unchanged() -> None:
    register = parse_register(f"{SEAL}\n{WITHDRAWN}\n", "register.jsonl", NOW)
    (seal,), (withdrawn,) = register.seals, register.withdrawn
    assert (seal.bytes, seal.rows, seal.register_lines) == (412345, 6486, 41)
    assert (withdrawn.bytes, withdrawn.why, withdrawn.line) == (412000, "a password leaked", 2)
    assert write_seal(seal) == SEAL


def test_the_hash_of_a_seal_is_that_of_its_line_without_lf() -> None:
    (seal,) = parse_register(f"\n{SEAL}\n", "register.jsonl", NOW).seals
    assert seal.line_sha256 == sha256(SEAL.encode()).hexdigest() == hash_line(SEAL) == hash_line(f"{SEAL}\n")
    assert seal.line == 2


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (SEAL.replace("2026/11/2026-11-28.csv", "../2026-11-28.csv"), "is not the path of a day file"),
        (SEAL.replace("2026/11/2026-11-28.csv", "register.jsonl"), "is not the path of a day file"),
        (SEAL.replace("2026/11/2026-11-28.csv", "2026/11/2026-11-31.csv"), "day is out of range"),
        (SEAL.replace("2026/11/2026-11-28.csv", "2026/12/2026-11-28.csv"), "is in another month's folder"),
        (SEAL.replace("412345", "-1"), "-1 is not a whole number"),
        (SEAL.replace("6486", "true"), "True is not a whole number"),
        (SEAL.replace("49599460", "4959946G"), "is not a SHA-256"),
        (SEAL.replace("6fd36bde", ""), "is not a SHA-256"),
        (SEAL.replace('{"lines":41,', "{"), "lacks 'lines'"),
        (SEAL.replace('"register":', '"head":'), "lacks 'register'"),
        (WITHDRAWN.replace('"why"', '"reason"'), "lacks 'why'"),
        (WITHDRAWN.replace('"a password leaked"', "7"), "7 is not text"),
    ],
)
def test_invalid_seal_is_skipped_and_named(line: str, why: str) -> None:
    register = parse_register(line, "register.jsonl", NOW)
    assert not register.seals
    assert not register.withdrawn
    assert why in register.skipped[0].why


def test_unwritten_seal_has_no_line() -> None:
    made: Instant = parse_time("2026-11-29 01:03")
    seal = Seal(made, "2026/11/2026-11-28.csv", 1, 1, "0" * 64, 0, "0" * 64)
    assert (seal.line, seal.line_sha256) == (0, "")
    assert Withdrawn(made, seal.path, 1, "0" * 64, "why").line == 0
