"""TLSA records (RFC 6698) as mail servers use them (RFC 7672): which are usable, and which certificate they match."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

AUTHORITY, SERVER = 2, 3
"""Usages that senders of mail take: DANE-TA and DANE-EE. They ignore 0 and 1 (RFC 7672 3.1.3)."""

_SEQUENCE, _VERSION = 0x30, 0xA0
_LONG_FORM = 0x80
_BEFORE_KEY = 5
"""Elements between the version and the key: serial number, algorithm, issuer, validity, subject (RFC 5280 4.1)."""

_DIGESTS: Mapping[int, Callable[[bytes], bytes]] = {
    0: lambda data: data,
    1: lambda data: hashlib.sha256(data).digest(),
    2: lambda data: hashlib.sha512(data).digest(),
}
_WHOLE, _KEY = 0, 1


class Tlsa(NamedTuple):
    """One record: usage, selector (whole certificate or its key), matching type, and the data to match."""

    usage: int
    selector: int
    matching: int
    data: bytes

    @property
    def is_usable(self) -> bool:
        """Whether a sender of mail makes any use of the record."""
        return (
            self.usage in (AUTHORITY, SERVER)
            and self.selector in (_WHOLE, _KEY)
            and self.matching in _DIGESTS
        )

    def matches(self, certificate: bytes) -> bool:
        """Whether the record matches a certificate, given as DER; one that cannot be parsed matches nothing."""
        try:
            selected = certificate if self.selector == _WHOLE else extract_key(certificate)
        except ValueError:
            return False
        return _DIGESTS[self.matching](selected) == self.data


def find_match(records: Sequence[Tlsa], chain: Sequence[bytes]) -> tuple[Tlsa, bytes] | None:
    """Find the first usable record that matches, with the certificate. The server's own comes first in the chain."""
    for record in records:
        candidates = chain[:1] if record.usage == SERVER else chain
        for certificate in candidates:
            if record.is_usable and record.matches(certificate):
                return record, certificate
    return None


def extract_key(certificate: bytes) -> bytes:
    """Extract the SubjectPublicKeyInfo of a certificate, both in DER.

    Raises:
        ValueError: it is not a certificate.

    """
    whole, _ = _split(certificate, _SEQUENCE)
    fields, _ = _split(_read_content(whole), _SEQUENCE)
    rest = _read_content(fields)
    if rest[:1] == bytes([_VERSION]):
        _, rest = _split(rest, _VERSION)
    for _ in range(_BEFORE_KEY):
        _, rest = _split(rest)
    key, _ = _split(rest, _SEQUENCE)
    return key


def _split(data: bytes, tag: int | None = None) -> tuple[bytes, bytes]:
    """Split data into its first element, header included, and the rest."""
    if len(data) < len(b"tl") or tag not in (None, data[0]):
        raise ValueError("another element")
    end = _measure_header(data) + _read_length(data)
    if end > len(data):
        raise ValueError("cut off")
    return data[:end], data[end:]


def _read_content(element: bytes) -> bytes:
    return element[_measure_header(element) :]


def _measure_header(data: bytes) -> int:
    return 2 + (data[1] & ~_LONG_FORM if data[1] & _LONG_FORM else 0)


def _read_length(data: bytes) -> int:
    return int.from_bytes(data[2 : _measure_header(data)], "big") if data[1] & _LONG_FORM else data[1]
