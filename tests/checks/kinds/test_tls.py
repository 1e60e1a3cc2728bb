"""`tls` against real handshakes, and against servers that do not speak TLS."""

import ssl
from typing import Any

import pytest

from checks.contract import CheckKind
from checks.kinds import tls
from tests.support.certificates import NAME, Certificates
from tests.support.probe_context import format_result, look
from tests.support.scripted_server import HEAR, RESET, SILENCE, Act, ScriptedServer, Trickle
from tests.support.smtp_server import SmtpServer
from tests.support.tcp_speakers import hold_closed_port

KIND: CheckKind[tls.Options] = tls

DAY_S = 86_400
SMTP_TALK = (b"220 ready\r\n", HEAR, b"250-x\r\n250 STARTTLS\r\n", HEAR)
IMAP_TALK = (b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n", HEAR)


def describe_look(
    certificates: Certificates, acts: tuple[Act, ...], within: float = 5, **options: Any
) -> str:
    trust: dict[str, Any] = {"server_name": NAME, "ca": certificates.ca, **options}
    with ScriptedServer(*acts) as server:
        return format_result(look(tls, within=within, host="127.0.0.1", port=server.port, **trust))


@pytest.mark.parametrize(
    ("days", "expected"),
    [(120, "up"), (5.5, "degraded tls certificate of an authority ends in 5 days")],
)
def test_chain_expires_with_its_earliest_certificate(
    certificates: Certificates, days: float, expected: str
) -> None:
    assert describe_look(certificates, (certificates.below_authority(days), SILENCE)) == expected


def test_certificate_naming_its_host_only_in_the_subject_is_down(
    certificates: Certificates,
) -> None:
    """RFC 9525 2: no browser reads it there."""
    assert (
        describe_look(certificates, (certificates.named_in_subject, SILENCE))
        == "down tls certificate for another name"
    )


@pytest.mark.parametrize(
    ("days", "options", "expected"),
    [
        (90.5, {}, "up"),
        (14.5, {}, "up"),
        (13.5, {}, "degraded tls certificate ends in 13 days"),
        (1.5, {}, "degraded tls certificate ends in 1 day"),
        (13.5, {"warn": 7 * DAY_S}, "up"),
        (6.5, {"fail": 7 * DAY_S}, "down tls certificate ends in 6 days"),
        (0.5, {"fail": 7 * DAY_S}, "down tls certificate ends in 0 days"),
        (-1, {}, "down tls certificate expired"),
    ],
)
def test_the_days_left_decide(
    certificates: Certificates, days: float, options: dict[str, Any], expected: str
) -> None:
    """Fewer days than `warn` is degraded, fewer than `fail` is down, expired is down."""
    assert describe_look(certificates, (certificates.valid_for(days), SILENCE), **options) == expected


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        ("wrong_name", "down tls certificate for another name"),
        ("self_signed", "down tls certificate self-signed"),
        ("unknown_authority", "down tls certificate from an unknown authority"),
    ],
)
def test_certificate_rejected_by_browsers_is_down(
    certificates: Certificates, trouble: str, expected: str
) -> None:
    assert describe_look(certificates, (getattr(certificates, trouble), SILENCE)) == expected


FAILURES: dict[str, tuple[tuple[Act, ...], dict[str, Any], str]] = {
    "silence": ((SILENCE,), {}, "down timeout after 0.3 s"),
    "a trickling handshake": (
        (Trickle(b"\x16\x03\x03\x40\x00" + b"\0" * 99),),
        {},
        "down timeout after 0.3 s",
    ),
    "plain text": ((b"220 smtp\r\n" * 9, SILENCE), {}, "down tls not spoken on this port"),
    "junk": ((b"\xff\xfe\xfd" * 99, SILENCE), {}, "down tls not spoken on this port"),
    "closes": ((), {}, "down closed"),
    "torn down": ((lambda client: client.recv(5), RESET), {}, "down reset"),
    "smtp: closes": ((b"220 ready\r\n",), {"starttls": "smtp"}, "down closed"),
    "smtp: silence": ((b"220 ready\r\n", SILENCE), {"starttls": "smtp"}, "down timeout after 0.3 s"),
    "smtp: not offered": (
        (b"220 ready\r\n", HEAR, b"250 x\r\n", HEAR),
        {"starttls": "smtp"},
        "down content EHLO without STARTTLS",
    ),
    "smtp: refused": (
        (*SMTP_TALK, b"502 no\r\n"),
        {"starttls": "smtp"},
        "down status 502 to STARTTLS 'no'",
    ),
    "smtp: pushed text": (
        (*SMTP_TALK, b"220 go\r\nRSET\r\n", SILENCE),
        {"starttls": "smtp"},
        "down protocol unasked before TLS 'RSET'",
    ),
    "imap: another greeting": (
        (b"220 smtp\r\n",),
        {"starttls": "imap"},
        "down protocol no IMAP greeting '220 smtp'",
    ),
    "imap: silence": ((*IMAP_TALK, SILENCE), {"starttls": "imap"}, "down timeout after 0.3 s"),
    "imap: trickle": ((Trickle(b"* x" * 99),), {"starttls": "imap"}, "down timeout after 0.3 s"),
    "imap: closes": (IMAP_TALK, {"starttls": "imap"}, "down closed"),
    "imap: an endless line": ((b"* OK" * 4000,), {"starttls": "imap"}, "down protocol line too long"),
    "imap: refused": (
        (*IMAP_TALK, b"* BYE\r\na1 NO not today\r\n"),
        {"starttls": "imap"},
        "down status NO to STARTTLS 'a1 NO not today'",
    ),
    "imap: pushed text": (
        (*IMAP_TALK, b"a1 OK go\r\n* injected\r\n", SILENCE),
        {"starttls": "imap"},
        "down protocol unasked before TLS '* injected'",
    ),
}


@pytest.mark.parametrize(("acts", "options", "expected"), FAILURES.values(), ids=FAILURES.keys())
def test_each_failure_has_its_reason(
    certificates: Certificates, acts: tuple[Act, ...], options: dict[str, Any], expected: str
) -> None:
    within = 0.3 if "timeout" in expected else 5
    assert describe_look(certificates, acts, within, **options) == expected


def test_closed_port_is_refused() -> None:
    with hold_closed_port() as port:
        assert format_result(look(tls, host="127.0.0.1", port=port)) == "down refused"


def test_a_version_too_old_is_down(certificates: Certificates) -> None:
    acts = (certificates.old_version, SILENCE)
    assert describe_look(certificates, acts, minimum="1.2") == "up"
    assert describe_look(certificates, acts, minimum="1.3") == "down tls no common version"


def test_certificate_may_name_the_given_name_or_the_host(certificates: Certificates) -> None:
    with ScriptedServer(certificates.good, SILENCE) as server:
        assert format_result(look(tls, host="127.0.0.1", port=server.port, ca=certificates.ca)) == "up"


def test_missing_ca_file_is_unknown(certificates: Certificates) -> None:
    assert (
        describe_look(certificates, (certificates.good,), ca="missing.pem")
        == "unknown authorities missing.pem cannot be used"
    )


def test_starttls_works_with_a_real_relay(certificates: Certificates) -> None:
    with SmtpServer(starttls=certificates.good) as relay:
        result = look(
            tls, host="127.0.0.1", port=relay.port, starttls="smtp", server_name=NAME, ca=certificates.ca
        )
    assert format_result(result) == "up"
    assert [step.name for step in result.steps][-3:] == ["STARTTLS", "TLS", "certificate"]
    assert result.steps[-1].detail.endswith("90 days left")


def test_starttls_works_with_imap(certificates: Certificates) -> None:
    acts: tuple[ssl.SSLContext | bytes | str, ...] = (
        *IMAP_TALK,
        b"* ok\r\na1 OK go\r\n",
        certificates.good,
        SILENCE,
    )
    assert describe_look(certificates, acts, starttls="imap") == "up"


def test_fail_may_not_come_before_warn() -> None:
    with pytest.raises(ValueError, match="fail comes before warn"):
        tls.Options(host="smtp.maxony.example", warn=DAY_S, fail=2 * DAY_S)
