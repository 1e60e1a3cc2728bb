"""`mtasts` against a real name server, a real HTTPS server for the policy, and a real mail server."""

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from checks.contract import CheckKind
from checks.kinds import mtasts
from checks.records.mta_sts import PolicyError, parse_policy
from demo.dns_server import DnsServer
from tests.support.certificates import Certificates
from tests.support.probe_context import format_result, look
from tests.support.scripted_server import HEAR, SILENCE, Act, ScriptedServer, Trickle
from tests.support.smtp_server import SmtpServer

KIND: CheckKind[mtasts.Options] = mtasts

NAMES = 'relay.example. A 127.0.0.1\nmta-sts.maxony.example. A 127.0.0.1\nmta-sts.relay.example. A 127.0.0.1\nmaxony.example. MX 10 relay.example.\nrelay.example. MX 10 relay.example.\n_mta-sts.relay.example. TXT "v=STSv1\\; id=20261124\\;"\n_mta-sts.relay.example. TXT "something else"\n_mta-sts.maxony.example. TXT "v=STSv1\\; id=20261124\\;"\n_mta-sts.twice.example. TXT "v=STSv1\\; id=1\\;"\n_mta-sts.twice.example. TXT "v=STSv1\\; id=2\\;"\n_mta-sts.late.example. TXT " v=STSv1\\; id=1\\;"\n_mta-sts.noid.example. TXT "v=STSv1\\;"\n_mta-sts.wrong.example. TXT "v=STSv1\\; id=2026-11-24"\n_mta-sts.nohost.example. TXT "v=STSv1\\; id=1"'
ENFORCE = "version: STSv1\r\nmode: enforce\r\nmx: relay.example\r\nmax_age: 604800\r\n"


def answer(policy: str, *, status: str = "200 OK", kind: str = "text/plain; charset=utf-8") -> bytes:
    body = policy.encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Place:
    """A name server and a mail server, and the certificate of the host of the policy."""

    def __init__(self, names: DnsServer, relay: SmtpServer, secure: Act, ca: str) -> None:
        self.names, self.relay, self.secure, self.ca = names, relay, secure, ca

    def seen(self, *acts: Act, domain: str = "relay.example", within: float = 5, **options: Any) -> str:
        with ScriptedServer(*acts) as server:
            given: dict[str, Any] = {
                "port": self.relay.port,
                "policy_port": server.port,
                "ca": self.ca,
                **options,
            }
            return format_result(
                look(mtasts, within=within, domain=domain, resolvers=(self.names.address,), **given)
            )

    def seen_of_policy(self, policy: bytes, **options: Any) -> str:
        return self.seen(self.secure, HEAR, policy, **options)


@pytest.fixture(scope="module")
def place(certificates: Certificates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The policy's host and the relay are certified by two authorities, both trusted."""
    authority = trustme.CA()
    issued = authority.issue_cert("mta-sts.relay.example")
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued.configure_cert(secure)
    both = tmp_path_factory.mktemp("trust") / "both.pem"
    both.write_bytes(Path(certificates.ca).read_bytes() + authority.cert_pem.bytes())
    with (
        DnsServer(NAMES, {"mta-sts.sick.example": "servfail"}) as names,
        SmtpServer(starttls=certificates.good) as relay,
    ):
        yield Place(names, relay, secure, str(both))


def test_published_and_fulfilled_policy_is_up(place: Place) -> None:
    assert place.seen_of_policy(answer(ENFORCE)) == "up"
    assert place.seen_of_policy(answer(ENFORCE.replace("\r\n", "\n"))) == "up"
    assert place.seen_of_policy(answer(ENFORCE.replace("relay.example", "*.example"))) == "up"


RECORDS = [
    ("nobody.example", "down record no MTA-STS"),
    ("twice.example", "down record 2 MTA-STS records in one place"),
    ("late.example", "down record no MTA-STS but 'v=STSv1; id=1;'"),
    ("noid.example", "down record MTA-STS has a wrong id: ''"),
    ("wrong.example", "down record MTA-STS has a wrong id: '2026-11-24'"),
    ("nohost.example", "down dns no address (policy)"),
]


@pytest.mark.parametrize(("domain", "expected"), RECORDS)
def test_missing_record_is_reported_first(place: Place, domain: str, expected: str) -> None:
    assert place.seen_of_policy(answer(ENFORCE), domain=domain) == expected


POLICIES = [
    (ENFORCE.replace("enforce", "testing"), {}, "degraded record MTA-STS mode is testing"),
    (ENFORCE.replace("enforce", "testing"), {"mode": "testing"}, "up"),
    ("version: STSv1\nmode: none\nmax_age: 604800\n", {}, "degraded record MTA-STS mode is none"),
    (ENFORCE.replace("604800", "3600"), {}, "degraded record MTA-STS max_age is 3600 s"),
    (ENFORCE.replace("relay", "other"), {}, "down record MTA-STS policy does not name 'relay.example'"),
    (
        ENFORCE.replace("relay", "other").replace("enforce", "testing"),
        {},
        "degraded record MTA-STS policy does not name 'relay.example'",
    ),
    ("", {}, "down record MTA-STS policy has no version STSv1"),
    ("<html>", {}, "down record MTA-STS policy has no key and value in '<html>'"),
    (ENFORCE.replace("enforce", "enforced"), {}, "down record MTA-STS policy has a wrong mode 'enforced'"),
    (ENFORCE.replace("604800", "a week"), {}, "down record MTA-STS policy has a wrong max_age 'a week'"),
    (ENFORCE.replace("mx: relay.example\r\n", ""), {}, "down record MTA-STS policy names no mail host"),
    (
        ENFORCE.replace("relay.example", "*.*.example"),
        {},
        "down record MTA-STS policy has a wrong mx '*.*.example'",
    ),
]


@pytest.mark.parametrize(("policy", "options", "expected"), POLICIES)
def test_each_policy_has_its_outcome(
    place: Place, policy: str, options: dict[str, Any], expected: str
) -> None:
    assert place.seen_of_policy(answer(policy), **options) == expected


HOSTS: list[tuple[tuple[Act, ...], str]] = [
    ((HEAR, answer(ENFORCE, status="404 Not Found")), "down status 404 (policy)"),
    ((HEAR, b"HTTP/1.1 301 Moved\r\nLocation: https://relay.example/\r\n\r\n"), "down status 301 (policy)"),
    ((HEAR, answer(ENFORCE, kind="text/html")), "down content of type 'text/html' (policy)"),
    ((HEAR, answer("x" * 70_000)), "down size more than 65536 bytes (policy)"),
    ((HEAR, answer(ENFORCE)[:-5]), "down closed (policy)"),
    ((HEAR, b"SSH-2.0-OpenSSH_9.2\r\n"), "down protocol not HTTP (policy)"),
    ((HEAR, SILENCE), "down timeout after 0.5 s (policy)"),
    ((HEAR, Trickle(answer(ENFORCE))), "down timeout after 0.5 s (policy)"),
]


@pytest.mark.parametrize(("acts", "expected"), HOSTS)
def test_hostile_policy_host_is_bounded(place: Place, acts: tuple[Act, ...], expected: str) -> None:
    within = 0.5 if "timeout" in expected else 5
    assert place.seen(place.secure, *acts, within=within) == expected


def test_policy_host_certificate_is_verified(place: Place, certificates: Certificates) -> None:
    assert (
        place.seen(certificates.good, HEAR, answer(ENFORCE))
        == "down tls certificate for another name (policy)"
    )


OF_HOSTS = [("expired", "certificate expired"), ("wrong_name", "certificate for another name")]


@pytest.mark.parametrize(("which", "expected"), OF_HOSTS)
def test_mail_host_certificates_are_verified(
    place: Place, certificates: Certificates, which: str, expected: str
) -> None:
    with SmtpServer(starttls=getattr(certificates, which)) as relay:
        assert (
            place.seen_of_policy(answer(ENFORCE), port=relay.port)
            == f"down tls MX 'relay.example': {expected}"
        )
        assert place.seen_of_policy(answer(ENFORCE), port=relay.port, certificates=False) == "up"


NO_ENCRYPTION = "down tls MX 'relay.example': EHLO without STARTTLS"


def test_a_mail_host_that_does_not_encrypt_is_down(place: Place) -> None:
    with SmtpServer() as relay:
        told = place.seen_of_policy(answer(ENFORCE), port=relay.port)
    assert told == NO_ENCRYPTION


def test_silent_mail_host_is_left_to_the_mx_check(place: Place) -> None:
    assert place.seen_of_policy(answer(ENFORCE), port=9) == "up"


def test_any_non_policy_is_refused() -> None:
    for text in (
        "version: STSv1\nmode: enforce\nmx: a\nmax_age: 99999999999",
        "version:STSv2",
        ":",
        "a b: c",
    ):
        with pytest.raises(PolicyError):
            parse_policy(text)
