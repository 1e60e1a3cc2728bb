"""`/api/seals.json`: every seal with its hash, newest first, and the head; written, and read back from anywhere."""

from collections.abc import Mapping
from typing import Any, Final

from constat.errors import EvidenceError
from constat.interval import Instant, format_instant
from constat.model import DAY_FILE, Head, Seal, SealedPast
from constat.register.seals import read_seal, write_seal
from constat.register.values import read_text, read_whole
from constat.text.safe_json import load_json

SEALS_FILE: Final = "api/seals.json"
"""Its path in the site."""
MAX_SEALS_BYTES: Final = 16 << 20
"""The largest such file that is read: a century of seals."""


def build_document(past: SealedPast, now: Instant) -> dict[str, object]:
    """The content of the file."""
    return {
        "at": format_instant(now),
        "head": build_head(past.head),
        "seals": [build_seal(seal) for seal in reversed(past.seals)],
    }


def build_seal(seal: Seal) -> dict[str, object]:
    """A seal as it is published: the number of its line, its hash, and the line itself."""
    return {"line": seal.line, "hash": seal.line_sha256, **load_json(write_seal(seal).encode())}


def build_head(head: Head) -> dict[str, object]:
    """A head as it is published."""
    day = {"path": head.day_path, "bytes": head.day_bytes, "sha256": head.day_sha256}
    return {
        "register": {"lines": head.register_lines, "sha256": head.register_sha256},
        "day": day if head.day_path else None,
    }


def read_document(data: bytes, name: str) -> SealedPast:
    """Read the file from a site, which may be anybody's.

    Raises:
        EvidenceError: it cannot be read; the message calls it by `name`.

    """
    try:
        document = load_json(data)
        seals = [read_published_seal(fields) for fields in document["seals"]]
        return SealedPast(tuple(sorted(seals, key=lambda seal: seal.line)), read_head(document["head"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise EvidenceError(f"{name} cannot be read: {error}") from error


def read_published_seal(fields: Mapping[str, Any]) -> Seal:
    """Read a seal as it is published.

    Raises:
        KeyError, TypeError, ValueError: it is not a seal.

    """
    line = read_whole(fields["line"], at_least=1)
    return read_seal(fields)._replace(line=line, line_sha256=read_text(fields["hash"]))


def read_head(fields: Mapping[str, Any]) -> Head:
    """Read a head as it is published.

    Raises:
        KeyError, TypeError, ValueError: it is not a head.

    """
    register, day = fields["register"], fields["day"]
    head = Head(read_whole(register["lines"]), read_text(register["sha256"]))
    if day is None:
        return head
    path = read_text(day["path"])
    if not DAY_FILE.fullmatch(path):
        raise ValueError(f"{path!r} is not the path of a day file")
    return head._replace(
        day_path=path, day_bytes=read_whole(day["bytes"]), day_sha256=read_text(day["sha256"])
    )
