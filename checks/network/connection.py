"""A TCP connection that cannot outlive its deadline, however slowly the server answers, and cannot fill the memory.

`socket.settimeout` bounds one call, so a server that trickles a byte a second would keep a probe busy for hours. Here
every call gets what is left of the one deadline. `smtplib`, `imaplib` and `smpplib` use a `Connection` as their socket.
"""

import io
import socket
import ssl
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from checks.network.resolver import Address, Ip, resolve
from checks.probing import Context, Deadline
from checks.reasons import Trouble, translate_error

MOST_BYTES = 1 << 20
"""The most bytes that a probe reads from one connection: no protocol here needs a tenth of it."""


class TooMuchError(OSError):
    """The server sent more bytes than we read from one connection."""


class Connection:
    """One connected stream, plain or TLS, whose every call is bounded by one deadline."""

    def __init__(self, stream: socket.socket, deadline: Deadline, most: int = MOST_BYTES) -> None:
        self._stream = stream
        self._deadline = deadline
        self._most = most
        self._received = 0
        self._readers = 0
        self._closing = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()

    @property
    def tls(self) -> ssl.SSLSocket | None:
        """The TLS socket, once `start_tls` has been called."""
        return self._stream if isinstance(self._stream, ssl.SSLSocket) else None

    def find_own_name(self) -> str:
        """Write our end of the connection as an address literal, for a client without a name (RFC 5321 4.1.3)."""
        address = str(self._stream.getsockname()[0])
        return f"[IPv6:{address}]" if ":" in address else f"[{address}]"

    def recv_into(self, buffer: memoryview | bytearray) -> int:
        """Read what is available into a buffer; 0 at the end."""
        self._stream.settimeout(self._deadline.left())
        count = self._stream.recv_into(buffer)
        self._received += count
        if self._received > self._most:
            raise TooMuchError
        return count

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Read up to `size` bytes; empty at the end."""
        buffer = bytearray(min(size, 65_536))
        return bytes(buffer[: self.recv_into(buffer)]) if not flags else b""

    def sendall(self, data: bytes) -> None:
        """Send all of the data."""
        self._stream.settimeout(self._deadline.left())
        self._stream.sendall(data)

    def makefile(self, mode: str = "rb") -> "Reader":
        """Open a buffered reader, as the standard library's clients want it; for reading only."""
        if mode != "rb":
            raise ValueError(mode)
        self._readers += 1
        return Reader(self)

    def start_tls(self, context: ssl.SSLContext, name: str) -> ssl.SSLSocket:
        """Speak TLS from here on, with the certificate verified for `name`.

        Raises:
            ssl.SSLError: the handshake failed; `SSLCertVerificationError` if it was because of the certificate.

        """
        self._stream.settimeout(self._deadline.left())
        # The zone of an address is local: neither the server nor its certificate knows it (RFC 6874 4).
        secure = context.wrap_socket(self._stream, server_hostname=name.partition("%")[0])
        self._stream = secure
        return secure

    def settimeout(self, seconds: float | None) -> None:
        """Do nothing: the deadline bounds every call, whatever a library asks for."""

    def close(self) -> None:
        """Close the connection once its last reader is closed too, as a socket does, without waiting for the server."""
        self._closing = True
        if not self._readers:
            self._stream.close()

    def reader_closed(self) -> None:
        """Note that a reader of `makefile` was closed."""
        self._readers -= 1
        if self._closing:
            self.close()

    def shutdown(self, how: int) -> None:
        """Shut down one direction, as `imaplib` does before it closes."""
        self._stream.shutdown(how)


class _Source(io.RawIOBase):
    """The raw side of a reader. While `waits` is false, it does not read from the connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.waits = True

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int | None:  # type: ignore[override]
        return self._connection.recv_into(buffer) if self.waits else None

    def close(self) -> None:
        if not self.closed:
            self._connection.reader_closed()
        super().close()


class Reader(io.BufferedReader):
    """Reads a connection, and can tell what the server has sent unasked."""

    def __init__(self, connection: Connection) -> None:
        self._source = _Source(connection)
        self.last_line = b""
        super().__init__(self._source)

    def readline(self, size: int | None = -1, /) -> bytes:
        """Read a line and keep it: a client that rejects a line rarely says what it was."""
        self.last_line = super().readline(size)
        return self.last_line

    def read_exactly(self, length: int) -> bytes:
        """Read `length` bytes, piece by piece: a length that a server merely announces takes no memory.

        Raises:
            EOFError: the connection was closed before that.

        """
        read = bytearray()
        while len(read) < length:
            piece = self.read1(min(length - len(read), 65_536))
            if not piece:
                raise EOFError
            read += piece
        return bytes(read)

    def read_unasked(self) -> bytes:
        """Return the bytes that were received but not read yet, without waiting for more."""
        self._source.waits = False
        try:
            return self.peek()
        finally:
            self._source.waits = True


def _connect_one(family: int, address: Address, seconds: float) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(seconds)
        sock.connect(address)
    except BaseException:  # whatever it was, an interrupt included: no socket is left open
        sock.close()
        raise
    return sock


def _is_ours(error: OSError) -> bool:
    trouble = translate_error(error, 0)
    return trouble is not None and trouble.is_ours


def _connect_any(
    addresses: Sequence[tuple[int, Address]], deadline: Deadline
) -> tuple[socket.socket, Address]:
    """Connect to the first address that accepts; each gets an equal share of the time that is left.

    If all fail, an error of the target's is raised rather than one of ours: our lack of IPv6 is not why IPv4 failed.
    """
    errors: list[OSError] = []
    for index, (family, address) in enumerate(addresses):
        try:
            return _connect_one(family, address, deadline.left() / (len(addresses) - index)), address
        except OSError as error:
            errors.append(error)
    raise next((error for error in errors if not _is_ours(error)), errors[0])


def connect(
    host: str, port: int, context: Context, *, ip: Ip | None = None, most: int = MOST_BYTES
) -> Connection:
    """Resolve a host and connect to it, each noted as a step; if an address fails, the next is tried.

    `ip` asks for IPv4 or IPv6; `most` is how many bytes the server may send.

    Raises:
        Trouble: our own name server does not answer, or the port is one that this vantage cannot reach.
        OSError: no address could be reached.

    """
    addresses = resolve(host, port, context.deadline, ip=ip)
    context.note("resolve", " ".join(str(address[0]) for _, address in addresses))
    try:
        stream, address = _connect_any(addresses, context.deadline)
    except OSError as error:
        if port in context.blocked:
            raise Trouble("blocked", f"port {port} cannot be reached from here") from error
        raise
    context.note("connect", f"{address[0]} port {port}")
    return Connection(stream, context.deadline, most)
