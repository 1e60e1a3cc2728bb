"""An SMTP relay on loopback, with STARTTLS, that accepts every message and discards it."""

import asyncio
import ssl

from aiosmtpd.smtp import SMTP, Envelope, Session


class Inbox:
    """Accepts every message; `accepted` counts them."""

    def __init__(self) -> None:
        self.accepted = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802 -- the name that aiosmtpd looks for
        """Accept a message."""
        self.accepted += 1
        return "250 2.0.0 accepted"


def mail_protocol(tls: ssl.SSLContext, inbox: Inbox) -> asyncio.Protocol:
    """The SMTP protocol of one connection to the relay."""
    return SMTP(inbox, hostname="smtp.maxony.example", ident="Maxony", tls_context=tls, enable_SMTPUTF8=True)
