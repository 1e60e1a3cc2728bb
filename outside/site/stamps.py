"""Time stamps of an external authority as a site publishes them, with the certificates that make the authority trusted."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from constat.api.json_bytes import encode_json
from constat.errors import EvidenceError, OutsideError
from constat.model import TimestampAuthority
from constat.register.values import read_text
from constat.sealing.stamps import STAMPS, find_stamped_hash
from constat.text.safe_json import load_json
from outside import bounds
from outside.disk import read_file
from outside.opening import list_files
from outside.site.paths import build_evidence_path
from outside.site.reader import Site

INDEX: Final = build_evidence_path(f"{STAMPS}/index.json")
ROOTS: Final = build_evidence_path(f"{STAMPS}/authority.pem")
MAX_INDEX_BYTES: Final = 4 << 20
MAX_ROOTS_BYTES: Final = 1 << 20
_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----")


class PublishedStamps(NamedTuple):
    """The SHA-256 of everything that a site publishes a time stamp of, and the certificates of their authority, in PEM."""

    hashes: frozenset[str] = frozenset()
    roots: bytes | None = None


def read_certificates(root: Path, path: str) -> bytes:
    """Read the certificates of a file in PEM, and nothing else in it, such as a key; empty if it has none."""
    try:
        data = read_file(root, path, MAX_ROOTS_BYTES) or b""
    except OutsideError:  # not a regular file: `validate` says so, and the page goes out without it
        return b""
    return b"".join(match[0] + b"\n" for match in _CERTIFICATE.finditer(data))


def build_stamp_files(root: Path, authority: TimestampAuthority | None) -> dict[str, bytes]:
    """Build the files of all time stamps by path in the site, their list, and the certificates; none without a stamp."""
    history = root / "history"
    contents = {path: read_file(history, path, bounds.STAMP) for path in list_files(history, STAMPS)}
    answers = {path: data for path, data in contents.items() if data and find_stamped_hash(path)}
    if not answers:
        return {}
    files = {build_evidence_path(path): data for path, data in answers.items()}
    roots = read_certificates(root, authority.ca) if authority else b""
    if roots:
        files[ROOTS] = roots
    return {**files, INDEX: _write_index(sorted(answers), authority)}


def _write_index(paths: Sequence[str], authority: TimestampAuthority | None) -> bytes:
    """Write the list of the time stamps: the address of their authority, and the SHA-256 of what each stamps."""
    hashes = [find_stamped_hash(path) for path in paths]
    return encode_json({"authority": authority.url if authority else None, "stamps": hashes})


def read_published_stamps(site: Site) -> PublishedStamps:
    """Read the list of the time stamps that a site publishes.

    Raises:
        EvidenceError: the list makes no sense.
        OutsideError: the site cannot be read.

    """
    data = site.read(INDEX, MAX_INDEX_BYTES)
    if data is None:
        return PublishedStamps()
    try:
        hashes = frozenset(map(read_text, load_json(data)["stamps"]))
    except (KeyError, TypeError, ValueError) as error:
        raise EvidenceError(f"{INDEX} cannot be read: {error}") from error
    return PublishedStamps(hashes, site.read(ROOTS, MAX_ROOTS_BYTES))
