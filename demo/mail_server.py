"""A real SMTP relay on loopback, with STARTTLS, that takes every message and forgets it."""

import asyncio
import ssl

from aiosmtpd.smtp import SMTP, Envelope, Session


class Inbox:
    """Takes every message; `taken` counts them."""

    def __init__(self) -> None:
        self.taken = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd finds it by this name
        """Say that the message was taken."""
        self.taken += 1
        return "250 2.0.0 taken"


def mail_protocol(tls: ssl.SSLContext, inbox: Inbox) -> asyncio.Protocol:
    """One connection to the relay."""
    return SMTP(inbox, hostname="smtp.maxony.example", ident="Maxony", tls_context=tls, enable_SMTPUTF8=True)
