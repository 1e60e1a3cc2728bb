"""One conversation in SMTP (RFC 5321) on top of `smtplib`, bounded by the probe's deadline, told step by step.

`smtp` looks at it, `mail` sends through it, `tls` takes its STARTTLS. Every reply that was not hoped for is `Trouble`.
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
READY, COMPLETED, GO_ON, AUTHENTICATED = 220, 250, 334, 235


class _Client(smtplib.SMTP):
    """`smtplib` on a connection of ours."""

    file: Reader | None

    def __init__(self, connection: Connection, own_name: str) -> None:
        super().__init__(local_hostname=own_name)
        self.sock = connection  # type: ignore[assignment]


class SmtpSession:
    """A client that introduces itself as `own_name`. It is used once, from the greeting to QUIT."""

    def __init__(self, connection: Connection, context: Context, own_name: str) -> None:
        self._connection = connection
        self._context = context
        self._client = _Client(connection, own_name)

    def greeting(self, banner: str = "") -> None:
        """Wait for the server's greeting, which must hold the text `banner`."""
        code, text = self._reply("greeting")
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
        """Ask for TLS and speak it, with the certificate verified for `name`. EHLO comes next."""
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
        """Authenticate with PLAIN (RFC 4616) or LOGIN; by default the first of them that is offered."""
        offered = self._client.esmtp_features.get("AUTH", "").replace("=", " ").split()[1:]
        wanted = [mechanism.upper()] if mechanism else ["PLAIN", "LOGIN"]
        chosen = next((name for name in wanted if name in offered), None)
        if chosen is None:
            raise Trouble("content", f"EHLO without AUTH {' or '.join(wanted)}")
        if chosen == "PLAIN":
            self._prove("AUTH", f"PLAIN {_base64(f'{chr(0)}{username}{chr(0)}{password}')}", AUTHENTICATED)
        else:
            self._prove("AUTH", "LOGIN", GO_ON)
            self._prove(_base64(username), "", GO_ON)
            self._prove(_base64(password), "", AUTHENTICATED)
        self._context.note(f"AUTH {chosen}", "accepted")

    def command(self, verb: str, arguments: str = "", *, expected: Codes) -> str:
        """Say a command and give the text of the reply, whose code must be an expected one."""
        code, text = self.say(verb, arguments)
        self._expect(verb, code, text, expected)
        return text

    def say(self, verb: str, arguments: str = "") -> tuple[int, str]:
        """Say a command and give whatever is replied."""
        self._refuse_unasked(verb)
        self._client.putcmd(verb, arguments)
        return self._reply(verb)

    def send(self, message: bytes) -> str:
        """Hand over one message after RCPT TO; the reply is what the server makes of it."""
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
        """Say goodbye. The conversation is over whatever the server makes of it."""
        try:
            self.say("QUIT")
        except (OSError, Trouble) as error:
            self._context.note("QUIT", f"no answer ({type(error).__name__})")

    def _prove(self, verb: str, arguments: str, hoped: int) -> None:
        """One line of a login, which is never told: what it holds is secret."""
        self._refuse_unasked("AUTH")
        self._client.putcmd(verb, arguments)
        code, text = self._reply("AUTH", told=False)
        if code != hoped and code > 0:
            raise Trouble("auth", f"{code} {self._context.quote(text)}")
        self._expect("AUTH", code, text, [(hoped, hoped)])

    def _reply(self, verb: str, *, told: bool = True) -> tuple[int, str]:
        try:
            code, text = self._client.getreply()
        except smtplib.SMTPResponseException as error:
            raise Trouble("protocol", f"a line too long after {verb}") from error
        if told:
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
        """A server that speaks before it is asked is out of step: the next reply would be taken for another's."""
        unasked = self._client.file.unasked() if self._client.file else b""
        if unasked:
            raise Trouble("protocol", f"unasked before {verb} {self._context.quote(unasked)}")


@contextmanager
def smtp_session(
    server: SmtpServer, context: Context, *, banner: str = "", extensions: Sequence[str] = ()
) -> Iterator[SmtpSession]:
    """Connect, secure the conversation and sign in as `server` says; QUIT in the end, unless something was wrong.

    Raises:
        Trouble: the server did not do its part.
        OSError: the connection failed; the table of reasons knows how.

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
            names = fill(server.username, server.host), fill(server.password, server.host)
            session.log_in(*names, server.auth)
        yield session
        session.quit()


def start_tls(
    connection: Connection, context: Context, tls_context: ssl.SSLContext, name: str
) -> ssl.SSLSocket:
    """Speak TLS on a connection from here on, as one step."""
    secure = connection.start_tls(tls_context, name)
    cipher = secure.cipher()
    context.note("TLS", f"{secure.version()} {cipher[0] if cipher else ''}".rstrip())
    return secure


def _offers(offered: dict[str, str], wanted: Sequence[str]) -> bool:
    """Whether a keyword, and each parameter named after it, is among the EHLO lines."""
    line = offered.get(wanted[0], "").replace("=", " ").split()
    return bool(line) and all(word in line for word in wanted)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
