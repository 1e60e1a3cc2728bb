"""The protocol of Redis (RESP2) on our own connections, as far as a command and its reply need it.

The protocol is implemented here, in fewer lines than it would take to hold a driver to the deadline of a probe.
"""

from checks.network.connection import Connection, Reader
from checks.probing import Context
from checks.reasons import Trouble

Reply = str | int | list["Reply"] | None
"""A text, a number, a list of replies, or nothing."""

_LONGEST_LINE = 8192
_DEEPEST = 8
_LOGIN_ERRORS = ("NOAUTH", "WRONGPASS", "NOPERM")


class RedisSession:
    """Asks one server, one command after the other."""

    def __init__(self, connection: Connection, context: Context) -> None:
        self._connection = connection
        self._reader: Reader = connection.makefile()
        self._context = context

    def ask(self, *words: str) -> Reply:
        """Send a command, and read the reply.

        Raises:
            Trouble: the server refuses it, or does not keep to the protocol.

        """
        parts = [b"$%d\r\n%s\r\n" % (len(word), word) for word in map(str.encode, words)]
        self._connection.sendall(b"*%d\r\n%s" % (len(words), b"".join(parts)))
        return self._read_reply(words[0].upper(), _DEEPEST)

    def _read_reply(self, command: str, depth: int) -> Reply:
        line = self._read_line()
        mark, rest = line[:1], line[1:]
        match mark:
            case b"+":
                return rest.decode("utf-8", "replace")
            case b"-":
                raise self._build_refusal(command, rest.decode("utf-8", "replace"))
            case b":":
                return _read_number(rest)
            case b"$":
                return self._read_text(_read_number(rest))
            case b"*" if depth:
                return self._read_list(command, _read_number(rest), depth)
            case _:
                raise Trouble("protocol", f"not Redis {self._context.quote(line)}")

    def _read_text(self, length: int) -> str | None:
        """Read a text of `length` bytes; -1 stands for nothing. The connection bounds the length."""
        if length < 0:
            return None
        return self._reader.read_exactly(length + 2)[:length].decode("utf-8", "replace")

    def _read_list(self, command: str, count: int, depth: int) -> list[Reply] | None:
        """Read `count` replies. Each takes at least one byte, so the connection bounds their number too."""
        if count < 0:
            return None
        replies: list[Reply] = []
        while len(replies) < count:
            replies.append(self._read_reply(command, depth - 1))
        return replies

    def _read_line(self) -> bytes:
        line = self._reader.readline(_LONGEST_LINE)
        if not line:
            raise Trouble("closed")
        if not line.endswith(b"\r\n"):
            raise Trouble("protocol", f"not Redis {self._context.quote(line)}")
        return line[:-2]

    def _build_refusal(self, command: str, said: str) -> Trouble:
        """Build the trouble for an error of the server: a refused login, or anything else."""
        is_login = command == "AUTH" or said.partition(" ")[0] in _LOGIN_ERRORS
        return Trouble("auth" if is_login else "status", f"{command} {self._context.quote(said)}")


def _read_number(text: bytes) -> int:
    if not text.removeprefix(b"-").isdigit() or len(text) > 20:  # noqa: PLR2004 - 64 bits
        raise Trouble("protocol", "a number that is none")
    return int(text)
