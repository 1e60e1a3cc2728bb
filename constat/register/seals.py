"""Seals and withdrawals, the lines of a register about its day files: how they are read, a seal written, and a line hashed."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from constat.interval import format_instant, parse_instant
from constat.model import DAY_FILE, Seal, Withdrawn
from constat.register.values import read_hash, read_text, read_whole
from constat.text.canonical import encode_canonical


def hash_line(line: str | bytes) -> str:
    """The SHA-256 of a line without its LF: of a seal, its hash."""
    data = line.encode() if isinstance(line, str) else line
    return sha256(data.removesuffix(b"\n")).hexdigest()


def write_seal(seal: Seal) -> str:
    """The register's line for a seal, without its LF."""
    return encode_canonical(
        {
            "at": format_instant(seal.at),
            "kind": "seal",
            "path": seal.path,
            "bytes": seal.bytes,
            "rows": seal.rows,
            "sha256": seal.sha256,
            "register": {"lines": seal.register_lines, "sha256": seal.register_sha256},
        }
    )


def read_seal(fields: Mapping[str, Any]) -> Seal:
    """Read a seal from its JSON. Its effective time is its own until the lines before it are known.

    Raises:
        ValueError, TypeError, KeyError: it is not a seal.

    """
    at, prefix = parse_instant(fields["at"]), fields["register"]
    return Seal(
        at,
        _read_path(fields["path"]),
        read_whole(fields["bytes"]),
        read_whole(fields["rows"]),
        read_hash(fields["sha256"]),
        read_whole(prefix["lines"]),
        read_hash(prefix["sha256"]),
        recorded_at=at,
    )


def read_withdrawn(fields: Mapping[str, Any]) -> Withdrawn:
    """Read a withdrawal from its JSON.

    Raises:
        ValueError, TypeError, KeyError: it is not a withdrawal.

    """
    return Withdrawn(
        parse_instant(fields["at"]),
        _read_path(fields["path"]),
        read_whole(fields["bytes"]),
        read_hash(fields["sha256"]),
        read_text(fields["why"]),
    )


def _read_path(value: object) -> str:
    """The path of the file of a day that exists, in the folder of its month."""
    path = read_text(value)
    if not DAY_FILE.fullmatch(path):
        raise ValueError(f"{path!r} is not the path of a day file")
    day = date.fromisoformat(path[8:18])
    if not path.startswith(f"{day:%Y/%m}/"):
        raise ValueError(f"{path!r} is in another month's folder")
    return path
