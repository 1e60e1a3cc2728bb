"""The route `mail`: one message for each event, those of one notice in one thread; alerts to maintainers are single mails.

The `Message-ID` of an announcement is made of the event and the target, so that a mail sent twice is shown once.
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

from constat.config.fields.text_fields import find_secret_names
from constat.errors import OutsideError
from constat.interval import Instant
from constat.model import MailServer, PageSettings, Target
from constat.notifications import Event, Message, MessageTemplates
from constat.posts import permanent
from outside.routes.delivery import Delivery, RouteSecret

TEMPLATES = MessageTemplates("mail.txt", "mail.html")
TIMEOUT_S = 20
REMEMBERED = 20
"""The number of earlier messages of a thread that are referred to, besides its first one."""


def secret_uses(delivery: Delivery) -> tuple[RouteSecret, ...]:
    """List the secrets in the password, which goes to the mail server."""
    server = delivery.server
    return (
        tuple(RouteSecret(name, server.host) for name in find_secret_names(server.password)) if server else ()
    )


def send(delivery: Delivery) -> None:
    """Send a message through the mail server of `status.yml`.

    Raises:
        OutsideError: there is no server, or it did not accept the message.

    """
    if delivery.server is None:
        raise OutsideError("status.yml names no server to send mail through (notify.mail)")
    send_mail(delivery.server, delivery.fill(delivery.server.password), _compose(delivery, delivery.server))


def _compose(delivery: Delivery, server: MailServer) -> EmailMessage:
    """Compose an announcement for the subscribers of a list, or a letter to a maintainer."""
    if delivery.announcement is None:
        return compose_letter(delivery.page.name, server, delivery.address, delivery.message, delivery.now)
    event, target = delivery.announcement
    return compose_mail(MailingList(delivery.page, server, target), event, delivery.message, delivery.now)


class MailingList(NamedTuple):
    """The settings of the page, the server that mail leaves through, and the list that it goes to."""

    settings: PageSettings
    server: MailServer
    target: Target

    @property
    def domain(self) -> str:
        """The domain that mail comes from."""
        return self.server.sender.rpartition("@")[2]

    def build_message_id(self, name: str) -> str:
        """Build the `Message-ID` of the announcement of an event, by its permanent name, to this list."""
        return f"<{permanent.local_part(name)}.{self.target.id}@{self.domain}>"


def compose_mail(to: MailingList, event: Event, message: Message, now: Instant) -> EmailMessage:
    """Compose the mail that announces an event to a mailing list."""
    settings, target = to.settings, to.target
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(settings.name, addr_spec=to.server.sender)
    mail["To"] = Address(addr_spec=target.address)
    mail["Subject"] = message.subject
    mail["Date"] = datetime.fromtimestamp(now, UTC)
    _set_thread(mail, to, event)
    mail["List-Id"] = f"<{target.id}.{settings.id}.{to.domain}>"
    mail["List-Unsubscribe"] = f"<mailto:{target.unsubscribe}?subject=unsubscribe>"
    mail["List-Archive"] = f"<{settings.home(target.language)}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    mail["Content-Language"] = target.language  # last: setting the content removes it
    return mail


def compose_letter(sender: str, server: MailServer, to: str, message: Message, now: Instant) -> EmailMessage:
    """Compose a mail to one address, outside any list or thread."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(sender, addr_spec=server.sender)
    mail["To"] = Address(addr_spec=to)
    mail["Subject"] = message.subject
    mail["Date"] = datetime.fromtimestamp(now, UTC)
    mail["Message-ID"] = make_msgid(domain=server.sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    return mail


def _set_thread(mail: EmailMessage, to: MailingList, event: Event) -> None:
    """Refer to the same first message in every mail of a notice, whether or not that was ever sent (RFC 5322 3.6.4)."""
    root = to.build_message_id(f"{event.thread}/thread")
    earlier = [to.build_message_id(name) for name in event.earlier[-REMEMBERED:]]
    mail["Message-ID"] = to.build_message_id(event.id)
    mail["In-Reply-To"] = earlier[-1] if earlier else root
    mail["References"] = " ".join([root, *earlier])


def send_mail(
    server: MailServer, password: str, mail: EmailMessage, context: Callable[[], ssl.SSLContext] | None = None
) -> None:
    """Hand a message to the server.

    Raises:
        OutsideError: the server did not accept it.

    """
    try:
        with closing(_connect(server, (context or ssl.create_default_context)())) as session:
            if server.user:
                session.login(server.user, password)
            session.send_message(mail)
            with suppress(OSError, smtplib.SMTPException):
                session.quit()  # the server has the message: how the session ends does not matter
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
    """Describe in a few words what went wrong."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, reply = next(iter(error.recipients.values()))
        return f"refused: {code} {_decode(reply)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"refused: {error.smtp_code} {_decode(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _decode(text: bytes | str) -> str:
    return text.decode(errors="replace") if isinstance(text, bytes) else text
