"""The evidence as it is published: frozen statements, the register, and the gzipped day files of thirteen months."""

import os
import zlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

from constat.errors import EvidenceError, OutsideError
from constat.history import REGISTER, parse_day_path
from constat.imported.imported_files import FOLDER
from constat.interval import Instant, format_instant
from constat.statement import month_before
from constat.statement.table import format_table
from outside import bounds
from outside.disk import read_file, replace_file
from outside.evidence.folders import list_day_files
from outside.evidence.statements import Frozen, read_kept_tickets
from outside.evidence.store import read_register_lines
from outside.site.paths import build_evidence_path, build_statement_path

PUBLISHED_MONTHS = 13
"""The month in progress and the twelve before it."""

_LEAD = timedelta(days=2)
"""How many days before the first month are published too: a local month may begin in the last UTC day of the month
before, when the last samples of the day before that still count."""

_CACHE = ".site/evidence"
_LEVEL = 4
"""The level of compression: it packs a day file to a ninth; level 6 takes five times as long to save a twentieth more."""
_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""A gzip header without time and name, so that equal content gives equal bytes."""


def build_statement_files(frozen: tuple[Frozen, ...]) -> dict[str, bytes]:
    """Build the files of every frozen statement by path in the site, each with its table if it can be decoded."""
    files: dict[str, bytes] = {}
    for version in (version for month in frozen for version in month.versions):
        path = build_statement_path(version.month, version.number)
        files[path] = version.data
        with suppress(EvidenceError):  # the build reports a statement that cannot be decoded
            files[f"{path.removesuffix('json')}csv"] = format_table(version.statement)
    return files


def build_evidence_files(root: Path, frozen: tuple[Frozen, ...], *, tickets: bool) -> dict[str, bytes]:
    """Build the register and, if `tickets` are published, the ticket rows of every frozen month, by path in the site."""
    register = read_register_lines(root)
    files = {build_evidence_path(REGISTER): register} if register else {}
    for month in frozen if tickets else ():
        rows = read_kept_tickets(root, month.month)
        if rows is not None:
            files[build_evidence_path(f"statements/{month.month}.tickets.csv")] = rows
    return files


def build_imported_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Build the files that other tools measured, by path in the site; `files` are those of `history/imported/`, by name."""
    return {build_evidence_path(f"{FOLDER}/{name}"): data for name, data in files.items()}


def pack_days(root: Path, now: Instant) -> dict[str, Path]:
    """Pack the day files of thirteen months; return for each path in the site the packed file to copy there.

    Only day files that changed since the last build are packed again.

    Raises:
        OutsideError: a file could not be read or written.

    """
    history, cache = root / "history", root / _CACHE
    first = find_first_published_day(now)
    paths = [path for path in list_day_files(history) if parse_day_path(path) >= first]
    try:
        packed = {build_evidence_path(path): _pack_day_file(root, path) for path in paths}
        _remove_stale_files(cache, set(packed.values()))
    except OSError as error:
        raise OutsideError(f"the evidence could not be packed: {error}") from error
    return packed


def find_first_published_day(now: Instant) -> date:
    """Find the day of the oldest day file that a site holds."""
    month = format_instant(now)[:7]
    for _ in range(PUBLISHED_MONTHS - 1):
        month = month_before(month)
    return date.fromisoformat(f"{month}-01") - _LEAD


def _pack_day_file(root: Path, path: str) -> Path:
    """Pack a day file unless it is already packed; a packed file has the modification time of its source."""
    target, packed = root / _CACHE / f"{path}.gz", f"{_CACHE}/{path}.gz"
    changed_ns = (root / "history" / path).stat(follow_symlinks=False).st_mtime_ns
    if target.exists() and target.stat().st_mtime_ns == changed_ns:
        return target
    data = read_file(root, f"history/{path}", bounds.DAY_FILE) or b""
    trailer = zlib.crc32(data).to_bytes(4, "little") + (len(data) & 0xFFFFFFFF).to_bytes(4, "little")
    # In a fresh clone all times are new: the checksum and length at the end tell whether the content is, too.
    if (read_file(root, packed, bounds.SITE_FILE) or b"")[-len(trailer) :] != trailer:
        packer = zlib.compressobj(_LEVEL, wbits=-zlib.MAX_WBITS)
        replace_file(root, packed, _HEADER + packer.compress(data) + packer.flush() + trailer, lasting=False)
    os.utime(target, ns=(changed_ns, changed_ns))
    return target


def _remove_stale_files(cache: Path, current: set[Path]) -> None:
    for path in cache.rglob("*"):
        if path.is_file() and path not in current:
            path.unlink()
