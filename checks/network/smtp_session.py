"""One SMTP conversation (RFC 5321) on top of `smtplib`, bounded by the probe's deadline, noted step by step.

`smtp` checks it, `mail` sends through it, `tls` uses its STARTTLS. Every unexpected reply is `Trouble`.
"""

import base64
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

from checks.network.connection import Connection, Reader, connect
from checks.network.mail_server import SmtpServer
from checks.network.tls_context import verified_context
from checks.probing import Context
from checks.reasons import Trouble

Codes = Sequence[tuple[int, int]]
"""Expected reply codes as ranges, both ends included."""

PORTS = {"plain": 25, "starttls": 587, "tls": 465}
READY, COMPLETED, CONTINUE, AUTHENTICATED = 220, 250, 334, 235


class _Client(smtplib.SMTP):
    """`smtplib` on one of our connections."""

    file: Reader | None

    def __init__(self, connection: Connection, own_name: str) -> None:
        super().__init__(local_hostname=own_name)
        self.sock = connection  # type: ignore[assignment]


class SmtpSession:
    """A client that introduces itself as `own_name`, for one conversation from the greeting to QUIT."""

    def __init__(self, connection: Connection, context: Context, own_name: str) -> None:
        self._connection = connection
        self._context = context
        self._client = _Client(connection, own_name)

    def greeting(self, banner: str = "") -> None:
        """Wait for the server's greeting, which must contain the text `banner`."""
        code, text = self._read_reply("greeting")
        self._expect("greeting", code, text, [(READY, READY)])
        if banner not in text:
            raise Trouble("banner", self._context.quote(text))

    def hello(self, required: Sequence[str] = ()) -> None:
        """Introduce ourselves; the server must offer the required extensions."""
        code, text = self.say("EHLO", self._client.local_hostname)
        self._expect("EHLO", code, text, [(COMPLETED, COMPLETED)])
        offered = {line.split()[0].upper(): line.upper() for line in text.splitlines()[1:] if line.split()}
        self._client.esmtp_features = offered
        for extension in required:
            if not _offers(offered, extension.upper().split()):
                raise Trouble("content", f"EHLO without {extension}")

    def start_tls(self, context: ssl.SSLContext, name: str) -> None:
        """Ask for TLS and start it, with the certificate verified for `name`. EHLO comes next."""
        self.ask_for_tls()
        start_tls(self._connection, self._context, context, name)
        self._client.file = None

    def ask_for_tls(self) -> None:
        """Say STARTTLS; the handshake comes next."""
        if "STARTTLS" not in self._client.esmtp_features:
            raise Trouble("content", "EHLO without STARTTLS")
        self.command("STARTTLS", expected=[(READY, READY)])
        self._refuse_unasked("TLS")  # plain text pushed into the secure conversation (CVE-2011-0411)

    def log_in(self, username: str, password: str, mechanism: Literal["plain", "login"] | None) -> None:
        """Authenticate with PLAIN (RFC 4616) or LOGIN; by default with the first of them that is offered."""
        offered = self._client.esmtp_features.get("AUTH", "").replace("=", " ").split()[1:]
        acceptable = [mechanism.upper()] if mechanism else ["PLAIN", "LOGIN"]
        chosen = next((name for name in acceptable if name in offered), None)
        if chosen is None:
            raise Trouble("content", f"EHLO without AUTH {' or '.join(acceptable)}")
        if chosen == "PLAIN":
            self._authenticate(
                "AUTH", f"PLAIN {_base64(f'{chr(0)}{username}{chr(0)}{password}')}", AUTHENTICATED
            )
        else:
            self._authenticate("AUTH", "LOGIN", CONTINUE)
            self._authenticate(_base64(username), "", CONTINUE)
            self._authenticate(_base64(password), "", AUTHENTICATED)
        self._context.note(f"AUTH {chosen}", "accepted")

    def command(self, verb: str, arguments: str = "", *, expected: Codes) -> str:
        """Send a command and return the text of the reply, whose code must be an expected one."""
        code, text = self.say(verb, arguments)
        self._expect(verb, code, text, expected)
        return text

    def say(self, verb: str, arguments: str = "") -> tuple[int, str]:
        """Send a command and return whatever the server replies."""
        self._refuse_unasked(verb)
        self._client.putcmd(verb, arguments)
        return self._read_reply(verb)

    def send(self, message: bytes) -> str:
        """Hand over one message after RCPT TO, and return the text of the reply."""
        self._refuse_unasked("DATA")
        try:
            code, reply = self._client.data(message)
        except smtplib.SMTPDataError as error:  # DATA itself was not answered with 354
            code, reply = int(error.smtp_code), bytes(error.smtp_error)  # type: ignore[arg-type]
        text = reply.decode("utf-8", "replace")
        self._context.note("DATA", f"{code} {text}")
        self._expect("DATA", code, text, [(COMPLETED, COMPLETED)])
        return text

    def quit(self) -> None:
        """Say goodbye. The conversation is over, whatever the server answers."""
        try:
            self.say("QUIT")
        except (OSError, Trouble) as error:
            self._context.note("QUIT", f"no answer ({type(error).__name__})")

    def _authenticate(self, verb: str, arguments: str, expected: int) -> None:
        """Send one line of a login, which is never noted: it holds secrets."""
        self._refuse_unasked("AUTH")
        self._client.putcmd(verb, arguments)
        code, text = self._read_reply("AUTH", noted=False)
        if code != expected and code > 0:
            raise Trouble("auth", f"{code} {self._context.quote(text)}")
        self._expect("AUTH", code, text, [(expected, expected)])

    def _read_reply(self, verb: str, *, noted: bool = True) -> tuple[int, str]:
        try:
            code, text = self._client.getreply()
        except smtplib.SMTPResponseException as error:
            raise Trouble("protocol", f"a line too long after {verb}") from error
        if noted:
            self._context.note(verb, f"{code} {text.decode('utf-8', 'replace')}")
        return code, text.decode("utf-8", "replace")

    def _expect(self, verb: str, code: int, text: str, expected: Codes) -> None:
        if code < 0:
            raise Trouble("protocol", f"no SMTP reply to {verb} {self._last_line()}")
        if not any(first <= code <= last for first, last in expected):
            raise Trouble("status", f"{code} to {verb} {self._context.quote(text)}")

    def _last_line(self) -> str:
        return self._context.quote(self._client.file.last_line if self._client.file else b"")

    def _refuse_unasked(self, verb: str) -> None:
        """Refuse a server that speaks before it is asked: its next reply would be taken for that of another command."""
        unasked = self._client.file.unasked() if self._client.file else b""
        if unasked:
            raise Trouble("protocol", f"unasked before {verb} {self._context.quote(unasked)}")


@contextmanager
def smtp_session(
    server: SmtpServer, context: Context, *, banner: str = "", extensions: Sequence[str] = ()
) -> Iterator[SmtpSession]:
    """Connect, secure the conversation and sign in as `server` says; QUIT at the end, unless something was wrong.

    Raises:
        Trouble: the server answered otherwise than expected.
        OSError: the connection failed.

    """
    with connect(server.host, server.port or PORTS[server.security], context) as connection:
        if server.security == "tls":
            start_tls(connection, context, verified_context(server.ca, context.root), server.certificate_name)
        session = SmtpSession(connection, context, server.ehlo or connection.own_name())
        session.greeting(banner)
        session.hello(extensions if server.security != "starttls" else ())
        if server.security == "starttls":
            session.start_tls(verified_context(server.ca, context.root), server.certificate_name)
            session.hello(extensions)
        if server.username:
            fill = context.secrets.fill
            account = fill(server.username, server.host), fill(server.password, server.host)
            session.log_in(*account, server.auth)
        yield session
        session.quit()


def start_tls(
    connection: Connection, context: Context, tls_context: ssl.SSLContext, name: str
) -> ssl.SSLSocket:
    """Speak TLS on a connection from here on, noted as one step."""
    secure = connection.start_tls(tls_context, name)
    cipher = secure.cipher()
    context.note("TLS", f"{secure.version()} {cipher[0] if cipher else ''}".rstrip())
    return secure


def _offers(offered: dict[str, str], extension: Sequence[str]) -> bool:
    """Whether a keyword, and each parameter named after it, is among the EHLO lines."""
    line = offered.get(extension[0], "").replace("=", " ").split()
    return bool(line) and all(word in line for word in extension)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
