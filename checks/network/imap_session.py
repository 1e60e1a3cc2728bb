"""One IMAP session (RFC 9051, RFC 3501) on top of `imaplib`, bounded by the probe's deadline, noted step by step."""

import imaplib
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.utils import formatdate

from checks.network.connection import MOST_BYTES, Connection, TooMuchError, connect
from checks.network.mail_server import ProbedMailServer
from checks.network.smtp_session import start_tls
from checks.network.tls_context import verified_context
from checks.probing import Context
from checks.reasons import Trouble
from constat.interval import Instant

MARK = "X-Constat-Probe"
"""The header that marks our messages."""
PORTS = {"plain": 143, "starttls": 143, "tls": 993}
_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 2.0
_KEPT_S = 2 * 86_400
"""No probe of the mailbox waits any more for a marked message this old."""


class _Client(imaplib.IMAP4):
    """`imaplib` on one of our connections."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        super().__init__("", 0)

    def _create_socket(self, _timeout: float | None) -> Connection:
        return self._connection

    def read(self, size: int) -> bytes:
        """Read a literal, unless it is larger than all that we read."""
        if size > MOST_BYTES:
            raise TooMuchError
        return super().read(size)


class _Handshake:
    """Stands in for an SSL context in `IMAP4.starttls`: the connection itself changes to TLS."""

    def __init__(self, context: Context, tls: ssl.SSLContext, name: str) -> None:
        self._context, self._tls, self._name = context, tls, name

    def wrap_socket(self, connection: Connection, *, server_hostname: str) -> Connection:  # noqa: ARG002 (imaplib names it)
        start_tls(connection, self._context, self._tls, self._name)
        return connection


class Mailbox:
    """A session that can watch a folder for a marked message."""

    def __init__(self, client: imaplib.IMAP4, context: Context) -> None:
        self._client = client
        self._context = context

    def open(self, name: str) -> None:
        """Select a folder."""
        quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
        kind, data = self._client.select(quoted)
        self._expect("SELECT", kind, data)
        self._context.note("SELECT", name)

    def wait_for(self, mark: str) -> Sequence[str]:
        """Wait until messages with the mark have arrived, and return their UIDs."""
        pause = _PAUSE_S
        while not (arrived := self._search(mark)):
            time.sleep(min(pause, self._context.deadline.left()))
            pause = min(pause * 1.5, _LONGEST_PAUSE_S)
            kind, data = self._client.noop()
            self._expect("NOOP", kind, data)
        self._context.note("arrived", mark)
        return arrived

    def left_behind(self, now: Instant) -> Sequence[str]:
        """The UIDs of marked messages that no probe waits for any more."""
        day = "-".join(formatdate(now - _KEPT_S, usegmt=True).split()[1:4])
        return self._search("", "BEFORE", day)

    def delete(self, uids: Sequence[str]) -> None:
        """Delete messages by their UIDs; only these, if the server can do that (RFC 4315)."""
        chosen = ",".join(uids)
        kind, data = self._client.uid("STORE", chosen, "+FLAGS.SILENT", "(\\Deleted)")
        self._expect("STORE", kind, data)
        by_uid = "UIDPLUS" in self._client.capabilities
        kind, data = self._client.uid("EXPUNGE", chosen) if by_uid else self._client.expunge()
        self._expect("EXPUNGE", kind, data)
        self._context.note("EXPUNGE", f"{len(uids)} deleted")

    def _search(self, mark: str, *more: str) -> Sequence[str]:
        kind, data = self._client.uid("SEARCH", "HEADER", MARK, f'"{mark}"', *more)
        self._expect("SEARCH", kind, data)
        return [uid for line in data if line for uid in line.decode("ascii", "replace").split()]

    def _expect(self, command: str, kind: str, data: Sequence[object]) -> None:
        if kind != "OK":
            raise Trouble("status", f"{kind} to {command} {self._context.quote(_text(data))}")


def _text(data: Sequence[object]) -> str:
    last = data[-1] if data else b""
    return last.decode("utf-8", "replace") if isinstance(last, bytes) else str(last)


@contextmanager
def imap_session(server: ProbedMailServer, context: Context) -> Iterator[Mailbox]:
    """Connect, secure the session and sign in as `server` says; LOGOUT at the end, unless something was wrong."""
    with connect(server.host, server.port or PORTS[server.security], context) as connection:
        tls = None if server.security == "plain" else verified_context(server.ca, context.root)
        if server.security == "tls" and tls:
            start_tls(connection, context, tls, server.certificate_name)
        with _translate_errors():
            client = _Client(connection)
            context.note("greeting", context.quote(client.welcome or b""))
            if server.security == "starttls" and tls:
                _start_tls(client, _Handshake(context, tls, server.certificate_name))
            if server.username:
                _sign_in(client, server, context)
            yield Mailbox(client, context)
            _log_out(client, context)


@contextmanager
def _translate_errors() -> Iterator[None]:
    """Tell a connection that ended from an answer that is not IMAP: `imaplib` has one exception for both."""
    try:
        yield
    except imaplib.IMAP4.error as error:
        if "socket error" in str(error):  # the error of the socket is its context; without one, it was closed
            raise
        raise Trouble("protocol", "no IMAP answer") from error
    except ValueError as error:  # bytes outside ASCII, where imaplib expects ASCII
        raise Trouble("protocol", "no IMAP answer") from error


def _start_tls(client: _Client, handshake: _Handshake) -> None:
    if "STARTTLS" not in client.capabilities:
        raise Trouble("content", "IMAP without STARTTLS")
    client.starttls(ssl_context=handshake)  # it calls nothing but wrap_socket


def _sign_in(client: _Client, server: ProbedMailServer, context: Context) -> None:
    """Sign in with PLAIN if it is offered (it allows any character), else with LOGIN."""
    name = context.secrets.fill(server.username, server.host)
    password = context.secrets.fill(server.password, server.host)
    try:
        if "AUTH=PLAIN" in client.capabilities:
            client.authenticate("PLAIN", lambda _: f"\0{name}\0{password}".encode())
        else:
            client.login(name, password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise Trouble("auth", context.quote(_error_text(error))) from error
    context.note("sign in", "accepted")


def _error_text(error: Exception) -> str:
    first = error.args[0] if error.args else ""
    return first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first)


def _log_out(client: _Client, context: Context) -> None:
    """Say goodbye. The session is over, whatever the server answers."""
    try:
        client.logout()
    except (OSError, imaplib.IMAP4.error) as error:
        context.note("LOGOUT", f"no answer ({type(error).__name__})")
