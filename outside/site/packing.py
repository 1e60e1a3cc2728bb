"""The evidence as it is published: frozen statements, the register, day files of thirteen months, packed."""

import os
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

from constat.errors import EvidenceError, OutsideError
from constat.history import day_of_path
from constat.interval import Instant, format_instant
from constat.register import REGISTER
from constat.statement import month_before
from constat.statement.table import format_table
from outside.disk import replace_file
from outside.evidence.folders import list_day_files
from outside.evidence.statements import Frozen, read_kept_tickets
from outside.evidence.store import read_register_lines
from outside.site.reader import evidence_place, statement_place

MONTHS = 13
"""The month in progress and the twelve before it, with the days that speak into the first."""

_SPEAKS_INTO = timedelta(days=2)
_CACHE = ".site/evidence"
_LEVEL = 4
"""A day file packs to a ninth at once; level 6 takes five times as long for a twentieth less."""
_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""A gzip header without a time or a name: equal content has equal bytes."""


def build_statement_files(frozen: tuple[Frozen, ...]) -> dict[str, bytes]:
    """Every frozen statement by its path in the site, with its table; one that cannot be read has none."""
    files: dict[str, bytes] = {}
    for version in (version for month in frozen for version in month.versions):
        place = statement_place(version.month, version.number)
        files[place] = version.data
        with suppress(EvidenceError):  # the build says which one cannot be read
            files[f"{place.removesuffix('json')}csv"] = format_table(version.statement)
    return files


def build_evidence_files(root: Path, frozen: tuple[Frozen, ...], *, tickets: bool) -> dict[str, bytes]:
    """The register, and where `tickets` are published, the rows of every frozen month, by path in the site."""
    register = read_register_lines(root)
    files = {evidence_place(REGISTER): register} if register else {}
    for month in frozen if tickets else ():
        rows = read_kept_tickets(root, month.month)
        if rows is not None:
            files[evidence_place(f"statements/{month.month}.tickets.csv")] = rows
    return files


def pack_days(root: Path, now: Instant) -> dict[str, Path]:
    """The day files of thirteen months, packed: for each path in the site, the file to be copied there.

    Only what changed since the last build is packed again.

    Raises:
        OutsideError: the disk did not do it.

    """
    history, cache = root / "history", root / _CACHE
    first = _first_day(now)
    paths = [path for path in list_day_files(history) if day_of_path(path) >= first]
    try:
        packed = {evidence_place(path): _packed(history / path, cache / f"{path}.gz") for path in paths}
        _clear(cache, set(packed.values()))
    except OSError as error:
        raise OutsideError(f"the evidence could not be packed: {error}") from error
    return packed


def _first_day(now: Instant) -> date:
    month = format_instant(now)[:7]
    for _ in range(MONTHS - 1):
        month = month_before(month)
    return date.fromisoformat(f"{month}-01") - _SPEAKS_INTO


def _packed(source: Path, target: Path) -> Path:
    """A packed file that has the content, and carries the time, of its source."""
    changed = source.stat().st_mtime_ns
    if target.exists() and target.stat().st_mtime_ns == changed:
        return target
    data = source.read_bytes()
    trailer = zlib.crc32(data).to_bytes(4, "little") + (len(data) & 0xFFFFFFFF).to_bytes(4, "little")
    if (
        not target.exists() or target.read_bytes()[-8:] != trailer
    ):  # a fresh clone has new times and old content
        packer = zlib.compressobj(_LEVEL, wbits=-zlib.MAX_WBITS)
        replace_file(target, _HEADER + packer.compress(data) + packer.flush() + trailer, lasting=False)
    os.utime(target, ns=(changed, changed))
    return target


def _clear(cache: Path, wanted: set[Path]) -> None:
    for path in _files(cache):
        if path not in wanted:
            path.unlink()


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())
