"""Certificates of a test authority: good, expired, for another name, self-signed; and the authority that a client trusts."""

import datetime as dt
import ssl
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAME = "relay.example"
"""The name in the certificates; probes ask for it with `server_name`."""
_DAY = dt.timedelta(days=1)


class Certificates:
    """An authority and the certificates that it signed, as files of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._authority = trustme.CA()
        self.ca = str(folder / "ca.pem")
        self._authority.cert_pem.write_to_path(self.ca)

    @cached_property
    def good(self) -> ssl.SSLContext:
        """For `NAME` and 127.0.0.1, valid for the next 90 days and a bit."""
        return self.valid_for(90.5)

    @cached_property
    def expired(self) -> ssl.SSLContext:
        """Expired yesterday."""
        return self.valid_for(-1)

    @cached_property
    def wrong_name(self) -> ssl.SSLContext:
        """Valid, but for another name."""
        return self._server(self._authority.issue_cert("other.example"))

    @cached_property
    def named_in_subject(self) -> ssl.SSLContext:
        """Valid, with `NAME` as the subject's common name and no other names."""
        return self._below(self._signer(), x509.BasicConstraints(ca=False, path_length=None), "subject.pem")

    @cached_property
    def unknown_authority(self) -> ssl.SSLContext:
        """Signed by an authority that no client trusts."""
        return self._server(trustme.CA().issue_cert(NAME))

    @cached_property
    def self_signed(self) -> ssl.SSLContext:
        """Signed with its own key."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
        now = dt.datetime.now(dt.UTC)
        builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(now - _DAY).not_valid_after(now + _DAY)
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        certificate = builder.sign(key, hashes.SHA256())
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path = self._folder / "self-signed.pem"
        path.write_bytes(pem + certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    @cached_property
    def old_version(self) -> ssl.SSLContext:
        """Valid, but with TLS 1.2 at most."""
        context = self.valid_for(90.5)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        return context

    def valid_for(self, days: float) -> ssl.SSLContext:
        """For `NAME`, issued a while ago, valid for this many days from now."""
        now = dt.datetime.now(dt.UTC)
        issued = self._authority.issue_cert(
            NAME, "127.0.0.1", not_before=now - 400 * _DAY, not_after=now + days * _DAY
        )
        return self._server(issued)

    def below_authority(self, days: float) -> ssl.SSLContext:
        """For `NAME`, valid for 90 days, but issued by an authority whose certificate ends in so many days."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Intermediate")])
        limits = x509.BasicConstraints(ca=True, path_length=0)
        above = self._signer().sign(name, key, dt.datetime.now(dt.UTC) + days * _DAY, limits)
        names = x509.SubjectAlternativeName([x509.DNSName(NAME)])
        return self._below(_Signer(name, key), names, "below.pem", above)

    def _signer(self) -> "_Signer":
        issuer = x509.load_pem_x509_certificate(self._authority.cert_pem.bytes())
        key = serialization.load_pem_private_key(self._authority.private_key_pem.bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return _Signer(issuer.subject, key)

    def _below(
        self, signer: "_Signer", extension: x509.ExtensionType, file: str, *above: x509.Certificate
    ) -> ssl.SSLContext:
        """A certificate of `NAME` with one extension, and those of the authorities above it."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
        leaf = signer.sign(subject, key, dt.datetime.now(dt.UTC) + 90.5 * _DAY, extension)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path = self._folder / file
        path.write_bytes(
            pem + b"".join(each.public_bytes(serialization.Encoding.PEM) for each in (leaf, *above))
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def files(self) -> tuple[str, str]:
        """A good certificate with its chain and its key, as paths."""
        issued = self._authority.issue_cert(NAME, "127.0.0.1")
        chain, key = self._folder / "server.pem", self._folder / "server.key"
        chain.write_bytes(b"".join(part.bytes() for part in issued.cert_chain_pems))
        issued.private_key_pem.write_to_path(str(key))
        return str(chain), str(key)

    @staticmethod
    def _server(issued: trustme.LeafCert) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issued.configure_cert(context)
        return context


class _Signer(NamedTuple):
    """An authority that signs."""

    name: x509.Name
    key: ec.EllipticCurvePrivateKey

    def sign(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        ends: dt.datetime,
        extension: x509.ExtensionType,
    ) -> x509.Certificate:
        """A certificate that began long ago, with one extension."""
        number = x509.random_serial_number()
        builder = x509.CertificateBuilder(self.name, subject, key.public_key(), number)
        builder = builder.not_valid_before(ends - 400 * _DAY).not_valid_after(ends)
        return builder.add_extension(extension, critical=False).sign(self.key, hashes.SHA256())
