"""The words of IMAP (RFC 9051, RFC 3501) on one of our connections: commands, their answers, and literals in both.

The standard library's client speaks ASCII only, and only the text of its errors tells a server that refuses from one that
cannot be understood.
"""

import re
from collections.abc import Sequence

from checks.network import sasl
from checks.network.connection import MOST_BYTES, Connection, TooMuchError
from checks.probing import Context
from checks.reasons import Trouble

_LONGEST_LINE = 65_536
_LITERAL = re.compile(rb"\{(\d{1,12})\+?\}\r?\n\Z")
_STATUS = re.compile(rb"(\S+) (OK|NO|BAD|PREAUTH|BYE)(?: |\r?\n|\Z)(.*)", re.IGNORECASE | re.DOTALL)
_CAPABILITIES = re.compile(rb"\[CAPABILITY ([^\]]*)\]", re.IGNORECASE)
_NO_ANSWER = "no IMAP answer"


class ImapClient:
    """One session. `capabilities`: those that the server named last; `signed_in`: by us, or from the start (PREAUTH)."""

    def __init__(self, connection: Connection, context: Context) -> None:
        self._connection = connection
        self._context = context
        self._reader = connection.makefile()
        self._count = 0
        self._goodbye = b""
        self.capabilities: frozenset[str] = frozenset()
        self.signed_in = False

    def read_greeting(self) -> None:
        """Wait for the greeting.

        Raises:
            Trouble: the server says BYE, in its words, or something that is not IMAP.

        """
        line = self._read()
        self._context.note("greeting", self._context.quote(line))
        status = _STATUS.match(line)
        if not status or status[1] != b"*" or status[2].upper() in (b"NO", b"BAD"):
            raise Trouble("protocol", _NO_ANSWER)
        if status[2].upper() == b"BYE":
            raise Trouble("status", f"BYE to greeting {self._context.quote(status[3])}")
        self.signed_in = status[2].upper() == b"PREAUTH"
        self._learn(line)

    def ask_for_capabilities(self) -> None:
        """Ask what the server can do, unless it has said so."""
        if not self.capabilities:
            self.command("CAPABILITY")

    def ask_for_tls(self) -> None:
        """Say STARTTLS; the handshake comes next, and whatever was said before it no longer counts (RFC 9051 11.1)."""
        self.ask_for_capabilities()
        if "STARTTLS" not in self.capabilities:
            raise Trouble("content", "IMAP without STARTTLS")
        self.command("STARTTLS")
        if unasked := self._reader.read_unasked():
            raise Trouble("protocol", f"unasked before TLS {self._context.quote(unasked)}")
        self._reader = self._connection.makefile()
        self.capabilities = frozenset()

    def command(self, *words: str) -> Sequence[bytes]:
        """Send a command and return the untagged answers to it, without the star.

        A word that is not ASCII is sent as a literal.

        Raises:
            Trouble: the server refuses, says goodbye, or answers with something that is not IMAP.

        """
        tag = self._send(words)
        return self._finish(tag, words[0] if words[0] != "UID" else words[1], "status")

    def log_in(self, username: str, password: str) -> None:
        """Sign in with the command LOGIN."""
        tag = self._send(("LOGIN", quote(username), quote(password)))
        self._note_sign_in(self._finish(tag, "LOGIN", "auth"))

    def authenticate(self, mechanism: str, account: sasl.Credentials) -> None:
        """Sign in with a mechanism of SASL (RFC 9051 6.2.2), sending the first answer at once where that is allowed (RFC 4959)."""
        conversation = sasl.converse(mechanism, account)
        first = next(conversation)
        at_once = first is not None and "SASL-IR" in self.capabilities
        with_command = (sasl.encode(first) or "=",) if at_once and first is not None else ()
        tag = self._send(("AUTHENTICATE", mechanism, *with_command))
        pending = None if at_once else first
        while (line := self._read()).startswith(b"+"):
            challenge = line[1:].strip().decode("utf-8", "replace")
            answer = (
                sasl.encode(pending)
                if pending is not None
                else sasl.reply(conversation, challenge, first if at_once else None)
            )
            pending, at_once = None, False
            self._connection.sendall(f"{answer}\r\n".encode())
        self._note_sign_in(self._finish(tag, "AUTHENTICATE", "auth", line))

    def _note_sign_in(self, said: Sequence[bytes]) -> None:
        """Forget what the server could do before we signed in, unless it has just said so anew (RFC 9051 6.2)."""
        self.signed_in = True
        if not any(line.upper().startswith(b"CAPABILITY") for line in said):
            self.capabilities = frozenset()

    def log_out(self) -> None:
        """Say goodbye. The session is over, whatever the server answers."""
        try:
            self.command("LOGOUT")
        except (OSError, Trouble) as error:
            self._context.note("LOGOUT", f"no answer ({type(error).__name__})")

    def _send(self, words: Sequence[str]) -> str:
        """Send one command, waiting for permission before each literal; return its tag."""
        self._count += 1
        tag = f"A{self._count}"
        line = tag.encode()
        for word in words:
            if word.isascii() and not re.search("[\r\n\0]", word):
                line += b" " + word.encode()
                continue
            literal = word.encode()
            self._connection.sendall(line + b" {%d}\r\n" % len(literal))
            answer = self._read()
            while not answer.startswith(b"+"):
                if not answer.startswith(b"*"):
                    self._judge(answer, tag, words[0], "auth" if words[0] == "LOGIN" else "status")
                    raise Trouble("protocol", _NO_ANSWER)
                answer = self._read()
            line = literal
        self._connection.sendall(line + b"\r\n")
        return tag

    def _finish(self, tag: str, name: str, refused: str, line: bytes | None = None) -> Sequence[bytes]:
        """Read up to the answer that bears the tag; `refused`: the word for a refusal. `line`: its first line, if it has been read."""
        untagged: list[bytes] = []
        answer = self._read() if line is None else line
        while answer.startswith(b"* "):
            status = _STATUS.match(answer)
            if status and status[2].upper() == b"BYE":
                self._goodbye = status[3]
            self._learn(answer)
            untagged.append(answer[2:].rstrip(b"\r\n"))
            answer = self._read_after_goodbye(name)
        self._judge(answer, tag, name, refused)
        self._learn(answer)
        return untagged

    def _read_after_goodbye(self, name: str) -> bytes:
        """Read on; if the connection ends after the server's goodbye, the goodbye says why."""
        try:
            return self._read()
        except (OSError, Trouble):
            if not self._goodbye or name == "LOGOUT":
                raise
            raise Trouble("status", f"BYE to {name} {self._context.quote(self._goodbye)}") from None

    def _judge(self, answer: bytes, tag: str, name: str, refused: str) -> None:
        status = _STATUS.match(answer)
        if not status or status[1].decode("ascii", "replace") != tag:
            raise Trouble("protocol", _NO_ANSWER)
        kind = status[2].decode().upper()
        if kind == "OK":
            return
        quoted = self._context.quote(status[3])
        raise Trouble(refused, quoted if refused == "auth" else f"{kind} to {name} {quoted}")

    def _learn(self, line: bytes) -> None:
        """Keep what the server can do, if a line says so."""
        named = _CAPABILITIES.search(line)
        if named is None and not line.upper().startswith(b"* CAPABILITY"):
            return
        words = named[1] if named else line[2:].partition(b" ")[2]
        if not words.isascii():
            raise Trouble("protocol", _NO_ANSWER)
        self.capabilities = frozenset(words.decode().upper().split())

    def _read(self) -> bytes:
        """Read one answer, with its literals."""
        answer = self._read_line()
        while literal := _LITERAL.search(answer[-32:]):
            size = int(literal[1])
            if size > MOST_BYTES:
                raise TooMuchError
            answer += self._reader.read(size) + self._read_line()
        return answer

    def _read_line(self) -> bytes:
        line = self._reader.readline(_LONGEST_LINE)
        if not line.endswith(b"\n"):
            raise Trouble("protocol", _NO_ANSWER) if len(line) == _LONGEST_LINE else Trouble("closed")
        return line


def quote(text: str) -> str:
    """Write a text as a quoted string (RFC 9051 9); a text that is not ASCII stays, and is sent as a literal."""
    if not text.isascii() or re.search("[\r\n\0]", text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def encode_folder(name: str) -> str:
    """Write the name of a folder in modified UTF-7 (RFC 3501 5.1.3), which servers of every age understand."""

    def encode(run: re.Match[str]) -> str:
        if run[0] == "&":
            return "&-"
        data = run[0].encode("utf-16-be")
        return f"&{sasl.encode(data).rstrip('=').replace('/', ',')}-"

    return re.sub(r"&|[^\x20-\x7e]+", encode, name)
