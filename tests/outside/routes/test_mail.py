"""Mail reaches a real server, in one thread for each notice, and says how to leave the list."""

import ssl
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Literal

import pytest

from constat.errors import OutsideError
from constat.model import MailServer, Target
from constat.notifications import MessageSources, collect_events, compose_message
from outside.routes import mail
from tests.support.certificates import Certificates
from tests.support.page_objects import NOW, SETTINGS, make_incident, make_page, make_update, present_notice
from tests.support.smtp_server import SmtpServer
from tests.support.two_languages import LANGUAGES, TEMPLATES

LIST = Target(
    "customers",
    "fr",
    ("incidents",),
    (),
    "none",
    address="news@lists.maxony.example",
    unsubscribe="leave@lists.maxony.example",
)
BROKEN = make_incident(
    "2026-11-23-smtp",
    make_update("2026-11-23 10:12", "investigating", "Nous regardons <vite>."),
    make_update("2026-11-23 11:12", "resolved", "C'est réparé."),
    title="Envois\nretardés & perdus",
)
FILES = {f"notify/{path.name}": path.read_bytes() for path in (TEMPLATES / "notify").iterdir()}


def server(port: int, security: Literal["starttls", "tls", "none"] = "none", user: str = "") -> MailServer:
    return MailServer("127.0.0.1", port, security, "status@maxony.example", user, "unused here")


def letters(to: Target = LIST) -> list[EmailMessage]:
    """The messages about the incident, oldest first."""
    shown_page = make_page([present_notice(BROKEN, "past")])
    sources = MessageSources(shown_page, LANGUAGES, FILES)
    mailing_list = mail.MailingList(SETTINGS, server(25), to)
    return [
        mail.compose_mail(mailing_list, event, compose_message(sources, [event], to, mail.TEMPLATES), NOW)
        for event in collect_events(shown_page)
    ]


def deliver_letter(letter: EmailMessage) -> EmailMessage:
    """A message as it arrived at a real server."""
    taken: list[bytes] = []
    with SmtpServer(deliver=taken.append) as relay:
        mail.send_mail(server(relay.port), "", letter)
    (data,) = taken
    arrived = message_from_bytes(data, policy=SMTP)
    assert isinstance(arrived, EmailMessage)
    return arrived


def test_a_message_arrives_as_text_and_as_html() -> None:
    arrived = deliver_letter(letters()[0])
    text, html = arrived.get_body(("plain",)), arrived.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "Nous regardons <vite>." in text.get_content()
    assert "https://status.maxony.example/incidents/2026-11-23-smtp/#" in text.get_content()
    assert '<html lang="fr">' in html.get_content()
    assert "retardés &amp; perdus" in html.get_content()


def test_headers_name_sender_list_and_unsubscribe_address() -> None:
    arrived = deliver_letter(letters()[0])
    assert arrived["From"] == "Maxony <status@maxony.example>"
    assert arrived["To"] == "news@lists.maxony.example"
    assert arrived["Subject"] == "[Nous cherchons la cause] Relais SMTP\u00a0: Envois retardés & perdus"
    assert arrived["List-Id"] == "<customers.maxony.maxony.example>"
    assert arrived["List-Unsubscribe"] == "<mailto:leave@lists.maxony.example?subject=unsubscribe>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["Content-Language"] == "fr"
    assert arrived["Date"].datetime.timestamp() == NOW


def test_messages_of_a_notice_form_one_thread() -> None:
    """Also for who joined in the middle: each refers to the same first one."""
    first, second = letters()
    root = first["References"]
    assert first["In-Reply-To"] == root
    assert second["References"].split() == [root, first["Message-ID"]]
    assert second["In-Reply-To"] == first["Message-ID"]
    assert first["Message-ID"] != second["Message-ID"] != root


def test_message_id_does_not_depend_on_the_time_of_sending() -> None:
    assert letters()[0]["Message-ID"] == letters()[0]["Message-ID"]
    assert letters()[0]["Message-ID"] == (
        "<tag=3Amaxony=2C2026=3A2026-11-23-smtp=2F2026-11-23T10=3A12=3A00Z.customers@maxony.example>"
    )


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


def make_trust(certificates: Certificates) -> Callable[[], ssl.SSLContext]:
    return lambda: ssl.create_default_context(cafile=certificates.ca)


def test_login_happens_after_encryption(certificates: Certificates) -> None:
    taken: list[bytes] = []
    with SmtpServer({"me": "hunter2"}, starttls=certificates.good, deliver=taken.append) as relay:
        mail.send_mail(
            server(relay.port, "starttls", "me"), "hunter2", letters()[0], make_trust(certificates)
        )
    assert len(taken) == 1


def test_implicit_tls_is_supported(certificates: Certificates) -> None:
    taken: list[bytes] = []
    with SmtpServer(tls=certificates.good, deliver=taken.append) as relay:
        mail.send_mail(server(relay.port, "tls"), "", letters()[0], make_trust(certificates))
    assert len(taken) == 1


def test_wrong_password_error_does_not_show_the_password(certificates: Certificates) -> None:
    with (
        SmtpServer({"me": "hunter2"}, starttls=certificates.good) as relay,
        pytest.raises(OutsideError, match=r"^refused: 535") as caught,
    ):
        mail.send_mail(
            server(relay.port, "starttls", "me"), "hunter3", letters()[0], make_trust(certificates)
        )
    assert "hunter" not in str(caught.value)


def test_no_mail_is_sent_to_a_server_with_an_untrusted_certificate(certificates: Certificates) -> None:
    taken: list[bytes] = []
    with (
        SmtpServer(starttls=certificates.unknown_authority, deliver=taken.append) as relay,
        pytest.raises(OutsideError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        mail.send_mail(server(relay.port, "starttls"), "", letters()[0], make_trust(certificates))
    assert not taken


def test_no_mail_is_sent_in_clear_if_encryption_is_required() -> None:
    taken: list[bytes] = []
    with (
        SmtpServer(deliver=taken.append) as relay,
        pytest.raises(OutsideError, match="STARTTLS"),
    ):
        mail.send_mail(server(relay.port, "starttls"), "", letters()[0])
    assert not taken


def test_unknown_recipient_is_an_error() -> None:
    with (
        SmtpServer(refused=("news@lists.maxony.example",)) as relay,
        pytest.raises(OutsideError, match=r"refused: 550 5\.1\.1 no such mailbox here"),
    ):
        mail.send_mail(server(relay.port), "", letters()[0])


def test_closed_port_is_an_error() -> None:
    with SmtpServer() as relay:
        gone = relay.port
    with pytest.raises(OutsideError, match="ConnectionRefusedError"):
        mail.send_mail(server(gone), "", letters()[0])


def test_templates_have_the_names_that_projects_override() -> None:
    assert sorted(FILES) == ["notify/chat.txt", "notify/mail.html", "notify/mail.txt"]
    assert Path(TEMPLATES / "notify").is_dir()
