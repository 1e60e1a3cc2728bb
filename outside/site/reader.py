"""A published site as a customer reads it: its statements and its evidence, from a URL or a folder.

The publisher is not trusted: only paths that we build ourselves are requested, sizes are limited before and after
unpacking, and nothing is executed.
"""

import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from constat.errors import EvidenceError, OutsideError
from constat.history import DAY_FILE, REGISTER
from constat.model import Statement
from constat.statement import EvidenceFiles, compute_sha256
from outside.evidence.statements import Frozen, StatementFile

MAX_PACKED_BYTES = 16 << 20
"""The largest file that is read from a site."""
MAX_UNPACKED_BYTES = 128 << 20
MAX_FILES = 100
MAX_VERSIONS = 50
MAX_SECONDS_PER_FILE = 120
_GZIP = b"\x1f\x8b"


class Site(Protocol):
    """A published site."""

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, `None` if it does not exist.

        Raises:
            OutsideError: the file cannot be read, or is too large.

        """
        ...


class SiteFolder(NamedTuple):
    """A site in a folder of this machine."""

    folder: Path

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, `None` if it does not exist."""
        file = self.folder / path
        try:
            if not file.is_file():
                return None
            if file.stat().st_size > MAX_PACKED_BYTES:
                raise OutsideError(f"{file} is larger than {MAX_PACKED_BYTES >> 20} MiB")
            return file.read_bytes()
        except OSError as error:
            raise OutsideError(f"{file} cannot be read: {error.strerror}") from error


class SiteUrl(NamedTuple):
    """A site on the web."""

    url: str

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, `None` if it does not exist."""
        import requests  # noqa: PLC0415 -- heavy, and only needed to read from the web
        from urllib3.exceptions import HTTPError  # noqa: PLC0415

        url = f"{self.url.rstrip('/')}/{path}"
        deadline = time.monotonic() + MAX_SECONDS_PER_FILE
        try:
            with requests.get(
                url, stream=True, timeout=(10, 30), headers={"Accept-Encoding": "identity"}
            ) as response:
                if response.status_code in (404, 410):
                    return None
                if response.status_code != 200:  # noqa: PLR2004
                    raise OutsideError(f"{url} answers {response.status_code}")
                chunks = response.raw.stream(1 << 16, decode_content=False)
                return b"".join(_enforce_limits(chunks, url, deadline))
        except (requests.RequestException, HTTPError, OSError) as error:
            raise OutsideError(f"{url} cannot be fetched: {error}") from error


def _enforce_limits(chunks: Iterator[bytes], url: str, deadline: float) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > MAX_PACKED_BYTES:
            raise OutsideError(f"{url} is larger than {MAX_PACKED_BYTES >> 20} MiB")
        if time.monotonic() > deadline:
            raise OutsideError(f"{url} takes longer than {MAX_SECONDS_PER_FILE} s")
        yield chunk


def open_site(location: str) -> Site:
    """The site at a URL or in a folder.

    Raises:
        OutsideError: the folder does not exist.

    """
    if location.startswith(("https://", "http://")):
        return SiteUrl(location)
    folder = Path(location)
    if not folder.is_dir():
        raise OutsideError(
            f"there is no folder {location}", tip="give the URL of a status page, or the folder of its site"
        )
    return SiteFolder(folder)


def unpack(data: bytes, path: str) -> bytes:
    """Unpack a gzipped file of a site; data that is not gzipped is returned as it is: some servers unpack on the way.

    Raises:
        EvidenceError: the data cannot be unpacked, or is too large once unpacked.

    """
    if not data.startswith(_GZIP):
        return data
    unpacker = zlib.decompressobj(wbits=31)
    try:
        content = unpacker.decompress(data, MAX_UNPACKED_BYTES)
    except zlib.error as error:
        raise EvidenceError(f"{path} cannot be unpacked: {error}") from error
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise EvidenceError(f"{path} is larger than {MAX_UNPACKED_BYTES >> 20} MiB, or cut short")
    return content


def build_statement_path(month: str, number: int = 0) -> str:
    """The path of a statement in the site; a superseded statement has a number from 1."""
    return f"api/sla/{month}.{number}.json" if number else f"api/sla/{month}.json"


def build_evidence_path(path: str) -> str:
    """The path in the site of a file that a statement rests on, given its path in `history/`."""
    if DAY_FILE.fullmatch(path):
        return f"evidence/{path}.gz"
    if path.startswith("statements/"):
        month = path.removeprefix("statements/").removesuffix(".tickets.csv")
        return f"evidence/tickets-{month}.csv"
    return f"evidence/{path}"


def read_published_month(site: Site, month: str) -> Frozen | None:
    """The published statement of a month and those that it supersedes; `None` if none is published.

    Raises:
        EvidenceError: a published file is not a valid statement.

    """
    data = site.read(build_statement_path(month))
    if data is None:
        return None
    current = StatementFile(month, 0, data)
    return Frozen(current, tuple(_read_superseded(site, month, current.statement)))


def _read_superseded(site: Site, month: str, statement: Statement) -> Iterator[StatementFile]:
    if statement.supersedes is None:
        return
    last = int(statement.supersedes.path.split(".")[-2])
    for number in range(1, min(last, MAX_VERSIONS) + 1):
        data = site.read(build_statement_path(month, number))
        if data is not None:
            yield StatementFile(month, number, data)


def read_evidence(site: Site, statement: Statement) -> EvidenceFiles:
    """The files that a statement names, as far as they are published.

    Raises:
        EvidenceError: the statement names too many files, or one cannot be unpacked.

    """
    if len(statement.evidence) > MAX_FILES:
        raise EvidenceError(f"the statement of {statement.month} names more than {MAX_FILES} files")
    files = {}
    for file in statement.evidence:
        path = build_evidence_path(file.path)
        data = site.read(path)
        if data is not None:
            files[file.path] = unpack(data, path)
    return EvidenceFiles(files, complete=False)


def compare_site(site: Site, frozen: Frozen, kept: EvidenceFiles) -> Iterator[str]:
    """Describe each file of a month that a site publishes with other content than the project's own records have."""
    for version in frozen.versions:
        path = build_statement_path(version.month, version.number)
        data = site.read(path)
        if data is not None and data != version.data:
            yield f"{path} differs from the statement that was frozen"
    for kept_path, content in kept.files.items():
        path = build_evidence_path(kept_path)
        data = site.read(path)
        if data is None:
            continue
        published = unpack(data, path)
        if kept_path == REGISTER and not content.startswith(published):
            yield f"{path} is not the beginning of history/{REGISTER}"
        elif kept_path != REGISTER and compute_sha256(published) != compute_sha256(content):
            yield f"{path} differs from history/{kept_path}"
