"""A real SMTP relay on loopback, by aiosmtpd: STARTTLS or TLS, accounts, refused recipients."""

import ssl
from collections.abc import Callable, Mapping
from typing import Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from demo.loop_thread import LoopThread


def _drop(_message: bytes) -> None:
    """Accept a message and drop it."""


class SmtpServer:
    """Listens on a free port of 127.0.0.1 while entered.

    `accounts`: passwords by name; if there are any, authentication is required. `starttls` or `tls`: the server's
    certificate. `refused`: recipients that are answered with 550. `deliver` gets each message that was accepted.
    """

    def __init__(
        self,
        accounts: Mapping[str, str] | None = None,
        *,
        starttls: ssl.SSLContext | None = None,
        tls: ssl.SSLContext | None = None,
        refused: tuple[str, ...] = (),
        deliver: Callable[[bytes], None] = _drop,
    ) -> None:
        self._accounts = dict(accounts or {})
        self._starttls, self._tls = starttls, tls
        self._refused = refused
        self._deliver = deliver
        self._loop = LoopThread()
        self.port = 0

    def __enter__(self) -> Self:
        self._loop.__enter__()
        self.port = int(self._loop.listen(self._protocol, self._tls).rpartition(":")[2])
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.__exit__(None, None, None)

    def _protocol(self) -> SMTP:
        return SMTP(
            self,
            hostname="relay.maxony.example",
            ident="ready",
            tls_context=self._starttls,
            require_starttls=self._starttls is not None,
            authenticator=self._authenticate,
            auth_required=bool(self._accounts),
            auth_require_tls=self._starttls is not None,
        )

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: LoginPassword
    ) -> AuthResult:
        known = self._accounts.get(data.login.decode("utf-8", "replace"))
        return AuthResult(success=known is not None and known.encode() == data.password, handled=False)

    async def handle_RCPT(  # noqa: N802 (aiosmtpd calls it by the name of the command)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept a recipient, or refuse it."""
        if address in self._refused:
            return "550 5.1.1 no such mailbox here"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 ok"

    async def handle_DATA(  # noqa: N802 (the same)
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Deliver a message."""
        content = envelope.content or b""
        self._deliver(content if isinstance(content, bytes) else content.encode())
        return "250 2.0.0 accepted for delivery"
