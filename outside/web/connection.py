"""One request over a connection of its own, bounded in size and in time, with every wait counted.

Probes have a connection of their own (`checks/network/connection.py`): it speaks any protocol, notes its steps, and tells
our faults from a target's. This one speaks HTTP alone, through proxies too, and keeps what a publisher sends within bounds.
"""

import base64
import io
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from constat.errors import UsageError, visible

_MAX_PROXY_ANSWER = 1 << 16
_PORTS = {"http": 80, "https": 443}


class Deadline:
    """The time by which a file must be complete, on the clock that never jumps."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def get_left(self) -> float:
        """Get the seconds that are left.

        Raises:
            TimeoutError: none is left.

        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _BoundedReader(io.RawIOBase):
    """Reads from a socket until the deadline, and no more than a number of bytes."""

    def __init__(self, connection: socket.socket, deadline: Deadline, bound: int) -> None:
        self._socket = connection
        self._deadline = deadline
        self._left = bound

    def readable(self) -> bool:
        """Whether it can be read: always."""
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        """Read what is there, or wait for more: each wait is bounded by what is left of the whole time."""
        self._socket.settimeout(self._deadline.get_left())
        count = self._socket.recv_into(buffer)
        self._left -= count
        if self._left < 0:
            raise TooLargeError
        return count


class TooLargeError(Exception):
    """A server sends more than a file may have."""


class _BoundedSocket:
    """What `http.client` needs of a socket. Whoever opened the socket closes it."""

    def __init__(self, connection: socket.socket, deadline: Deadline, bound: int) -> None:
        self._socket = connection
        self._deadline = deadline
        self._bound = bound

    def sendall(self, data: bytes) -> None:
        """Send all of the data, within the deadline."""
        self._socket.settimeout(self._deadline.get_left())
        self._socket.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Open a reader for the answer."""
        return io.BufferedReader(_BoundedReader(self._socket, self._deadline, self._bound))

    def close(self) -> None:
        """Leave the socket open: the answer is still to be read."""


def split_url(url: str) -> SplitResult:
    """Split a URL into its parts.

    Raises:
        UsageError: it is not one that can be fetched.

    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise UsageError(f"{visible(url[:200])} is not a URL: {error}") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise UsageError(
            f"{visible(url[:200])} is not a URL of a page", tip="give one that begins with https://"
        )
    return parts


def get_origin(url: SplitResult) -> tuple[str, str, int]:
    """Get scheme, host and port, which make up an origin (RFC 6454)."""
    return url.scheme, url.hostname or "", url.port or _PORTS[url.scheme]


class Body(NamedTuple):
    """What is posted, and its media type."""

    data: bytes
    media_type: str


class Sending(NamedTuple):
    """What goes into a request besides its URL: a body to post, and headers, which override ours.

    `trust`: the TLS context that says whom to trust; `None` for the public authorities.
    """

    body: Body | None = None
    headers: Mapping[str, str] = MappingProxyType({})
    trust: ssl.SSLContext | None = None


_NOTHING = Sending()


@contextmanager
def ask(
    url: SplitResult, proxy: str | None, deadline: Deadline, bound: int, sending: Sending = _NOTHING
) -> Iterator[HTTPResponse]:
    """Send a request, which posts a body if there is one, and yield the answer while its connection is open."""
    via = split_url(proxy) if proxy else None
    headers = {
        "Accept-Encoding": "identity",
        "User-Agent": "constat",
        "Connection": "close",
        **_authorize(url),
        **sending.headers,
    }
    target = f"{url.path or '/'}{f'?{url.query}' if url.query else ''}"
    with _connect(url, via, deadline, sending.trust) as connection:
        if via and url.scheme == "http":
            host = url.netloc.rpartition("@")[2]
            target, headers = f"http://{host}{target}", {**headers, **_authorize(via, "Proxy-Authorization")}
        client = HTTPConnection(url.hostname or "", url.port or _PORTS[url.scheme])
        client.default_port = _PORTS[url.scheme]  # otherwise `Host` would name the port of https
        client.sock = _BoundedSocket(connection, deadline, bound)
        if sending.body:
            data, media_type = sending.body
            client.request("POST", target, data, {**headers, "Content-Type": media_type})
        else:
            client.request("GET", target, headers=headers)
        with closing(client.getresponse()) as answer:
            yield answer


def _authorize(url: SplitResult, header: str = "Authorization") -> dict[str, str]:
    """Build the header for the name and password in a URL; none if it holds none."""
    if url.username is None:
        return {}
    pair = f"{unquote(url.username)}:{unquote(url.password or '')}"
    return {header: f"Basic {base64.b64encode(pair.encode()).decode()}"}


@contextmanager
def _connect(
    url: SplitResult, via: SplitResult | None, deadline: Deadline, trust: ssl.SSLContext | None
) -> Iterator[socket.socket]:
    """Open a connection to an origin, with TLS for https, through a proxy if one is given."""
    with _open_socket(via or url, deadline) as plain:
        if url.scheme == "http":
            yield plain
            return
        if via:
            _open_tunnel(plain, url, via, deadline)
        plain.settimeout(deadline.get_left())
        with (trust or _build_tls_context()).wrap_socket(plain, server_hostname=url.hostname) as secure:
            yield secure


def _open_socket(url: SplitResult, deadline: Deadline) -> socket.socket:
    """Connect to the first address of a host that accepts. All addresses share what is left of the time."""
    _, host, port = get_origin(url)
    failed: OSError = OSError(f"{host} has no address")
    addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for number, (family, kind, protocol, _, address) in enumerate(addresses):
        opened = socket.socket(family, kind, protocol)
        try:
            opened.settimeout(deadline.get_left() / (len(addresses) - number))
            opened.connect(address)
        except OSError as error:
            opened.close()
            failed = error
        else:
            return opened
    raise failed


def _open_tunnel(plain: socket.socket, url: SplitResult, via: SplitResult, deadline: Deadline) -> None:
    """Have a proxy connect us to an origin (RFC 9110 9.3.6)."""
    _, host, port = get_origin(url)
    place = f"[{host}]:{port}" if ":" in host else f"{host.encode('idna').decode()}:{port}"
    lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}"]
    lines += [f"{name}: {value}" for name, value in _authorize(via, "Proxy-Authorization").items()]
    plain.settimeout(deadline.get_left())
    plain.sendall("\r\n".join([*lines, "", ""]).encode())
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):  # byte by byte: what follows belongs to the origin
        plain.settimeout(deadline.get_left())
        byte = plain.recv(1)
        answer += byte
        if not byte or len(answer) > _MAX_PROXY_ANSWER:
            raise OSError("the proxy gives no answer to CONNECT")
    status = answer.split(b"\r\n", 1)[0].decode("latin-1")
    if status.split(" ")[1:2] != ["200"]:
        raise OSError(f"the proxy answers: {status[:100]}")


def _build_tls_context() -> ssl.SSLContext:
    """Build a context that trusts the system's authorities and Mozilla's: not every system has a store."""
    import certifi  # noqa: PLC0415 -- only needed where there is TLS

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
