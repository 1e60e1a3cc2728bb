"""`mail` through a real relay into a real IMAP server, and against scripts."""

import mailbox
from collections.abc import Iterator
from typing import Any

import pytest

from checks.contract import CheckKind
from checks.kinds import mail
from checks.network.imap_session import MARK
from checks.network.mail_server import ProbedMailServer, SmtpServer
from checks.probing import ProbeResult
from checks.secrets import Secrets
from constat.config.fields import WrongError
from tests.support.certificates import NAME, Certificates
from tests.support.imap_server import ACCOUNT, PASSWORD, ImapServer, run_imap_server
from tests.support.probe_context import PASSWORD as PLACEHOLDER
from tests.support.probe_context import SECRET, SECRETS, format_result, look
from tests.support.scripted_server import HEAR, RESET, SILENCE, Act, ScriptedServer, Trickle
from tests.support.smtp_server import SmtpServer as Relay
from tests.support.tcp_speakers import hold_closed_port

KIND: CheckKind[mail.Options] = mail

ADDRESSES = {"sender": "monitor@maxony.example", "recipient": "inbox@maxony.example"}
assert PASSWORD == SECRET


@pytest.fixture(scope="module")
def inbox(certificates: Certificates) -> Iterator[ImapServer]:
    with run_imap_server(certificates.files()) as server:
        yield server


@pytest.fixture
def relay(inbox: ImapServer, certificates: Certificates) -> Iterator[Relay]:
    inbox.box.clear()
    refused = ("gone@maxony.example",)
    with Relay(
        {"monitor": SECRET}, starttls=certificates.good, refused=refused, deliver=inbox.deliver
    ) as server:
        yield server


def make_relay_options(port: int, certificates: Certificates) -> SmtpServer:
    return SmtpServer(
        host="127.0.0.1",
        port=port,
        starttls=True,
        username="monitor",
        password=PLACEHOLDER,
        server_name=NAME,
        ca=certificates.ca,
    )


def make_inbox_options(port: int, certificates: Certificates, **options: Any) -> ProbedMailServer:
    account = {"username": ACCOUNT, "password": PLACEHOLDER, "server_name": NAME, "ca": certificates.ca}
    security = {} if options.get("tls") or options.get("unencrypted") else {"starttls": True}
    return ProbedMailServer(host="127.0.0.1", port=port, **{**account, **security, **options})


def travel(smtp: SmtpServer, imap: ProbedMailServer, within: float = 10, **options: Any) -> ProbeResult:
    result = look(mail, within=within, smtp=smtp, imap=imap, **{**ADDRESSES, **options})
    assert SECRET not in str(result)
    return result


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_message_makes_the_round_trip_and_is_deleted(
    inbox: ImapServer, relay: Relay, certificates: Certificates, security: str
) -> None:
    tls = security == "tls"
    place = make_inbox_options(inbox.tls_port if tls else inbox.port, certificates, tls=tls)
    result = travel(make_relay_options(relay.port, certificates), place)
    assert format_result(result) == "up"
    steps = [step.name for step in result.steps]
    assert steps[-4:] == ["DATA", "QUIT", "arrived", "EXPUNGE"]
    assert 0 < result.latency_ms <= result.steps[-1].ms
    assert len(inbox.box) == 0


@pytest.mark.parametrize("auth", ["plain", "login", "cram-md5", "scram-sha-256"])
def test_every_password_mechanism_signs_in(inbox: ImapServer, certificates: Certificates, auth: str) -> None:
    """The relay is a closed port, and is never reached."""
    with hold_closed_port() as port:
        place = make_inbox_options(inbox.port, certificates, auth=auth)
        result = travel(make_relay_options(port, certificates), place)
        assert format_result(result) == "down refused"
        assert "sign in" in [step.name for step in result.steps]
        wrong = Secrets({"CONSTAT_PASSWORD": "wrong-password"}, SECRETS.hosts)
        refused = travel(make_relay_options(port, certificates), place, secrets=wrong)
    assert format_result(refused).startswith("down auth '[AUTHENTICATIONFAILED]")


def test_foreign_messages_stay_and_our_old_ones_are_deleted(
    inbox: ImapServer, relay: Relay, certificates: Certificates
) -> None:
    """Somebody's mail, and a marked message that another probe may still wait for, are not touched."""
    inbox.deliver(b"Subject: hello\r\n\r\nhello\r\n")
    inbox.deliver(f"Subject: waited for\r\n{MARK}: another\r\n\r\n".encode())
    late = mailbox.MaildirMessage(f"Subject: late\r\n{MARK}: long ago\r\n\r\n".encode())
    late.set_date(1_700_000_000)
    inbox.deliver(late)
    assert (
        format_result(
            travel(make_relay_options(relay.port, certificates), make_inbox_options(inbox.port, certificates))
        )
        == "up"
    )
    assert sorted(message["Subject"] for message in inbox.box) == ["hello", "waited for"]


def test_message_in_spam_is_degraded_and_deleted(
    inbox: ImapServer, relay: Relay, certificates: Certificates
) -> None:
    """And what was left behind in the other folder goes too."""
    place = make_inbox_options(inbox.port, certificates)
    left = mailbox.MaildirMessage(f"Subject: left\r\n{MARK}: long ago\r\n\r\n".encode())
    left.set_date(1_700_000_000)
    inbox.deliver_as_spam(left)
    assert format_result(travel(make_relay_options(relay.port, certificates), place, spam="Junk")) == "up"
    junk = inbox.box.get_folder("Junk")
    assert (len(inbox.box), len(junk)) == (0, 0)
    inbox.deliver(left)
    with Relay({"monitor": SECRET}, starttls=certificates.good, deliver=inbox.deliver_as_spam) as suspicious:
        result = travel(make_relay_options(suspicious.port, certificates), place, spam="Junk")
    assert format_result(result) == "degraded spam in Junk"
    arrived = next(step.ms for step in result.steps if step.name == "arrived")
    assert 0 < result.latency_ms < arrived, "the time of the delivery, and not of the session"
    assert result.steps[-2].name == "EXPUNGE"
    assert (len(inbox.box), len(junk)) == (0, 0)


def test_inbox_and_spam_folder_must_differ(inbox: ImapServer, certificates: Certificates) -> None:
    with pytest.raises(WrongError, match="the same folder"):
        travel(SmtpServer("127.0.0.1"), make_inbox_options(inbox.port, certificates), spam="INBOX")


def test_undelivered_message_is_down(inbox: ImapServer, certificates: Certificates) -> None:
    with Relay({"monitor": SECRET}, starttls=certificates.good) as lossy:
        result = travel(
            make_relay_options(lossy.port, certificates),
            make_inbox_options(inbox.port, certificates),
            within=1,
        )
    assert format_result(result) == "down timeout after 1 s"
    assert result.steps[-1].name == "QUIT"


def test_slow_delivery_is_degraded(inbox: ImapServer, relay: Relay, certificates: Certificates) -> None:
    result = travel(
        make_relay_options(relay.port, certificates),
        make_inbox_options(inbox.port, certificates),
        degraded_above=1,
    )
    assert format_result(result) == f"degraded slow {result.latency_ms} ms"


def test_a_refused_recipient_is_down(inbox: ImapServer, relay: Relay, certificates: Certificates) -> None:
    result = travel(
        make_relay_options(relay.port, certificates),
        make_inbox_options(inbox.port, certificates),
        recipient="gone@maxony.example",
    )
    assert format_result(result) == "down status 550 to RCPT '5.1.1 no such mailbox here'"


def test_wrong_mailbox_password_is_a_refused_login(inbox: ImapServer, certificates: Certificates) -> None:
    """No message is sent, since it could not be fetched."""
    wrong = Secrets({"CONSTAT_PASSWORD": "wrong-password"}, SECRETS.hosts)
    with hold_closed_port() as port:
        result = travel(
            make_relay_options(port, certificates),
            make_inbox_options(inbox.port, certificates),
            secrets=wrong,
        )
    assert format_result(result) == "down auth '[AUTHENTICATIONFAILED] Authentication failed.'"


def test_missing_folder_is_down(inbox: ImapServer, relay: Relay, certificates: Certificates) -> None:
    result = travel(
        make_relay_options(relay.port, certificates),
        make_inbox_options(inbox.port, certificates),
        mailbox='No "such" folder',
    )
    assert format_result(result).startswith("down status NO to SELECT 'Mailbox doesn\u2019t exist")


def test_refusing_relay_is_down(inbox: ImapServer, certificates: Certificates) -> None:
    with hold_closed_port() as port:
        assert (
            format_result(
                travel(make_relay_options(port, certificates), make_inbox_options(inbox.port, certificates))
            )
            == "down refused"
        )


GREETING = (b"* OK [CAPABILITY IMAP4rev1] ready\r\n", HEAR)
FAILURES: dict[str, tuple[tuple[Act, ...], str]] = {
    "silence": ((SILENCE,), "down timeout after 0.3 s"),
    "silence after the greeting": ((*GREETING, SILENCE), "down timeout after 0.3 s"),
    "a trickle": ((Trickle(b"* OK ready" * 9),), "down timeout after 0.3 s"),
    "closes": ((), "down closed"),
    "closes after the greeting": (GREETING, "down closed"),
    "closes in a line": ((b"* OK re",), "down closed"),
    "torn down": ((RESET,), "down reset"),
    "another protocol": ((b"220 smtp ready\r\n",), "down protocol no IMAP answer"),
    "junk": ((b"\xff\xfe\r\n",), "down protocol no IMAP answer"),
    "busy": ((b"* BYE too many connections\r\n",), "down status BYE to greeting 'too many connections'"),
    "thrown out": (
        (*GREETING, b"* BYE Autologout; idle for too long\r\n"),
        "down status BYE to LOGIN 'Autologout; idle for too long'",
    ),
    "no password may be sent": (
        (b"* OK [CAPABILITY IMAP4rev1 LOGINDISABLED STARTTLS] ready\r\n", SILENCE),
        "down content IMAP without AUTH PLAIN or LOGIN",
    ),
    "ways that we do not speak": (
        (b"* OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=GSSAPI] ready\r\n", SILENCE),
        "unknown settings IMAP offers only GSSAPI for signing in",
    ),
    "an endless literal": ((b"* OK x {999999999}\r\n", SILENCE), "down size"),
    "capabilities that are no text": (
        (GREETING[0], HEAR, b"* CAPABILITY \xff\r\nX OK\r\n"),
        "down protocol no IMAP answer",
    ),
}


@pytest.mark.parametrize(("acts", "expected"), FAILURES.values(), ids=FAILURES.keys())
def test_each_mailbox_failure_has_its_reason(
    certificates: Certificates, acts: tuple[Act, ...], expected: str
) -> None:
    within = 0.3 if "timeout" in expected else 5
    with ScriptedServer(*acts) as server:
        place = make_inbox_options(server.port, certificates, unencrypted=True)
        assert format_result(travel(make_relay_options(1, certificates), place, within)) == expected


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        ("expired", "down tls certificate expired"),
        ("wrong_name", "down tls certificate for another name"),
        ("self_signed", "down tls certificate self-signed"),
    ],
)
def test_bad_mailbox_certificate_is_down(certificates: Certificates, trouble: str, expected: str) -> None:
    with ScriptedServer(getattr(certificates, trouble)) as server:
        assert (
            format_result(
                travel(
                    make_relay_options(1, certificates),
                    make_inbox_options(server.port, certificates, tls=True),
                )
            )
            == expected
        )


def test_missing_starttls_is_down(certificates: Certificates) -> None:
    def answer(client: Any) -> None:
        tag = client.recv(100).split()[0]
        client.sendall(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n")

    with ScriptedServer(b"* OK ready\r\n", answer, SILENCE) as server:
        assert (
            format_result(
                travel(make_relay_options(1, certificates), make_inbox_options(server.port, certificates))
            )
            == "down content IMAP without STARTTLS"
        )
