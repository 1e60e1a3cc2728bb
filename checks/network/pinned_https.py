"""A GET over HTTPS from an address that a look-up of ours found, with the certificate verified for the name.

For documents that a standard wants fetched this way: one request, no redirect, no cookie, and an address from the chosen
resolvers.
"""

import http.client
from typing import TYPE_CHECKING, NamedTuple

from checks.network.connection import connect
from checks.network.tls_context import verified_context
from checks.probing import Context
from checks.reasons import Trouble

if TYPE_CHECKING:
    import socket


class PinnedAnswer(NamedTuple):
    """The answer: its status, its type in lower case without parameters, and its body."""

    status: int
    content_type: str
    body: bytes


class Place(NamedTuple):
    """Where to ask: the `name` in the certificate, the `address` that it has, and the port."""

    name: str
    address: str
    port: int = 443


def fetch_at(place: Place, path: str, context: Context, *, ca: str = "", most: int = 65_536) -> PinnedAnswer:
    """Request a path and read the whole answer.

    Raises:
        Trouble: `size` if the body has more than `most` bytes, `closed` if it ends before its length.
        OSError: no connection, or no trusted one.
        http.client.HTTPException: what comes is not HTTP.

    """
    with connect(place.address, place.port, context, most=4 * most) as connection:
        connection.start_tls(verified_context(ca, context.root), place.name)
        request = (
            f"GET {path} HTTP/1.1\r\nHost: {place.name}\r\nUser-Agent: constat\r\nConnection: close\r\n\r\n"
        )
        connection.sendall(request.encode("ascii"))
        with http.client.HTTPResponse(_as_socket(connection), method="GET") as response:
            response.begin()
            body = response.read(most + 1)
            is_cut = bool(response.length) and len(body) <= most  # read() with a size does not report it
            kind = (response.getheader("Content-Type") or "").partition(";")[0].strip().lower()
    if len(body) > most:
        raise Trouble("size", f"more than {most} bytes")
    if is_cut:
        raise Trouble("closed")
    context.note(f"GET {path}", f"{response.status} {len(body)} bytes")
    return PinnedAnswer(response.status, kind, body)


def _as_socket(connection: object) -> "socket.socket":
    """Pass off a connection as the socket that the standard library's client wants: it only calls `makefile`."""
    return connection  # type: ignore[return-value]
