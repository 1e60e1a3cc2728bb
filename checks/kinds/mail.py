"""The kind `mail`: the delivery that a customer pays for. A small marked message is sent by SMTP and awaited by IMAP.

The latency is the time from the connection to the relay until the message is in the mailbox. It is deleted there, and so
are marked messages that arrived too late for an earlier probe.
"""

from dataclasses import dataclass
from typing import Annotated

from checks.network.mail_server import ProbedMailServer, SmtpServer
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from constat.config.fields import MailAddress, Slowness, Text, about, wrong
from constat.model.kinds import Defaults, SecretUse

DEFAULTS: Defaults = Defaults(interval="15m", timeout="2m", attempts="1")
"""A message costs something, and delivery takes a while: one attempt, and not often."""
LIBRARIES: tuple[str, ...] = (
    "checks.network.smtp_session",
    "checks.network.imap_session",
    "email.message",
    "email.utils",
)


@dataclass(frozen=True, slots=True)
class Options:
    """Where the message goes in, and where it comes out."""

    smtp: Annotated[SmtpServer, about("the relay that accepts the message")]
    imap: Annotated[ProbedMailServer, about("the server of the mailbox")]
    sender: Annotated[MailAddress, about("the address that the message comes from")]
    recipient: Annotated[MailAddress, about("the address that it is sent to")]
    mailbox: Annotated[Text, about("the folder of the mailbox")] = "INBOX"
    spam: Annotated[
        Text | None, about("its spam folder: if the message arrives there, the check is degraded, not down")
    ] = None
    degraded_above: Annotated[
        Slowness | None,
        about("degraded if delivery takes longer than this; a table has one for each vantage"),
    ] = None

    def __post_init__(self) -> None:
        """Refuse the same folder for the mailbox and for spam.

        Raises:
            ValueError: it is the same: nobody could tell where the message went.

        """
        if self.spam == self.mailbox:
            raise wrong("mailbox and spam are the same folder", "name the folder that spam is moved to")


def subject(_options: Options) -> str:
    """Name nothing: a delivery has two ends."""
    return ""


def secret_uses(options: Options) -> tuple[SecretUse, ...]:
    """List the secrets of both accounts; each goes to its own server."""
    return (*options.smtp.secret_uses(), *options.imap.secret_uses())


def probe(options: Options, context: Context) -> ProbeResult:
    """Send one message and wait for it."""
    return attempt(context, lambda: _round_trip(options, context), degraded_above=options.degraded_above)


def _round_trip(options: Options, context: Context) -> int:
    """Send a message and wait for it. Every folder is opened first: if that fails, no message is sent."""
    import secrets

    from checks.network.imap_session import imap_session

    mark = secrets.token_hex(8)
    with imap_session(options.imap, context) as mailbox:
        folders = [options.mailbox, *([options.spam] if options.spam is not None else [])]
        for folder in reversed(folders):
            mailbox.open(folder)
        began_ms = context.deadline.elapsed_ms()
        _send(options, mark, context)
        arrived = mailbox.wait_for(mark, folders)
        latency_ms = context.deadline.elapsed_ms() - began_ms
        mailbox.tidy(folders, context.now, arrived)
    if arrived.folder == options.spam:
        raise Trouble("spam", f"in {options.spam}", latency_ms=latency_ms)
    return latency_ms


def _send(options: Options, mark: str, context: Context) -> None:
    from checks.network.smtp_session import smtp_session

    with smtp_session(options.smtp, context) as session:
        session.command("MAIL", f"FROM:<{options.sender}>", expected=[(250, 250)])
        session.command("RCPT", f"TO:<{options.recipient}>", expected=[(250, 251)])
        session.send(_build_message(options, mark, context))


def _build_message(options: Options, mark: str, context: Context) -> bytes:
    from email.message import EmailMessage
    from email.utils import formatdate

    from checks.network.imap_session import MARK

    message = EmailMessage()
    message["From"], message["To"] = options.sender, options.recipient
    message["Subject"] = f"Constat {mark}"
    message["Date"] = formatdate(context.now, usegmt=True)
    message["Message-ID"] = f"<{mark}@{options.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message[MARK] = mark
    message.set_content("A message that tests its own delivery. It is deleted when it arrives.")
    return message.as_bytes()
