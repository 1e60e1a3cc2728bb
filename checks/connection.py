"""A TCP connection that cannot outlive its deadline, however slowly the other side speaks, nor fill the memory.

`socket.settimeout` bounds one call, so a server that trickles a byte a second would hold a probe for hours. Here every
call gets what is left of the one deadline. `smtplib`, `imaplib` and `smpplib` take a `Connection` for their socket.
"""

import io
import queue
import socket
import ssl
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from checks.probing import Context, Deadline

LONGEST_TALK = 1 << 20
"""The most bytes that a probe reads of one connection: no protocol here needs a tenth of it."""


class TooMuchError(OSError):
    """The other side sent more than `LONGEST_TALK` bytes."""


def resolve(host: str, port: int, deadline: Deadline) -> list[tuple[int, tuple[object, ...]]]:
    """The addresses of a host in the system's order, as (family, socket address).

    `getaddrinfo` knows no deadline, so it runs beside us; where it is late its answer is dropped.

    Raises:
        socket.gaierror: the name has no address, or the system's resolver does not work.
        TimeoutError: no answer within the deadline.

    """
    answers: queue.SimpleQueue[list[tuple[int, tuple[object, ...]]] | OSError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([(family, address) for family, _, _, _, address in found])
        except OSError as error:
            answers.put(error)
        except UnicodeError:  # a label over 63 bytes: the name cannot exist
            answers.put(socket.gaierror(socket.EAI_NONAME, "no such name"))

    threading.Thread(target=look_up, daemon=True, name=f"resolve {host}").start()
    try:
        answer = answers.get(timeout=deadline.left())
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, OSError):
        raise answer
    return answer


class Connection:
    """One connected stream, plain or TLS, whose every call is bounded by one deadline."""

    def __init__(self, stream: socket.socket, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline
        self._reader: _Reader | None = None
        self._heard = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def tls(self) -> ssl.SSLSocket | None:
        """The TLS socket, once `start_tls` has been called."""
        return self._stream if isinstance(self._stream, ssl.SSLSocket) else None

    def recv_into(self, buffer: memoryview | bytearray) -> int:
        """Read what is there into a buffer; 0 at the end."""
        self._stream.settimeout(self._deadline.left())
        count = self._stream.recv_into(buffer)
        self._heard += count
        if self._heard > LONGEST_TALK:
            raise TooMuchError
        return count

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Read up to `size` bytes; empty at the end."""
        buffer = bytearray(min(size, 65_536))
        return bytes(buffer[: self.recv_into(buffer)]) if not flags else b""

    def sendall(self, data: bytes) -> None:
        """Send all of it."""
        self._stream.settimeout(self._deadline.left())
        self._stream.sendall(data)

    def makefile(self, mode: str = "rb") -> io.BufferedReader:
        """The buffered reader of this connection, as the standard library's clients want it; for reading only."""
        if mode != "rb":
            raise ValueError(mode)
        self._reader = _Reader(self)
        return io.BufferedReader(self._reader)

    def unasked(self, reader: io.BufferedReader) -> bytes:
        """What the other side sent beyond what was read, as far as it is here already; nothing is waited for."""
        if self._reader is None:
            return b""
        self._reader.waits = False
        try:
            return reader.peek()
        finally:
            self._reader.waits = True

    def start_tls(self, context: ssl.SSLContext, name: str) -> ssl.SSLSocket:
        """Speak TLS from here on, with the certificate verified for `name`.

        Raises:
            ssl.SSLError: the handshake failed; of the certificate, `SSLCertVerificationError`.

        """
        self._stream.settimeout(self._deadline.left())
        secure = context.wrap_socket(self._stream, server_hostname=name)
        self._stream = secure
        return secure

    def close(self) -> None:
        """Close it; the other side is not waited for."""
        self._stream.close()

    def shutdown(self, how: int) -> None:
        """End one direction, as `imaplib` does before it closes."""
        self._stream.shutdown(how)


class _Reader(io.RawIOBase):
    """The raw side of `makefile`. While it does not wait, it has nothing."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.waits = True

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int | None:  # type: ignore[override]
        return self._connection.recv_into(buffer) if self.waits else None


def connect(host: str, port: int, context: Context) -> Connection:
    """Resolve and connect, each with its step; an address that fails makes place for the next.

    Raises:
        OSError: no address could be reached; what the first one that the other side refused or kept silent said.

    """
    addresses = resolve(host, port, context.deadline)
    context.note("resolve", " ".join(dict.fromkeys(str(address[0]) for _, address in addresses)))
    stream = _first_that_answers(addresses, context.deadline)
    context.note("connect", f"{stream.getpeername()[0]} port {port}")
    return Connection(stream, context.deadline)


def _first_that_answers(
    addresses: Sequence[tuple[int, tuple[object, ...]]], deadline: Deadline
) -> socket.socket:
    """Connect to the first address that takes us; each gets its share of the time that is left."""
    failures: list[OSError] = []
    for index, (family, address) in enumerate(addresses):
        try:
            return _connected(family, address, deadline.left() / (len(addresses) - index))
        except OSError as error:
            failures.append(error)
    raise next(
        (error for error in failures if isinstance(error, TimeoutError | ConnectionError)), failures[0]
    )


def _connected(family: int, address: tuple[object, ...], seconds: float) -> socket.socket:
    stream = socket.socket(family, socket.SOCK_STREAM)
    try:
        stream.settimeout(seconds)
        stream.connect(address)
    except OSError:
        stream.close()
        raise
    return stream
