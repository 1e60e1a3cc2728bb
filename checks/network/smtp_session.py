"""One SMTP conversation (RFC 5321) on top of `smtplib`, bounded by the probe's deadline, noted step by step.

`smtp` checks it, `mail` sends through it, `tls` uses its STARTTLS. Every unexpected reply is `Trouble`.
"""

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from checks.network import sasl
from checks.network.account import fill_account
from checks.network.connection import Connection, Reader, connect
from checks.network.mail_server import SmtpServer
from checks.network.tls_context import verified_context
from checks.probing import Context
from checks.reasons import Trouble

Codes = Sequence[tuple[int, int]]
"""Expected reply codes as ranges, both ends included."""

PORTS = {"plain": 25, "starttls": 587, "tls": 465}
READY, COMPLETED, CONTINUE, AUTHENTICATED = 220, 250, 334, 235
_UNKNOWN_COMMAND = (500, 502, 504)


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

    def read_greeting(self, banner: str = "") -> None:
        """Wait for the server's greeting, which must contain the text `banner`."""
        code, text = self._read_reply("greeting")
        self._expect("greeting", code, text, [(READY, READY)])
        if banner not in text:
            raise Trouble("banner", self._context.quote(text))

    def say_hello(self, required: Sequence[str] = ()) -> None:
        """Introduce ourselves; the server must offer the required extensions.

        A server that does not know EHLO is greeted with HELO, as mail programs do (RFC 5321 3.2): it offers nothing.
        """
        code, text = self.say("EHLO", self._client.local_hostname)
        if code in _UNKNOWN_COMMAND:
            text = self.command("HELO", self._client.local_hostname, expected=[(COMPLETED, COMPLETED)])
            text = text.partition("\n")[0]
        else:
            self._expect("EHLO", code, text, [(COMPLETED, COMPLETED)])
        offered = _list_extensions(text)
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

    def log_in(self, account: sasl.Credentials, wanted: str | None) -> None:
        """Authenticate (RFC 4954) with a mechanism, by default with the first of ours that is offered."""
        offered = self._client.esmtp_features.get("AUTH", "").replace("=", " ").split()[1:]
        name = sasl.choose(offered, wanted, account, "EHLO")
        conversation = sasl.converse(name, account)
        first = next(conversation)
        code, text = self._say_unnoted(
            "AUTH", name if first is None else f"{name} {sasl.encode(first) or '='}"
        )
        while code == CONTINUE:
            answer = sasl.reply(conversation, text.strip(), first)
            first = None
            code, text = self._say_unnoted(answer, "")
        if code != AUTHENTICATED and code > 0:
            raise Trouble("auth", f"{code} {self._context.quote(text)}")
        self._expect("AUTH", code, text, [(AUTHENTICATED, AUTHENTICATED)])
        self._context.note(f"AUTH {name}", "accepted")

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

    def _say_unnoted(self, verb: str, arguments: str) -> tuple[int, str]:
        """Send one line of a login, which is never noted: it holds secrets."""
        self._refuse_unasked("AUTH")
        self._client.putcmd(verb, arguments)
        return self._read_reply("AUTH", noted=False)

    def _read_reply(self, verb: str, *, noted: bool = True) -> tuple[int, str]:
        try:
            code, text = self._client.getreply()
        except smtplib.SMTPResponseException as error:
            raise Trouble("protocol", f"line too long after {verb}") from error
        if noted:
            self._context.note(verb, f"{code} {text.decode('utf-8', 'replace')}")
        return code, text.decode("utf-8", "replace")

    def _expect(self, verb: str, code: int, text: str, expected: Codes) -> None:
        if code < 0:
            raise Trouble("protocol", f"no SMTP reply to {verb} {self._quote_last_line()}")
        if not any(first <= code <= last for first, last in expected):
            raise Trouble("status", f"{code} to {verb} {self._context.quote(text)}")

    def _quote_last_line(self) -> str:
        return self._context.quote(self._client.file.last_line if self._client.file else b"")

    def _refuse_unasked(self, verb: str) -> None:
        """Refuse a server that speaks unasked: its replies would be taken for those to other commands."""
        unasked = self._client.file.read_unasked() if self._client.file else b""
        if unasked:
            raise Trouble("protocol", f"unasked before {verb} {self._context.quote(unasked)}")


@contextmanager
def smtp_session(
    server: SmtpServer, context: Context, *, banner: str = "", extensions: Sequence[str] = ()
) -> Iterator[SmtpSession]:
    """Connect, secure the conversation and sign in as `server` says; QUIT at the end, unless something went wrong.

    Raises:
        Trouble: the server did not answer as expected.
        OSError: the connection failed.

    """
    port = server.port or PORTS[server.security]
    account, context = fill_account(server, port, context)
    with connect(server.host, port, context) as connection:
        if server.security == "tls":
            start_tls(connection, context, verified_context(server.ca, context.root), server.certificate_name)
        session = SmtpSession(connection, context, server.ehlo or connection.find_own_name())
        session.read_greeting(banner)
        session.say_hello(extensions if server.security != "starttls" else ())
        if server.security == "starttls":
            session.start_tls(verified_context(server.ca, context.root), server.certificate_name)
            session.say_hello(extensions)
        if account is not None:
            session.log_in(account, server.auth)
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


def _list_extensions(reply: str) -> dict[str, str]:
    """List the extensions that a reply to EHLO names, by their keyword.

    Old servers write `AUTH=LOGIN PLAIN`, some beside the standard line and some instead of it.
    """
    offered: dict[str, str] = {}
    for line in reply.upper().splitlines()[1:]:
        words = line.replace("=", " ", 1).split() if line.startswith("AUTH=") else line.split()
        if words:
            known = offered.get(words[0], words[0]).split()
            offered[words[0]] = " ".join(known + [word for word in words[1:] if word not in known])
    return offered


def _offers(offered: dict[str, str], extension: Sequence[str]) -> bool:
    """Whether a keyword, and each parameter named after it, is among the EHLO lines."""
    line = offered.get(extension[0], "").replace("=", " ").split()
    return bool(line) and all(word in line for word in extension)
