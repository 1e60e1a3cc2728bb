"""A published site as a customer reads it: its statements and its evidence, from a URL or a folder.

The publisher is not trusted: only paths that we build ourselves are requested, sizes are limited before and after
unpacking, and nothing is executed.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from constat.errors import EvidenceError, OutsideError
from constat.history import REGISTER
from constat.model import Statement
from constat.statement import EvidenceFiles, compute_sha256
from outside import bounds
from outside.disk import read_file
from outside.evidence.statements import Frozen, StatementFile
from outside.site.paths import build_evidence_path, build_statement_path
from outside.web.access import Access

MAX_STATEMENT_BYTES = 4 << 20
"""The largest statement that is read from a site: a month of a thousand services takes half of that."""
MAX_EVIDENCE_BYTES = 16 << 20
"""The largest file of evidence, as it is published: packed, if it is a day file."""
MAX_DAY_BYTES = 32 << 20
"""The largest day file once it is unpacked: three hundred services, each checked every minute."""
MAX_MONTH_BYTES = 160 << 20
"""All evidence of a month once it is unpacked."""
MAX_FILES = 100
MAX_VERSIONS = 50
_GZIP = b"\x1f\x8b"
_PIECE_BYTES = 1 << 20
"""How much is unpacked at a time: a bomb is noticed before it takes much memory."""


class Site(Protocol):
    """A published site."""

    def read(self, path: str, bound: int) -> bytes | None:
        """Read the bytes of a file, `None` if it does not exist. `bound`: the most bytes that it may have.

        Raises:
            OutsideError: the file cannot be read, or is too large.

        """
        ...


class SiteFolder(NamedTuple):
    """A site in a folder on this machine."""

    folder: Path

    def read(self, path: str, bound: int) -> bytes | None:
        """Read the bytes of a file, `None` if it does not exist."""
        return read_file(self.folder, path, bound)


class Place(NamedTuple):
    """Where a site is: its URL or its folder, and how it is reached."""

    location: str
    access: Access = Access()


def open_site(place: Place) -> Site:
    """Open the site at a URL or in a folder.

    Raises:
        UsageError: it is not a URL that can be fetched.
        OutsideError: the folder does not exist.

    """
    if "://" in place.location:
        from outside.web.origin import Origin  # noqa: PLC0415 -- loads TLS, which a folder does not need

        return Origin(place.location, place.access)
    folder = Path(place.location)
    if not folder.is_dir():
        raise OutsideError(
            f"there is no folder {folder}", tip="give the URL of a status page, or the folder of its site"
        )
    return SiteFolder(folder)


def unpack(data: bytes, path: str, bound: int = MAX_DAY_BYTES) -> bytes:
    """Unpack a gzipped file of a site; data that is not gzipped is returned as it is: some servers unpack on the way.

    Raises:
        EvidenceError: the data cannot be unpacked, or is larger than `bound` once unpacked.

    """
    if not data.startswith(_GZIP):
        return data
    unpacker = zlib.decompressobj(wbits=31)
    pieces: list[bytes] = []
    left, packed = bound, data
    while not unpacker.eof:
        try:
            piece = unpacker.decompress(packed, _PIECE_BYTES)
        except zlib.error as error:
            raise EvidenceError(f"{path} cannot be unpacked: {error}") from error
        pieces.append(piece)
        left -= len(piece)
        if left < 0:
            raise EvidenceError(f"{path} is larger than {bound >> 20} MiB once it is unpacked")
        packed = unpacker.unconsumed_tail
        if not piece and not packed and not unpacker.eof:
            raise EvidenceError(f"{path} is cut short")
    return b"".join(pieces)


def read_published_month(site: Site, month: str) -> Frozen | None:
    """Read the published statement of a month and those that it supersedes; `None` if none is published.

    Raises:
        EvidenceError: a published file is not a valid statement.

    """
    data = _read_statement(site, month)
    if data is None:
        return None
    current = StatementFile(month, 0, data)
    return Frozen(current, tuple(_read_superseded(site, month, current.statement)))


def _read_statement(site: Site, month: str, number: int = 0) -> bytes | None:
    """Read the bytes of a statement, if it is published."""
    return site.read(build_statement_path(month, number), MAX_STATEMENT_BYTES)


def _read_superseded(site: Site, month: str, statement: Statement) -> Iterator[StatementFile]:
    if statement.supersedes is None:
        return
    last = int(statement.supersedes.path.split(".")[-2])
    for number in range(1, min(last, MAX_VERSIONS) + 1):
        data = _read_statement(site, month, number)
        if data is not None:
            yield StatementFile(month, number, data)


def read_evidence(site: Site, statement: Statement) -> EvidenceFiles:
    """Read the files that a statement names, as far as they are published.

    Raises:
        EvidenceError: the statement names too many files, or one cannot be unpacked.

    """
    if len(statement.evidence) > MAX_FILES:
        raise EvidenceError(f"the statement of {statement.month} names more than {MAX_FILES} files")
    files: dict[str, bytes] = {}
    left = MAX_MONTH_BYTES
    for path in dict.fromkeys(file.path for file in statement.evidence):
        data = read_evidence_file(site, path, min(left, MAX_DAY_BYTES))
        if data is not None:
            files[path] = data
            left -= len(data)
    return EvidenceFiles(files, complete=False)


def read_evidence_file(site: Site, path: str, bound: int = MAX_DAY_BYTES) -> bytes | None:
    """Read the content of a file of evidence, unpacked; `None` if it is not published.

    Raises:
        EvidenceError: it cannot be unpacked, or is larger than `bound` once unpacked.

    """
    published = build_evidence_path(path)
    data = site.read(published, MAX_EVIDENCE_BYTES)
    if data is None:
        return None
    content = unpack(data, published, bound)
    if len(content) > bound:
        raise EvidenceError(f"{published} is larger than {bound >> 20} MiB")
    return content


def compare_site(site: Site, frozen: Frozen, kept: EvidenceFiles) -> Iterator[str]:
    """Describe each file of a month that a site publishes with content other than that of the project's own records."""
    for version in frozen.versions:
        path = build_statement_path(version.month, version.number)
        data = site.read(path, MAX_STATEMENT_BYTES)
        if data is not None and data != version.data:
            yield f"{path} differs from the statement that was frozen"
    for kept_path, content in kept.files.items():
        path = build_evidence_path(kept_path)
        data = site.read(path, bounds.SITE_FILE)
        if data is None:
            continue
        published = unpack(data, path, bounds.DAY_FILE)
        if kept_path == REGISTER and not content.startswith(published):
            yield f"{path} is not the beginning of history/{REGISTER}"
        elif kept_path != REGISTER and compute_sha256(published) != compute_sha256(content):
            yield f"{path} differs from history/{kept_path}"
