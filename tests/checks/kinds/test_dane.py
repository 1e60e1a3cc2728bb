"""`dane` against a zone that ldns has signed, nsd serves and unbound validates, and real mail servers."""

import hashlib
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from checks.contract import CheckKind
from checks.kinds import dane
from checks.records.tlsa import extract_key
from demo.dns_server import DnsServer
from tests.support.certificates import Certificates
from tests.support.probe_context import format_result, look
from tests.support.scripted_server import SILENCE, ScriptedServer
from tests.support.signed_zone import SignedZone, serve_signed
from tests.support.smtp_server import SmtpServer
from tests.support.tcp_speakers import hold_closed_port

KIND: CheckKind[dane.Options] = dane


def _certificate_of(port: int) -> bytes:
    """The certificate that a mail server shows, as DER."""
    import smtplib  # noqa: PLC0415 -- only here

    with smtplib.SMTP("127.0.0.1", port, timeout=5) as client:
        client.starttls(context=ssl._create_unverified_context())  # noqa: S323
        assert isinstance(client.sock, ssl.SSLSocket)
        return client.sock.getpeercert(binary_form=True) or b""


def _zone(own: bytes, authority: bytes) -> str:
    key, whole = hashlib.sha256(extract_key(own)).hexdigest(), hashlib.sha512(own).hexdigest()
    above = hashlib.sha256(authority).hexdigest()
    hosts = {
        "key": f"3 1 1 {key}",
        "whole": f"3 0 2 {whole}",
        "above": f"2 0 1 {above}",
        "other": f"3 1 1 {'0' * 64}",
        "pkix": f"1 1 1 {key}",
    }
    lines = [
        f"mail.{name} A 127.0.0.1\n{name} MX 10 mail.{name}\n_25._tcp.mail.{name} TLSA {data}"
        for name, data in hosts.items()
    ]
    lines += ["half MX 10 mail.key\nhalf MX 20 mail.plain\nmail.plain A 127.0.0.1", "plain MX 10 mail.plain"]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def relay(certificates: Certificates) -> Iterator[SmtpServer]:
    with SmtpServer(starttls=certificates.good) as running:
        yield running


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def _with_authority(authority: trustme.CA, name: str, folder: Path) -> ssl.SSLContext:
    """A server's context that shows the authority's certificate too, as RFC 7672 asks (3.1.2)."""
    issued = authority.issue_cert(name)
    file = folder / f"{name}.pem"
    file.write_bytes(issued.private_key_and_cert_chain_pem.bytes() + authority.cert_pem.bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@pytest.fixture(scope="module")
def zone(
    relay: SmtpServer, authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SignedZone]:
    above = ssl.PEM_cert_to_DER_cert(authority.cert_pem.bytes().decode())
    records = _zone(_certificate_of(relay.port), above)
    with serve_signed(records, tmp_path_factory.mktemp("zone")) as running:
        yield running


CASES = [
    ("key.test", "up"),
    ("whole.test", "up"),
    ("half.test", "degraded record no TLSA for 'mail.plain.test'"),
    ("above.test", "down record TLSA of 'mail.above.test' matches no certificate"),
    ("other.test", "down record TLSA of 'mail.other.test' matches no certificate"),
    ("pkix.test", "down record TLSA of 'mail.pkix.test' is of a kind that no sender takes"),
    ("plain.test", "down record no TLSA"),
]


def describe_look(zone: SignedZone, domain: str, port: int, **options: Any) -> str:
    return format_result(look(dane, domain=domain, port=port, resolvers=(zone.validating,), **options))


@pytest.mark.parametrize(("domain", "expected"), CASES)
def test_each_record_has_its_outcome(zone: SignedZone, relay: SmtpServer, domain: str, expected: str) -> None:
    assert describe_look(zone, domain, relay.port) == expected


OF_AUTHORITY = [
    ("mail.above.test", "up"),
    ("above.test", "up"),
    ("other.example", "down tls TLSA 'mail.above.test': certificate for another name"),
]


@pytest.mark.parametrize(("name", "expected"), OF_AUTHORITY)
def test_certificate_below_an_authority_must_name_the_host_or_the_domain(
    zone: SignedZone, authority: trustme.CA, tmp_path: Path, name: str, expected: str
) -> None:
    with SmtpServer(starttls=_with_authority(authority, name, tmp_path)) as server:
        assert describe_look(zone, "above.test", server.port) == expected


def test_non_validating_resolver_is_unknown(relay: SmtpServer, zone: SignedZone) -> None:
    result = look(dane, domain="key.test", port=relay.port, resolvers=(zone.careless,))
    assert format_result(result) == "unknown unanswered the resolver does not validate DNSSEC"


def test_signatures_without_ds_record_do_not_count(relay: SmtpServer, zone: SignedZone) -> None:
    result = look(dane, domain="key.test", port=relay.port, resolvers=(zone.insecure,))
    assert format_result(result) == NO_DELEGATION


NO_DELEGATION = "down record DNSSEC has no DS for test."
UNSIGNED = [("plain.example", "down record DNSSEC does not sign plain.example")]


@pytest.mark.parametrize(("domain", "expected"), UNSIGNED)
def test_unsigned_records_do_not_count(relay: SmtpServer, domain: str, expected: str) -> None:
    text = f"{domain}. MX 10 mail.{domain}.\n_25._tcp.mail.{domain}. TLSA 3 1 1 {'0' * 64}"
    with DnsServer(text) as names:
        assert (
            format_result(look(dane, domain=domain, port=relay.port, resolvers=(names.address,))) == expected
        )


NO_ENCRYPTION = "down tls TLSA 'mail.key.test': EHLO without STARTTLS"


def test_a_server_that_does_not_encrypt_is_down(zone: SignedZone) -> None:
    with SmtpServer() as server:
        told = describe_look(zone, "key.test", server.port)
    assert told == NO_ENCRYPTION


def test_silent_server_leaves_its_certificate_unknown(zone: SignedZone) -> None:
    with hold_closed_port() as port:
        assert (
            describe_look(zone, "key.test", port)
            == "unknown unanswered no mail server shows a certificate (refused)"
        )
    with ScriptedServer(b"220 here\r\n", SILENCE) as server:
        told = format_result(
            look(dane, within=1, domain="key.test", port=server.port, resolvers=(zone.validating,))
        )
        assert told == "unknown unanswered no mail server shows a certificate (timeout)"
