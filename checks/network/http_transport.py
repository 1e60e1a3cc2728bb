"""HTTP on our own connections: the transport under `requests`, with one deadline, and answers read as browsers read them."""

import http.client
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from checks.network.connection import Connection

HEADERS_MAX = 1 << 18
"""How many bytes of headers we take, as browsers do. The connection bounds all of them together."""

# The standard library allows a quarter of that per line, and a hundred lines; no argument changes these bounds.
for _bound, _value in (("_MAXLINE", HEADERS_MAX), ("_MAXHEADERS", HEADERS_MAX // 4)):
    setattr(http.client, _bound, _value)

PORTS = {"http": 80, "https": 443}

Reach = Callable[[str, int], Connection]
Secure = Callable[[Connection, str], None]


class FinalAnswer(http.client.HTTPResponse):
    """An answer without the interim ones (RFC 9110 15.2): the standard library skips only 100.

    101 ends HTTP on the connection, so it is no interim answer.
    """

    def _read_status(self) -> tuple[str, int, str]:
        read = super()._read_status  # type: ignore[misc] # not in typeshed
        version, status, reason = read()
        while 100 <= status < 200 and status != http.client.SWITCHING_PROTOCOLS:  # noqa: PLR2004 - 1xx
            http.client.parse_headers(self.fp)
            version, status, reason = read()
        return version, status, reason


class _Plain(HTTPConnection):
    """A connection of urllib3 on one of our sockets."""

    response_class = FinalAnswer

    def __init__(self, reach: Reach, **options: Any) -> None:  # noqa: ANN401 (urllib3 passes its own)
        super().__init__(**options)
        self._reach = reach

    def connect(self) -> None:
        """Use a socket that keeps the deadline."""
        self.sock = self._reach(self._dns_host, self.port)


class _Secure(HTTPSConnection):
    """A connection of urllib3 on one of our sockets over TLS, verified by our own context."""

    response_class = FinalAnswer

    def __init__(self, reach: Reach, secure: Secure, **options: Any) -> None:  # noqa: ANN401 (urllib3 passes its own)
        super().__init__(**options)
        self._reach = reach
        self._secure = secure

    def connect(self) -> None:
        """Use a socket that keeps the deadline, and speak TLS on it."""
        connection = self._reach(self._dns_host, self.port)
        self._secure(connection, self.host)
        self.sock = connection
        self.is_verified = True  # by us, or configured not to be


class Adapter(HTTPAdapter):
    """Sends each request over a fresh connection of ours: a reused one would hide what a new customer goes through."""

    def __init__(self, reach: Reach, secure: Secure) -> None:
        super().__init__()
        self._reach = reach
        self._secure = secure

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, *_args: object, **_kwargs: object
    ) -> HTTPConnectionPool:
        """Make a pool of one connection. The port is always given: else urllib3 would look for one in an IPv6 address."""
        parts = urlsplit(str(request.url))
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        pool: HTTPConnectionPool
        if parts.scheme == "https":
            pool = HTTPSConnectionPool(host, port)
            pool.ConnectionCls = partial(_Secure, self._reach, self._secure)  # type: ignore[assignment]
        else:
            pool = HTTPConnectionPool(host, port)
            pool.ConnectionCls = partial(_Plain, self._reach)  # type: ignore[assignment]
        return pool
