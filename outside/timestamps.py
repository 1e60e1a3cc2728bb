"""Time stamps of an external authority (RFC 3161), requested and read: its clock, not ours, says when something existed."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING, Final, NamedTuple

from constat.errors import EvidenceError, OutsideError, UsageError, visible
from constat.interval import Instant
from constat.version import explain_extra
from outside import bounds
from outside.web.connection import Body, Deadline, Sending, TooLargeError, ask, split_url

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse

DEADLINE_S: Final = 10.0
"""How long an authority may take for one answer, from the connection to the last byte."""
_QUERY = "application/timestamp-query"


class Stamp(NamedTuple):
    """What an authority says: when it saw something, and who it is."""

    at: Instant
    authority: str


def request_stamp(url: str, roots: bytes, data: bytes, deadline_s: float = DEADLINE_S) -> bytes:
    """Ask an authority for the time stamp of some bytes, of which it learns only their SHA-256; return its answer.

    `roots`: the certificates of the authorities to trust, in PEM.

    Raises:
        EvidenceError: the answer is not a time stamp of these bytes by a trusted authority.
        OutsideError: the authority does not answer.

    """
    with _require_library():
        from rfc3161_client import (  # noqa: PLC0415 -- an extra, needed only here
            HashAlgorithm,
            TimestampRequestBuilder,
        )
    builder = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256)
    query = builder.nonce(nonce=True).cert_request(cert_request=True).build()
    answer = _post(url, query.as_bytes(), deadline_s)
    _verify(answer, roots, data, query.nonce)
    return answer


def read_stamp(answer: bytes, roots: bytes, data: bytes) -> Stamp:
    """Read the time stamp of some bytes, as an authority once answered.

    Raises:
        EvidenceError: it is not a time stamp of these bytes by a trusted authority.

    """
    response = _verify(answer, roots, data)
    at = int(response.tst_info.gen_time.timestamp())
    try:
        return Stamp(at, _describe_authority(response, load_roots(roots)))
    except ValueError as error:
        raise EvidenceError(f"the certificates that came with it cannot be read: {error}") from error


def load_roots(pem: bytes) -> "list[Certificate]":
    """Load the certificates of a file.

    Raises:
        EvidenceError: it holds none.

    """
    with _require_library():
        from cryptography import x509  # noqa: PLC0415 -- an extra, needed only here
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise EvidenceError(f"no certificate in PEM can be read: {error}") from error


def describe_roots(pem: bytes) -> str:
    """Describe whom the certificates of a file were issued to, each with its SHA-256 fingerprint.

    Raises:
        EvidenceError: it holds none.

    """
    roots = load_roots(pem)
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 -- an extra, needed only here

    described = [
        f"{root.subject.rfc4514_string()}, SHA-256 {root.fingerprint(SHA256()).hex()}" for root in roots
    ]
    return visible("; ".join(described))


@contextmanager
def _require_library() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise UsageError(explain_extra("rfc3161_client")) from error


def _verify(answer: bytes, roots: bytes, data: bytes, nonce: int | None = None) -> "TimeStampResponse":
    with _require_library():
        from rfc3161_client import (  # noqa: PLC0415 -- an extra, needed only here
            VerificationError,
            VerifierBuilder,
            decode_timestamp_response,
        )
    try:
        response = decode_timestamp_response(answer)
        VerifierBuilder(roots=load_roots(roots), nonce=nonce).build().verify_message(response, data)
    except (ValueError, VerificationError) as error:
        raise EvidenceError(f"it is not a time stamp of this by a trusted authority: {error}") from error
    return response


def _describe_authority(response: "TimeStampResponse", roots: "list[Certificate]") -> str:
    """Name the signer: the subject of the first certificate in the answer that is not self-signed, else that of the root."""
    from cryptography import x509  # noqa: PLC0415 -- an extra, needed only here

    signed = [x509.load_der_x509_certificate(der) for der in response.signed_data.certificates]
    leaves = [certificate for certificate in signed if certificate.issuer != certificate.subject] or roots
    return visible(leaves[0].subject.rfc4514_string())


def _post(url: str, query: bytes, deadline_s: float) -> bytes:
    parts = split_url(url)
    try:
        with ask(parts, None, Deadline(deadline_s), bounds.STAMP, Sending(Body(query, _QUERY))) as answer:
            if answer.status != HTTPStatus.OK:
                raise OutsideError(f"{url} answers with status {answer.status}")
            return answer.read()
    except TooLargeError:
        raise OutsideError(f"{url} sends more than {bounds.STAMP} bytes") from None
    except TimeoutError:
        raise OutsideError(f"{url} does not answer within {deadline_s:.0f} s") from None
    except (OSError, HTTPException) as error:
        raise OutsideError(f"{url} cannot be reached: {error}") from error
