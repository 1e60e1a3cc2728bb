"""Ways through a proxy on our own connections: HTTP's CONNECT (RFC 9110 9.3.6), and SOCKS 5 (RFC 1928, RFC 1929)."""

import base64
import ipaddress
from typing import NamedTuple

from checks.network.connection import Connection, Reader
from checks.network.http_transport import FinalAnswer
from checks.probing import Context
from checks.reasons import Trouble
from constat.text.host_names import write_in_url

_LOGIN_STATUSES = (401, 407)
"""The correct status is 407; tinyproxy refuses a password with 401."""
_VERSION, _LOGIN_VERSION = 5, 1
_OPEN, _WITH_PASSWORD, _NO_METHOD = 0, 2, 0xFF
_IPV4, _NAME, _IPV6 = 1, 3, 4
_ADDRESS_BYTES = {_IPV4: 4, _IPV6: 16}
_LONGEST = 255
_REFUSALS = (
    *("succeeded", "general failure", "not allowed by the rules", "network unreachable", "host unreachable"),
    *("connection refused", "time to live expired", "command not supported", "address type not supported"),
)
"""What a SOCKS proxy answers, by its number (RFC 1928 6)."""


class Account(NamedTuple):
    """Our account at the proxy; both are empty if we have none."""

    username: str
    password: str


class Destination(NamedTuple):
    """The other end of the tunnel: a host that the proxy resolves, and a port."""

    host: str
    port: int

    def write(self) -> str:
        """Write the destination as in an HTTP request."""
        return f"{write_in_url(self.host)}:{self.port}"


def pass_http_proxy(
    connection: Connection, destination: Destination, account: Account, context: Context
) -> Reader:
    """Ask an HTTP proxy for a tunnel; what comes through it is read from the returned reader.

    Raises:
        Trouble: it refuses, or does not speak HTTP.

    """
    lines = [f"CONNECT {destination.write()} HTTP/1.1", f"Host: {destination.write()}"]
    if account.username:
        pair = base64.b64encode(":".join(account).encode()).decode()
        lines.append(f"Proxy-Authorization: Basic {pair}")
    connection.sendall("\r\n".join([*lines, "User-Agent: constat (status page)", "", ""]).encode("ascii"))
    answer = FinalAnswer(connection, method="CONNECT")  # type: ignore[arg-type] # all that it uses of a socket
    answer.begin()
    context.note("CONNECT", f"status {answer.status}")
    if answer.status in _LOGIN_STATUSES:
        raise Trouble("auth", f"{answer.status} {context.quote(answer.reason)}")
    if answer.status // 100 != 2:  # noqa: PLR2004 - 2xx
        raise Trouble("status", f"{answer.status} {context.quote(answer.reason)}")
    reader, answer.fp = answer.fp, None  # type: ignore[assignment] # otherwise closed with the answer
    return reader  # type: ignore[return-value] # made by our connection


def pass_socks_proxy(
    connection: Connection, destination: Destination, account: Account, context: Context
) -> Reader:
    """Ask a SOCKS proxy for a tunnel; what comes through it is read from the returned reader.

    Raises:
        Trouble: it refuses, or does not speak SOCKS 5.

    """
    reader = connection.makefile()
    methods = bytes([_OPEN, _WITH_PASSWORD] if account.username else [_OPEN])
    connection.sendall(bytes([_VERSION, len(methods)]) + methods)
    version, method = reader.read_exactly(2)
    if version != _VERSION:
        raise Trouble("protocol", f"not SOCKS 5 {context.quote(bytes([version, method]))}")
    if method == _NO_METHOD:
        raise Trouble("auth", "the proxy takes none of our ways to sign in")
    if method not in methods:
        raise Trouble("protocol", "a way to sign in that was not offered")
    if method == _WITH_PASSWORD:
        _sign_in(connection, reader, account)
        context.note("login")
    request = bytes([_VERSION, 1, 0]) + _write_address(destination.host) + destination.port.to_bytes(2, "big")
    connection.sendall(request)
    _read_reply(reader)
    context.note("SOCKS", f"a way to {destination.write()}")
    return reader


def _sign_in(connection: Connection, reader: Reader, account: Account) -> None:
    """Sign in with a password (RFC 1929).

    Raises:
        Trouble: it is refused, or does not fit into the protocol.

    """
    texts = [text.encode() for text in account]
    if any(len(text) > _LONGEST for text in texts):
        raise Trouble("secret", "username and password must be at most 255 bytes")
    connection.sendall(bytes([_LOGIN_VERSION]) + b"".join(bytes([len(text)]) + text for text in texts))
    _, refused = reader.read_exactly(2)
    if refused:
        raise Trouble("auth", "the proxy refuses username and password")


def _write_address(host: str) -> bytes:
    """Write a host as the proxy takes it: an address, or a name that it resolves itself."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        name = host.encode("ascii")
        return bytes([_NAME, len(name)]) + name
    return bytes([_IPV4 if address.version == 4 else _IPV6]) + address.packed  # noqa: PLR2004 - IPv4


def _read_reply(reader: Reader) -> None:
    """Read the whole reply: what follows it comes from the destination.

    Raises:
        Trouble: the tunnel is refused, or this is not a reply.

    """
    version, code, _, kind = reader.read_exactly(4)
    if version != _VERSION:
        raise Trouble("protocol", "not SOCKS 5")
    if code:
        said = _REFUSALS[code] if code < len(_REFUSALS) else f"refused with {code}"
        raise Trouble("status", said)
    if kind == _NAME:
        length = reader.read_exactly(1)[0]
    elif kind in _ADDRESS_BYTES:
        length = _ADDRESS_BYTES[kind]
    else:
        raise Trouble("protocol", "an address of an unknown type")
    reader.read_exactly(length + 2)
