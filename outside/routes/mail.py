"""E-mail to mailing lists: one message for each thing that is told, all of one notice in one thread.

A message's id is made of what it tells and to whom, so that the same mail sent twice is one to who receives it.
"""

import smtplib
import ssl
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid
from typing import NamedTuple

from constat.errors import OutsideError
from constat.interval import Instant
from constat.model import MailServer, PageSettings, Target
from constat.notifications import Event, Message
from constat.posts import permanent

TIMEOUT_S = 20
REMEMBERED = 20
"""How many earlier messages of a thread are named; its first one always is."""


class MailingList(NamedTuple):
    """Whose page it is, the server that mail leaves through, and the list that it goes to."""

    settings: PageSettings
    server: MailServer
    target: Target

    @property
    def domain(self) -> str:
        """The domain that mail comes from."""
        return self.server.sender.rpartition("@")[2]

    def message_id(self, name: str) -> str:
        """The id of the message that tells this list what a permanent name stands for."""
        return f"<{permanent.local_part(name)}.{self.target.id}@{self.domain}>"


def compose_mail(to: MailingList, told: Event, message: Message, now: Instant) -> EmailMessage:
    """The message for a mailing list."""
    settings, target = to.settings, to.target
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(settings.name, addr_spec=to.server.sender)
    mail["To"] = Address(addr_spec=target.email)
    mail["Subject"] = message.subject
    mail["Date"] = datetime.fromtimestamp(now, UTC)
    _thread(mail, to, told)
    mail["List-Id"] = f"<{target.id}.{settings.id}.{to.domain}>"
    mail["List-Unsubscribe"] = f"<mailto:{target.unsubscribe}?subject=unsubscribe>"
    mail["List-Archive"] = f"<{settings.home(target.language)}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    mail["Content-Language"] = target.language  # last: what sets the content removes it
    return mail


def compose_letter(sender: str, server: MailServer, to: str, message: Message, now: Instant) -> EmailMessage:
    """A message to one address, of no list and no thread."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(sender, addr_spec=server.sender)
    mail["To"] = Address(addr_spec=to)
    mail["Subject"] = message.subject
    mail["Date"] = datetime.fromtimestamp(now, UTC)
    mail["Message-ID"] = make_msgid(domain=server.sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    return mail


def _thread(mail: EmailMessage, to: MailingList, told: Event) -> None:
    """Every message of a notice refers to the same first one, whether or not that was ever sent (RFC 5322, 3.6.4)."""
    root = to.message_id(f"{told.thread}/thread")
    before = [to.message_id(name) for name in told.earlier[-REMEMBERED:]]
    mail["Message-ID"] = to.message_id(told.id)
    mail["In-Reply-To"] = before[-1] if before else root
    mail["References"] = " ".join([root, *before])


def send_mail(
    server: MailServer, password: str, mail: EmailMessage, context: Callable[[], ssl.SSLContext] | None = None
) -> None:
    """Hand a message to the server.

    Raises:
        OutsideError: the server did not take it.

    """
    try:
        with closing(_connect(server, (context or ssl.create_default_context)())) as session:
            if server.user:
                session.login(server.user, password)
            session.send_message(mail)
            with suppress(OSError, smtplib.SMTPException):
                session.quit()  # it has the message: how it says goodbye does not matter
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise OutsideError(describe_error(error)) from None


def _connect(server: MailServer, context: ssl.SSLContext) -> smtplib.SMTP:
    if server.security == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=context)
    session = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    if server.security == "starttls":
        try:
            session.starttls(context=context)
        except (OSError, smtplib.SMTPException):
            session.close()
            raise
    return session


def describe_error(error: Exception) -> str:
    """What went wrong, in a few words."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return f"refused: {code} {_text(text)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"refused: {error.smtp_code} {_text(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _text(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said
