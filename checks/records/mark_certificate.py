"""The certificate that says whose logo it is: a mark certificate, as PEM beside the logo of BIMI.

It is read but not verified: the authorities that issue such certificates are not among those of an operating system.
"""

import base64
import re
from datetime import UTC, datetime
from typing import NamedTuple

from checks.records.der import INTEGER, SEQUENCE, read_element
from constat.interval import Instant

_VERSION, _UTC_TIME, _GENERALIZED_TIME = 0xA0, 0x17, 0x18
_DNS_NAME = b"\x82"
_FOR_MARKS = bytes.fromhex("06082b0601050507031f")
"""The object identifier 1.3.6.1.5.5.7.3.31, the purpose of brand indicators."""
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", re.DOTALL)
_FORMS = {_UTC_TIME: "%y%m%d%H%M%SZ", _GENERALIZED_TIME: "%Y%m%d%H%M%SZ"}


class MarkCertificate(NamedTuple):
    """A certificate: when it begins and ends, and its encoding."""

    begins: Instant
    ends: Instant
    encoding: bytes

    @property
    def is_for_marks(self) -> bool:
        """Whether its purpose is to vouch for logos."""
        return _FOR_MARKS in self.encoding

    def names(self, domain: str) -> bool:
        """Whether a domain is among its names (RFC 5280 4.2.1.6)."""
        name = domain.encode("ascii", "replace")
        return _DNS_NAME + bytes([len(name) & 0xFF]) + name in self.encoding


def parse_mark_certificate(pem: bytes) -> MarkCertificate:
    """Parse the first certificate of a file: that of the logo, before those of authorities.

    Raises:
        ValueError: there is none, or it cannot be read.

    """
    match = _PEM.search(pem)
    if match is None:
        raise ValueError("no certificate")
    encoding = base64.b64decode(match[1])
    certificate, _ = read_element(encoding, SEQUENCE)
    rest, _ = read_element(certificate, SEQUENCE)
    if rest[:1] == bytes([_VERSION]):
        _, rest = read_element(rest, _VERSION)
    for tag in (INTEGER, SEQUENCE, SEQUENCE):  # its serial number, the algorithm, the issuer
        _, rest = read_element(rest, tag)
    validity, _ = read_element(rest, SEQUENCE)
    begins, after = _read_time(validity)
    ends, _ = _read_time(after)
    return MarkCertificate(begins, ends, encoding)


def _read_time(data: bytes) -> tuple[Instant, bytes]:
    """Read a time (RFC 5280 4.1.2.5) and return what follows it."""
    text, rest = read_element(data, *_FORMS)
    moment = datetime.strptime(text.decode("ascii"), _FORMS[data[0]]).replace(tzinfo=UTC)
    return int(moment.timestamp()), rest
