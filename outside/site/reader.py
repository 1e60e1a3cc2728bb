"""A published site as a customer reads it: its statements and its evidence, from an address or a folder.

Whoever publishes it may be anyone: only paths of our own making are asked for, sizes are limited before and after
unpacking, nothing is executed.
"""

import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from constat.errors import EvidenceError, OutsideError
from constat.history import DAY_FILE
from constat.model import Statement
from constat.register import REGISTER
from constat.statement import Found, sha256
from outside.evidence.statements import Frozen, StatementFile

MOST_PACKED = 16 << 20
"""No file of a site that is asked for is larger."""
MOST_UNPACKED = 128 << 20
MOST_FILES = 100
MOST_VERSIONS = 50
SECONDS_PER_FILE = 120
_GZIP = b"\x1f\x8b"


class Site(Protocol):
    """A published site: gives a file by its path, `None` where there is none."""

    def read(self, path: str) -> bytes | None:
        """The bytes of a file.

        Raises:
            OutsideError: it cannot be had, or is too large.

        """
        ...


class SiteFolder(NamedTuple):
    """A site in a folder."""

    folder: Path

    def read(self, path: str) -> bytes | None:
        """The bytes of a file."""
        file = self.folder / path
        try:
            if not file.is_file():
                return None
            if file.stat().st_size > MOST_PACKED:
                raise OutsideError(f"{file} is larger than {MOST_PACKED >> 20} MiB")
            return file.read_bytes()
        except OSError as error:
            raise OutsideError(f"{file} cannot be read: {error.strerror}") from error


class SiteAddress(NamedTuple):
    """A site on the web."""

    address: str

    def read(self, path: str) -> bytes | None:
        """The bytes of a file."""
        import requests  # noqa: PLC0415 -- only who verifies from the web pays for it
        from urllib3.exceptions import HTTPError  # noqa: PLC0415

        where = f"{self.address.rstrip('/')}/{path}"
        deadline = time.monotonic() + SECONDS_PER_FILE
        try:
            with requests.get(
                where, stream=True, timeout=(10, 30), headers={"Accept-Encoding": "identity"}
            ) as answer:
                if answer.status_code in (404, 410):
                    return None
                if answer.status_code != 200:  # noqa: PLR2004
                    raise OutsideError(f"{where} answers {answer.status_code}")
                return b"".join(_limited(answer.raw.stream(1 << 16, decode_content=False), where, deadline))
        except (requests.RequestException, HTTPError, OSError) as error:
            raise OutsideError(f"{where} cannot be had: {error}") from error


def _limited(chunks: Iterator[bytes], where: str, deadline: float) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > MOST_PACKED:
            raise OutsideError(f"{where} is larger than {MOST_PACKED >> 20} MiB")
        if time.monotonic() > deadline:
            raise OutsideError(f"{where} takes longer than {SECONDS_PER_FILE} s")
        yield chunk


def open_site(place: str) -> Site:
    """The site at an address, or in a folder.

    Raises:
        OutsideError: there is no such folder.

    """
    if place.startswith(("https://", "http://")):
        return SiteAddress(place)
    folder = Path(place)
    if not folder.is_dir():
        raise OutsideError(
            f"there is no folder {place}", tip="give the address of a status page, or its folder"
        )
    return SiteFolder(folder)


def unpack(data: bytes, where: str) -> bytes:
    """What was packed; what was not (some servers unpack on the way) as it is.

    Raises:
        EvidenceError: it cannot be unpacked, or is too large then.

    """
    if not data.startswith(_GZIP):
        return data
    unpacker = zlib.decompressobj(wbits=31)
    try:
        content = unpacker.decompress(data, MOST_UNPACKED)
    except zlib.error as error:
        raise EvidenceError(f"{where} cannot be unpacked: {error}") from error
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise EvidenceError(f"{where} is larger than {MOST_UNPACKED >> 20} MiB, or cut short")
    return content


def statement_place(month: str, number: int = 0) -> str:
    """Where a statement is published; a superseded one with its number."""
    return f"api/sla/{month}.{number}.json" if number else f"api/sla/{month}.json"


def evidence_place(path: str) -> str:
    """Where a file that a statement rests on is published."""
    if DAY_FILE.fullmatch(path):
        return f"evidence/{path}.gz"
    if path.startswith("statements/"):
        month = path.removeprefix("statements/").removesuffix(".tickets.csv")
        return f"evidence/tickets-{month}.csv"
    return f"evidence/{path}"


def read_month(site: Site, month: str) -> Frozen | None:
    """A month as it is published, with the statements that it superseded; `None` where it is not.

    Raises:
        EvidenceError: what is published is no statement.

    """
    data = site.read(statement_place(month))
    if data is None:
        return None
    current = StatementFile(month, 0, data)
    return Frozen(current, tuple(_superseded(site, month, current.statement)))


def _superseded(site: Site, month: str, statement: Statement) -> Iterator[StatementFile]:
    if statement.supersedes is None:
        return
    last = int(statement.supersedes.path.split(".")[-2])
    for number in range(1, min(last, MOST_VERSIONS) + 1):
        data = site.read(statement_place(month, number))
        if data is not None:
            yield StatementFile(month, number, data)


def read_evidence(site: Site, statement: Statement) -> Found:
    """The files that a statement names, as far as they are published."""
    if len(statement.evidence) > MOST_FILES:
        raise EvidenceError(f"the statement of {statement.month} names more than {MOST_FILES} files")
    found = {}
    for file in statement.evidence:
        where = evidence_place(file.path)
        data = site.read(where)
        if data is not None:
            found[file.path] = unpack(data, where)
    return Found(found, complete=False)


def compare_site(site: Site, frozen: Frozen, found: Found) -> Iterator[str]:
    """What a site publishes of a month otherwise than it was frozen."""
    for version in frozen.versions:
        where = statement_place(version.month, version.number)
        data = site.read(where)
        if data is not None and data != version.data:
            yield f"{where} is not the statement that was frozen"
    for path, held in found.files.items():
        where = evidence_place(path)
        data = site.read(where)
        if data is None:
            continue
        published = unpack(data, where)
        if path == REGISTER and not held.startswith(published):
            yield f"{where} is not the register, or not its beginning"
        elif path != REGISTER and sha256(published) != sha256(held):
            yield f"{where} is not the file that is here"
