"""The kind `smtp`: what a customer's mail program goes through, up to the point where a message would be sent.

Greeting, EHLO, STARTTLS or implicit TLS, AUTH, MAIL FROM and RCPT TO, RSET, QUIT (RFC 5321, 3207, 4954).
"""

from dataclasses import dataclass
from typing import Annotated

from checks.network.mail_server import SmtpServer
from checks.option_types import DegradedAbove
from checks.probing import Context, ProbeResult, attempt
from constat.config.fields import MailAddress, StatusRanges, Text, about, wrong
from constat.model.kinds import Defaults, SecretUse

DEFAULTS: Defaults = Defaults()
LIBRARIES: tuple[str, ...] = ("checks.network.smtp_session",)


@dataclass(frozen=True, slots=True)
class Options(SmtpServer):
    """The server, what to say to it, and what to expect of it."""

    banner: Annotated[Text, about("text that the greeting must contain")] = ""
    extensions: Annotated[
        tuple[Text, ...], about("extensions that EHLO must offer, such as SIZE or AUTH PLAIN")
    ] = ()
    sender: Annotated[MailAddress, about("send MAIL FROM with this address")] = ""
    recipient: Annotated[MailAddress, about("send RCPT TO with this address")] = ""
    expect_sender: Annotated[StatusRanges, about("the reply codes to MAIL FROM")] = ((250, 250),)
    expect_recipient: Annotated[StatusRanges, about("the reply codes to RCPT TO")] = ((250, 251),)
    degraded_above: DegradedAbove = None

    def __post_init__(self) -> None:
        """Refuse options that contradict each other.

        Raises:
            ValueError: they do.

        """
        SmtpServer.__post_init__(self)
        if self.recipient and not self.sender:
            raise wrong("a recipient without a sender", "add sender: the address for MAIL FROM")


def subject(options: Options) -> str:
    """Name the host."""
    return options.host


def secret_uses(options: Options) -> tuple[SecretUse, ...]:
    """List the account's secrets, which go to the server."""
    return options.secret_uses()


def probe(options: Options, context: Context) -> ProbeResult:
    """Hold one conversation; no message is sent."""
    return attempt(context, lambda: _converse(options, context), degraded_above=options.degraded_above)


def _converse(options: Options, context: Context) -> int:
    """Talk from the greeting to QUIT; return the milliseconds until everything but QUIT was said."""
    from checks.network.smtp_session import smtp_session

    with smtp_session(options, context, banner=options.banner, extensions=options.extensions) as session:
        if options.sender:
            session.command("MAIL", f"FROM:<{options.sender}>", expected=options.expect_sender)
        if options.recipient:
            session.command("RCPT", f"TO:<{options.recipient}>", expected=options.expect_recipient)
        if options.sender:
            session.command("RSET", expected=[(250, 250)])
        return context.deadline.elapsed_ms()
