"""The certificates of the demo's servers, made anew: `python -m tests.support.demo_certificates`.

They are kept as files so that the demo needs no library that makes certificates (17 MB). The server's key is no secret,
so its certificate is good for this machine only: the authority may sign nothing else (RFC 5280, 4.2.1.10), and its own
key is thrown away.
"""

import datetime as dt
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from demo.certificates import AUTHORITY, SERVER

_FROM = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_UNTIL = dt.datetime(2126, 1, 1, tzinfo=dt.UTC)
_NAMES = (x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
_PERMITTED = (x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_network("127.0.0.0/8")))


def write_certificates() -> None:
    """Write the authority's certificate, and the server's key with its certificate."""
    signer, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _build("Constat demo authority", "Constat demo authority", signer, signer, is_authority=True)
    server = _build("Constat demo", "Constat demo authority", key, signer, is_authority=False)
    AUTHORITY.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    SERVER.write_bytes(pem + server.public_bytes(serialization.Encoding.PEM))


def _build(
    name: str,
    issuer: str,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    *,
    is_authority: bool,
) -> x509.Certificate:
    builder = x509.CertificateBuilder(
        _build_name(issuer), _build_name(name), key.public_key(), x509.random_serial_number()
    )
    builder = builder.not_valid_before(_FROM).not_valid_after(_UNTIL)
    own, issuers = x509.SubjectKeyIdentifier, x509.AuthorityKeyIdentifier
    builder = builder.add_extension(own.from_public_key(key.public_key()), critical=False)
    builder = builder.add_extension(issuers.from_issuer_public_key(signer.public_key()), critical=False)
    extensions = _AUTHORITY_ONLY if is_authority else _SERVER_ONLY
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(signer, hashes.SHA256())


def _build_name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _build_usage(*, sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=sign,
        crl_sign=sign,
        encipher_only=False,
        decipher_only=False,
    )


_AUTHORITY_ONLY: tuple[tuple[x509.ExtensionType, bool], ...] = (
    (x509.BasicConstraints(ca=True, path_length=0), True),
    (_build_usage(sign=True), True),
    (x509.NameConstraints(_PERMITTED, None), True),
)
_SERVER_ONLY: tuple[tuple[x509.ExtensionType, bool], ...] = (
    (x509.BasicConstraints(ca=False, path_length=None), True),
    (_build_usage(sign=False), True),
    (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
    (x509.SubjectAlternativeName(_NAMES), False),
)

if __name__ == "__main__":
    write_certificates()
