"""`smtp` against a real server, and against scripts for what a real server never does."""

import ssl
from collections.abc import Iterator
from typing import Any

import pytest

from checks.contract import CheckKind
from checks.kinds import smtp
from checks.secrets import Secrets
from tests.support.certificates import NAME, Certificates
from tests.support.probe_context import PASSWORD, SECRET, SECRETS, format_result, look
from tests.support.scripted_server import HEAR, RESET, SILENCE, Act, ScriptedServer, Trickle
from tests.support.smtp_server import SmtpServer
from tests.support.tcp_speakers import hold_closed_port

KIND: CheckKind[smtp.Options] = smtp

HELLO = (b"220 relay.example ready\r\n", HEAR, b"250-relay.example\r\n250 SIZE 1000\r\n")
SECURE_HELLO = (b"220 relay.example ready\r\n", HEAR, b"250-relay.example\r\n250 STARTTLS\r\n", HEAR)
SIGN_IN = (b"220 relay.example ready\r\n", HEAR, b"250-relay.example\r\n250 AUTH PLAIN LOGIN\r\n", HEAR)
ACCOUNT = {"username": "monitor", "password": PASSWORD, "unencrypted": True}
ENVELOPE: dict[str, Any] = {"sender": "a@maxony.example", "recipient": "b@maxony.example"}


@pytest.fixture(scope="module")
def relay(certificates: Certificates) -> Iterator[SmtpServer]:
    with SmtpServer(
        {"monitor": SECRET}, starttls=certificates.good, refused=("gone@maxony.example",)
    ) as server:
        yield server


def secure(server: SmtpServer, certificates: Certificates, **options: Any) -> dict[str, Any]:
    return {
        "host": "127.0.0.1",
        "port": server.port,
        "starttls": True,
        "server_name": NAME,
        "ca": certificates.ca,
        **options,
    }


class TestARealServer:
    def test_whole_conversation_before_a_message_is_up(
        self, relay: SmtpServer, certificates: Certificates
    ) -> None:
        """STARTTLS, login, sender, recipient, RSET, QUIT: up, each step with its time, and no secret among them."""
        options = secure(relay, certificates, username="monitor", password=PASSWORD, **ENVELOPE)
        result = look(smtp, **options, extensions=("8BITMIME", "AUTH PLAIN"), banner="relay.maxony")
        assert format_result(result) == "up"
        assert [step.name for step in result.steps] == [
            *("resolve", "connect", "greeting", "EHLO", "STARTTLS", "TLS", "EHLO", "AUTH PLAIN"),
            *("MAIL", "RCPT", "RSET", "QUIT"),
        ]
        times = [step.ms for step in result.steps]
        assert times == sorted(times)
        assert result.latency_ms <= times[-1]
        assert SECRET not in str(result)

    def test_auth_login_is_used_on_request(self, relay: SmtpServer, certificates: Certificates) -> None:
        result = look(
            smtp, **secure(relay, certificates, username="monitor", password=PASSWORD, auth="login")
        )
        assert format_result(result) == "up"
        assert "AUTH LOGIN" in [step.name for step in result.steps]

    @pytest.mark.parametrize("auth", ["plain", "login"])
    def test_a_wrong_password_is_a_refused_login(
        self, relay: SmtpServer, certificates: Certificates, auth: str
    ) -> None:
        wrong = Secrets({"CONSTAT_PASSWORD": "wrong-password"}, SECRETS.hosts)
        result = look(
            smtp,
            secrets=wrong,
            **secure(relay, certificates, username="monitor", password=PASSWORD, auth=auth),
        )
        assert format_result(result) == "down auth 535 '5.7.8 Authentication credentials invalid'"

    def test_a_refused_recipient_is_down(self, relay: SmtpServer, certificates: Certificates) -> None:
        options = secure(
            relay, certificates, username="monitor", password=PASSWORD, sender="a@maxony.example"
        )
        result = look(smtp, **options, recipient="gone@maxony.example")
        assert format_result(result) == "down status 550 to RCPT '5.1.1 no such mailbox here'"

    def test_a_refusal_that_is_expected_is_up(self, relay: SmtpServer, certificates: Certificates) -> None:
        options = secure(
            relay, certificates, username="monitor", password=PASSWORD, sender="a@maxony.example"
        )
        result = look(smtp, **options, recipient="gone@maxony.example", expect_recipient=((500, 599),))
        assert format_result(result) == "up"

    def test_implicit_tls_is_up(self, certificates: Certificates) -> None:
        with SmtpServer(tls=certificates.good) as server:
            result = look(smtp, host="127.0.0.1", port=server.port, tls=True, ca=certificates.ca)
        assert format_result(result) == "up"

    def test_server_that_requires_login_refuses_an_envelope_without_it(
        self, relay: SmtpServer, certificates: Certificates
    ) -> None:
        result = look(smtp, **secure(relay, certificates, **ENVELOPE))
        assert format_result(result) == "down status 530 to MAIL '5.7.0 Authentication required'"

    def test_secret_is_sent_only_to_its_host(self, relay: SmtpServer, certificates: Certificates) -> None:
        elsewhere = Secrets(SECRETS.values, {"CONSTAT_PASSWORD": ("smtp.maxony.example",)})
        options = secure(relay, certificates, username="monitor", password=PASSWORD)
        result = look(smtp, secrets=elsewhere, **options)
        assert format_result(result) == "unknown secret CONSTAT_PASSWORD is not declared for this host"


FAILURES: dict[str, tuple[tuple[Act, ...], dict[str, Any], str]] = {
    "silence instead of a greeting": ((SILENCE,), {}, "down timeout after 0.3 s"),
    "silence after EHLO": ((HELLO[0], HEAR, SILENCE), {}, "down timeout after 0.3 s"),
    "silence after MAIL": ((*HELLO, HEAR, SILENCE), ENVELOPE, "down timeout after 0.3 s"),
    "silence after AUTH": ((*SIGN_IN, SILENCE), ACCOUNT, "down timeout after 0.3 s"),
    "a greeting that trickles": ((Trickle(b"220-more\r\n" * 99),), {}, "down timeout after 0.3 s"),
    "a greeting that never ends": (
        (b"220-" + b"x" * 9000,),
        {},
        "down protocol line too long after greeting",
    ),
    "more than we read": ((b"220-more\r\n" * 120_000,), {}, "down size"),
    "closes at once": ((), {}, "down closed"),
    "closes after EHLO": ((HELLO[0], HEAR), {}, "down closed"),
    "closes in a line": ((HELLO[0], HEAR, b"250-rel"), {}, "down closed"),
    "tears it down": ((HELLO[0], HEAR, RESET), {}, "down reset"),
    "busy": ((b"421 try later\r\n",), {}, "down status 421 to greeting 'try later'"),
    "no mail here": ((b"554 no service\r\n",), {}, "down status 554 to greeting 'no service'"),
    "another protocol": (
        (b"SSH-2.0-OpenSSH_9.2\r\n",),
        {},
        "down protocol no SMTP reply to greeting 'SSH-2.0-OpenSSH_9.2'",
    ),
    "bytes": (
        (b"\x00\xff\xfe,=\"'\r\n",),
        {},
        "down protocol no SMTP reply to greeting '?\ufffd\ufffd,=\"\u2019'",
    ),
    "another banner": ((*HELLO,), {"banner": "maxony"}, "down banner 'relay.example ready'"),
    "EHLO is refused": ((HELLO[0], HEAR, b"550 what\r\n"), {}, "down status 550 to EHLO 'what'"),
    "HELO is refused too": (
        (HELLO[0], HEAR, b"502 what\r\n", HEAR, b"550 go\r\n"),
        {},
        "down status 550 to HELO 'go'",
    ),
    "no SIZE": ((HELLO[0], HEAR, b"250 x\r\n"), {"extensions": ("SIZE",)}, "down content EHLO without SIZE"),
    "no AUTH": (HELLO, ACCOUNT, "down content EHLO without AUTH PLAIN or LOGIN"),
    "no STARTTLS": (HELLO, {"starttls": True}, "down content EHLO without STARTTLS"),
    "STARTTLS is refused": (
        (*SECURE_HELLO, b"454 not now\r\n"),
        {"starttls": True},
        "down status 454 to STARTTLS 'not now'",
    ),
    "text pushed into TLS": (
        (*SECURE_HELLO, b"220 go\r\n250 injected\r\n", SILENCE),
        {"starttls": True},
        "down protocol unasked before TLS '250 injected'",
    ),
    "no TLS after STARTTLS": (
        (*SECURE_HELLO, b"220 go\r\n", HEAR, b"hello\r\n" * 5),
        {"starttls": True},
        "down tls not spoken on this port",
    ),
    "silence in the handshake": (
        (*SECURE_HELLO, b"220 go\r\n", SILENCE),
        {"starttls": True},
        "down timeout after 0.3 s",
    ),
    "an answer that nobody asked for": (
        (b"220 relay.example ready\r\n250 pipelined\r\n", HEAR),
        {},
        "down protocol unasked before EHLO '250 pipelined'",
    ),
    "the sender is refused": (
        (*HELLO, HEAR, b"451 greylisted\r\n"),
        ENVELOPE,
        "down status 451 to MAIL 'greylisted'",
    ),
    "the login is refused for now": (
        (*SIGN_IN, b"454 4.7.0 later\r\n"),
        ACCOUNT,
        "down auth 454 '4.7.0 later'",
    ),
    "the login is answered with junk": (
        (*SIGN_IN, b"\x01\x02\x03\x04\r\n"),
        ACCOUNT,
        "down protocol no SMTP reply to AUTH '?'",
    ),
    "the password is echoed": (
        (*SIGN_IN, b"535 no " + SECRET.encode() + b" AG1vbml0b3IAczNjcmV0L1Bhc3Mrd29yZA==\r\n"),
        ACCOUNT,
        "down auth 535 'no [secret] AG1vbml0b3IA[secret]A=='",
    ),
}


@pytest.mark.parametrize(("acts", "options", "expected"), FAILURES.values(), ids=FAILURES.keys())
def test_each_failure_has_its_reason(acts: tuple[Act, ...], options: dict[str, Any], expected: str) -> None:
    with ScriptedServer(*acts) as server:
        within = 0.3 if "timeout" in expected else 5
        result = look(smtp, within=within, host="127.0.0.1", port=server.port, **options)
    assert format_result(result) == expected
    assert result.latency_ms < (within + 3) * 1000
    assert SECRET not in str(result)


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        ("expired", "down tls certificate expired"),
        ("wrong_name", "down tls certificate for another name"),
        ("self_signed", "down tls certificate self-signed"),
        ("unknown_authority", "down tls certificate from an unknown authority"),
    ],
)
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_bad_certificate_is_down(
    certificates: Certificates, trouble: str, expected: str, security: str
) -> None:
    context: ssl.SSLContext = getattr(certificates, trouble)
    acts = (context,) if security == "tls" else (*SECURE_HELLO, b"220 go\r\n", context)
    with ScriptedServer(*acts) as server:
        options: dict[str, Any] = {security: True, "server_name": NAME, "ca": certificates.ca}
        result = look(smtp, host="127.0.0.1", port=server.port, **options)
    assert format_result(result) == expected


def test_closed_port_is_refused() -> None:
    with hold_closed_port() as port:
        assert format_result(look(smtp, host="127.0.0.1", port=port)) == "down refused"


def test_late_greeting_and_multiline_replies_are_up() -> None:
    """A greeting delay and multiline replies are normal; a slow server is degraded only where that was asked."""
    greeting = Trickle(b"220-welcome\r\n220 go on\r\n", 0.002)
    acts = (
        greeting,
        HEAR,
        b"250-relay.example\r\n" + b"250-X\r\n" * 99 + b"250 SIZE\r\n",
        HEAR,
        b"221 bye\r\n",
    )
    with ScriptedServer(*acts) as server:
        assert format_result(look(smtp, host="127.0.0.1", port=server.port)) == "up"
        slow = look(smtp, host="127.0.0.1", port=server.port, degraded_above=10)
    assert slow.outcome == "degraded"
    assert slow.reason == f"slow {slow.latency_ms} ms"


def test_ehlo_name_defaults_to_our_address() -> None:
    with ScriptedServer(HELLO[0], HEAR) as server:
        look(smtp, host="127.0.0.1", port=server.port)
        look(smtp, host="127.0.0.1", port=server.port, ehlo="monitor.maxony.example")
        assert server.heard == [b"EHLO [127.0.0.1]\r\n", b"EHLO monitor.maxony.example\r\n"]


def test_a_server_that_hangs_up_at_quit_is_up() -> None:
    with ScriptedServer(*HELLO) as server:
        assert format_result(look(smtp, host="127.0.0.1", port=server.port)) == "up"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tls": True, "starttls": True}, "both tls and starttls"),
        ({"username": "monitor", "tls": True}, "a username without a password, or the reverse"),
        ({"username": "monitor", "password": PASSWORD}, "the password would travel unencrypted"),
        ({"recipient": "b@maxony.example"}, "a recipient without a sender"),
    ],
)
def test_invalid_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        smtp.Options(host="smtp.maxony.example", **options)
