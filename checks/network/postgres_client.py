"""The protocol of PostgreSQL (version 3) on our own connections, as far as a login and one query need it.

The protocol is implemented here because its library resolves names, connects and encrypts outside the deadline of a probe.
"""

import hashlib
import struct
from inspect import GEN_CREATED, getgeneratorstate
from typing import NamedTuple

from checks.network.connection import Connection, Reader
from checks.network.sasl import WITH_PASSWORD, Conversation, Credentials
from checks.probing import Context
from checks.reasons import Trouble

_VERSION_3 = 196_608
_WANTS_TLS = 80_877_103
_LONGEST = 1 << 20
_GRACE_MS = 500
_OK, _CLEARTEXT, _MD5, _SASL, _SASL_CONTINUES, _SASL_ENDS = 0, 3, 5, 10, 11, 12
_OTHERS = (2, 6, 7, 8, 9, _SASL)
"""Kerberos, SCM credentials, GSSAPI and SSPI, and mechanisms of SASL that we do not speak."""
_SCRAM = "SCRAM-SHA-256"
_LOGIN_STATES = ("28",)
"""Classes of SQLSTATE that refuse a login: 28, invalid authorization."""


class _Message(NamedTuple):
    """A message of the server: its type, one letter, and its body."""

    type: bytes
    body: bytes


def ask_for_tls(connection: Connection) -> None:
    """Ask the server to speak TLS from here on (SSLRequest).

    Raises:
        Trouble: it does not, or answers with more than the one letter.

    """
    connection.sendall(struct.pack(">II", 8, _WANTS_TLS))
    answer = connection.recv(2)
    if answer == b"N":
        raise Trouble("tls", "not spoken on this port")
    if answer != b"S":
        raise Trouble("protocol", "not PostgreSQL") if answer else Trouble("closed")


class PostgresSession:
    """Signs in to one server, and queries it."""

    def __init__(self, connection: Connection, context: Context) -> None:
        self._connection = connection
        self._reader: Reader = connection.makefile()
        self._context = context

    def sign_in(self, account: Credentials, database: str) -> None:
        """Start a session in a database.

        Raises:
            Trouble: the login is refused, or of a kind that we do not speak.

        """
        parameters = {"user": account.username, "database": database, "application_name": "constat"}
        written = b"".join(f"{name}\0{text}\0".encode() for name, text in parameters.items())
        body = struct.pack(">I", _VERSION_3) + written + b"\0"
        self._connection.sendall(struct.pack(">I", len(body) + 4) + body)
        conversation = WITH_PASSWORD[_SCRAM](account)
        while (message := self._read()).type != b"Z":
            if message.type == b"R":
                self._authenticate(message.body, account, conversation)

    def ask(self, query: str) -> list[str | None] | None:
        """Run one query in a transaction that can change nothing; return its first row, or `None` without any.

        The server ends the query soon after our deadline, so that slow queries do not pile up.

        Raises:
            Trouble: the server refuses it, or does not keep to the protocol.

        """
        gone_ms = int(self._context.deadline.left() * 1000) + _GRACE_MS
        self._send(b"Q", f"BEGIN READ ONLY; SET LOCAL statement_timeout = {gone_ms}\0".encode())
        self._read_result()
        self._send_single(query)
        return self._read_result()

    def close(self) -> None:
        """Say goodbye; the open transaction ends without a trace."""
        self._send(b"X", b"")

    def _authenticate(self, body: bytes, account: Credentials, conversation: Conversation) -> None:
        """Answer one request of the server for authentication."""
        code, rest = _read_code(body), body[4:]
        if code == _OK:
            return
        if code == _CLEARTEXT:
            self._send(b"p", account.password.encode() + b"\0")
        elif code == _MD5:
            self._send(b"p", _hash_md5(account, rest) + b"\0")
        elif code == _SASL and _SCRAM.encode() in rest.split(b"\0"):
            if getgeneratorstate(conversation) != GEN_CREATED:
                raise Trouble("protocol", "a second request to log in")
            first = next(conversation) or b""
            self._send(b"p", _SCRAM.encode() + b"\0" + struct.pack(">I", len(first)) + first)
        elif code in (_SASL_CONTINUES, _SASL_ENDS):
            answer = _converse(conversation, rest)
            if code == _SASL_CONTINUES:
                self._send(b"p", answer)
        elif code in _OTHERS:
            raise Trouble("settings", "the server wants a login of a kind that we do not speak")
        else:
            raise Trouble("protocol", "a login of no known kind")

    def _send_single(self, query: str) -> None:
        """Send a query as a single statement, of which one row is wanted: a second statement could end our transaction."""
        self._send(b"P", b"\0" + query.encode() + b"\0" + struct.pack(">H", 0))
        self._send(b"B", b"\0\0" + struct.pack(">HHH", 0, 0, 0))
        self._send(b"E", b"\0" + struct.pack(">I", 1))
        self._send(b"S", b"")

    def _read_result(self) -> list[str | None] | None:
        first: list[str | None] | None = None
        while (message := self._read()).type != b"Z":
            if message.type == b"D" and first is None:
                first = _read_row(message.body)
            elif message.type == b"G":
                raise Trouble("settings", "the query wants data from us")
        return first

    def _send(self, type_: bytes, body: bytes) -> None:
        self._connection.sendall(type_ + struct.pack(">I", len(body) + 4) + body)

    def _read(self) -> _Message:
        """Read one message; an error of the server is raised. The connection bounds the length of all messages."""
        head = self._reader.read_exactly(5)
        length = int.from_bytes(head[1:], "big") - 4
        if not head[:1].isalnum() or not 0 <= length <= _LONGEST:
            raise Trouble("protocol", "not PostgreSQL")
        message = _Message(head[:1], self._reader.read_exactly(length))
        if message.type == b"E":
            raise self._build_refusal(message.body)
        return message

    def _build_refusal(self, body: bytes) -> Trouble:
        """Build the trouble for an error of the server: its SQLSTATE and its message."""
        fields = {part[:1]: part[1:] for part in body.split(b"\0") if part}
        state = fields.get(b"C", b"").decode("ascii", "replace")
        said = self._context.quote(fields.get(b"M", b""))
        is_login = state.startswith(_LOGIN_STATES)
        code = f"{state} " if state.isalnum() else ""
        return Trouble("auth" if is_login else "status", f"{code}{said}")


def _read_code(body: bytes) -> int:
    if len(body) < 4:  # noqa: PLR2004 - the bytes of a number
        raise Trouble("protocol", "a message that is too short")
    return int.from_bytes(body[:4], "big")


def _hash_md5(account: Credentials, salt: bytes) -> bytes:
    """Hash the password for an MD5 challenge, as the protocol wants it."""
    inner = hashlib.md5((account.password + account.username).encode(), usedforsecurity=False).hexdigest()
    return b"md5" + hashlib.md5(inner.encode() + salt[:4], usedforsecurity=False).hexdigest().encode()


def _converse(conversation: Conversation, challenge: bytes) -> bytes:
    try:
        return conversation.send(challenge) or b""
    except (StopIteration, TypeError):  # TypeError: an answer before the conversation has begun
        raise Trouble("protocol", "an answer to a login out of turn") from None


def _read_row(body: bytes) -> list[str | None]:
    """Read the values of a row, as text; `None` for NULL."""
    values: list[str | None] = []
    try:
        (count,), at = struct.unpack_from(">H", body), 2
        for _ in range(count):
            (length,) = struct.unpack_from(">i", body, at)
            at += 4
            values.append(None if length < 0 else body[at : at + length].decode("utf-8", "replace"))
            at += max(length, 0)
    except struct.error as error:
        raise Trouble("protocol", "a row that is too short") from error
    return values
