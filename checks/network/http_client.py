"""The requests of an `http` check: one total deadline, our own sockets, no proxies, no secret to a foreign origin.

`requests` bounds each read, not the whole, and a server that drips bytes outlives that. So its connections are ours
(`checks.network.connection`), where every call has what is left of the one deadline.
"""

import base64
import logging
import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from checks.network.connection import Connection, connect
from checks.network.tls_context import unverified_context, verified_context
from checks.probing import Context
from checks.reasons import Trouble
from checks.secrets import find_secret_names

if TYPE_CHECKING:
    from checks.kinds.http import Options

logging.getLogger("urllib3").disabled = True  # it logs what a target sent, and nobody redacts that
for _name in ("connection", "connectionpool", "response", "util.retry"):
    logging.getLogger(f"urllib3.{_name}").disabled = True

MAX_REDIRECTS = 10
_CHARSET = re.compile(
    r"utf-(8|16|32)(le|be)?|(us-)?ascii|iso-8859-([1-9]|1[013-6])|windows-125[0-8]|shift_jis|euc-(jp|kr)|gb2312|gbk|gb18030|big5|koi8-[ru]",
    re.IGNORECASE | re.ASCII,
)
"""What pages are written in. Python knows more codecs, of which some take very long, or are none for text."""
_PIECE = 16_384
_HEADERS_MAX = 1 << 18
_PRIVATE = ("authorization", "cookie", "proxy-authorization")
_KEEPS_METHOD = (307, 308)
_USER_AGENT = "constat (status page)"

Reach = Callable[[str, int], Connection]
Secure = Callable[[Connection, str], None]


class Answer(NamedTuple):
    """What came back: the body as far as it was read; `cut` where there is more of it."""

    status: int
    body: bytes
    cut: bool
    charset: str

    @property
    def text(self) -> str:
        """The body as text, in the charset that it names where we know that; what is no text is replaced."""
        known = _CHARSET.fullmatch(self.charset)
        return self.body.decode(self.charset if known else "utf-8", "replace")


class _Asked(NamedTuple):
    """One request, secrets filled in. `private`: the lower-case names of the headers that hold some."""

    method: str
    url: str
    headers: Mapping[str, str]
    private: frozenset[str]
    body: bytes | None
    body_private: bool


def fetch(options: "Options", context: Context) -> Answer:
    """Ask, follow redirects where that is wanted, and read what comes.

    Raises:
        Trouble: too many redirects, or one that would carry a secret away.
        Exception: those of requests and urllib3; the table of reasons knows them.

    """
    asked = _first(options, context)
    with ExitStack() as open_things, requests.Session() as session:
        session.trust_env = False  # no proxy, no netrc: we look as a customer does, and say all that we send
        session.headers.clear()
        reach = partial(_reach, options, context, open_things)
        adapter = _Adapter(reach, partial(_secured, options, context))
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        for _ in range(MAX_REDIRECTS + 1):
            response = _send(session, asked, context)
            target = _location(response) if options.follow_redirects else None
            if target is None:
                return _read(response, options.max_body, context)
            asked = _redirected(asked, response.status_code, target, context)
    raise Trouble("redirect", f"more than {MAX_REDIRECTS} times")


def _first(options: "Options", context: Context) -> _Asked:
    """The request as `status.yml` asks for it, with the secrets of its host."""
    host = urlsplit(options.url).hostname or ""
    fill = partial(context.secrets.fill, host=host)
    written = {"User-Agent": _USER_AGENT, "Accept": "*/*", **options.headers}
    headers = {name: fill(text) for name, text in written.items()}
    if options.bearer is not None:
        headers["Authorization"] = f"Bearer {fill(options.bearer)}"
    if options.basic is not None:
        pair = f"{fill(options.basic.username)}:{fill(options.basic.password)}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
    private = frozenset(name.lower() for name, text in written.items() if find_secret_names(text))
    query = urlencode({name: fill(text) for name, text in options.query.items()})
    return _Asked(
        options.method,
        _with_query(options.url, query),
        headers,
        private,
        None if options.body is None else fill(options.body).encode(),
        body_private=bool(find_secret_names(options.body or "")),
    )


def _with_query(url: str, query: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, query))), fragment=""))


def _send(session: requests.Session, asked: _Asked, context: Context) -> requests.Response:
    """Send one request and wait for the headers of its answer.

    Not through `Session.send`, which reads the whole body of a redirect and works out where it leads.
    """
    request = requests.Request(asked.method, asked.url, headers=dict(asked.headers), data=asked.body)
    prepared = session.prepare_request(request)
    # Verification is not off: our own connections do it, and requests need not load its authorities.
    response = session.get_adapter(asked.url).send(prepared, stream=True, verify=False)
    session.cookies.update(response.cookies)
    context.note("first byte", f"status {response.status_code}")
    return response


def _read(response: requests.Response, most: int, context: Context) -> Answer:
    body = bytearray()
    for piece in response.raw.stream(_PIECE, decode_content=True):
        body += piece
        if len(body) > most:
            break
    context.note("body", f"{min(len(body), most)} bytes")
    charset = requests.utils.get_encoding_from_headers(response.headers) or "utf-8"
    named = "charset" in response.headers.get("Content-Type", "").lower()
    return Answer(response.status_code, bytes(body[:most]), len(body) > most, charset if named else "utf-8")


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _location(response: requests.Response) -> str | None:
    """Where a redirect leads, as the server spelt it; headers arrive as Latin-1 whatever they are."""
    if not response.is_redirect:
        return None
    return str(response.headers["Location"]).encode("latin-1", "replace").decode("utf-8", "replace")


def _target(asked: _Asked, location: str) -> str:
    """The address that a redirect leads to, without a user and a fragment."""
    try:
        parts = urlsplit(urljoin(asked.url, location))
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise Trouble("redirect", "to no web address")
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment=""))


def _redirected(asked: _Asked, status: int, location: str, context: Context) -> _Asked:
    """The next request. To another origin it takes no sign-in, no cookie and nothing that holds a secret."""
    url = _target(asked, location)
    context.note("redirect", context.quote(url))
    following = asked._replace(url=url)
    if status not in _KEEPS_METHOD:
        method = asked.method if asked.method == "HEAD" else "GET"
        following = following._replace(method=method, body=None, body_private=False)
    if _origin(url) == _origin(asked.url):
        return following
    if following.body_private or context.secrets.redact(url) != url:
        raise Trouble("redirect", "would take a secret to another origin")
    dropped = asked.private.union(_PRIVATE)
    kept = {name: text for name, text in asked.headers.items() if name.lower() not in dropped}
    return following._replace(headers=kept)


def _reach(options: "Options", context: Context, open_things: ExitStack, host: str, port: int) -> Connection:
    ip = options.ip
    most = options.max_body + _HEADERS_MAX
    return open_things.enter_context(connect(host, port, context, ip=ip, most=most))


def _secured(options: "Options", context: Context, connection: Connection, host: str) -> None:
    trust = verified_context(options.ca or "", context.root) if options.verify else unverified_context()
    tls = connection.start_tls(trust, host)
    context.note("tls", f"{tls.version()}, {'verified' if options.verify else 'NOT verified'}")


class _Plain(HTTPConnection):
    """A connection of urllib3 on a socket of ours."""

    def __init__(self, reach: Reach, **options: Any) -> None:  # noqa: ANN401 (urllib3 passes its own)
        super().__init__(**options)
        self._reach = reach

    def connect(self) -> None:
        """Take a socket that knows its deadline."""
        self.sock = self._reach(self._dns_host, self.port)


class _Secure(HTTPSConnection):
    """The same over TLS, verified by our own context."""

    def __init__(self, reach: Reach, secure: Secure, **options: Any) -> None:  # noqa: ANN401 (urllib3 passes its own)
        super().__init__(**options)
        self._reach = reach
        self._secure = secure

    def connect(self) -> None:
        """Take a socket that knows its deadline, and speak TLS on it."""
        connection = self._reach(self._dns_host, self.port)
        self._secure(connection, self.host)
        self.sock = connection
        self.is_verified = True  # by us, or said to be off in status.yml


class _Adapter(HTTPAdapter):
    """Sends each request over a fresh connection of ours: a kept one would hide what a new customer meets."""

    def __init__(self, reach: Reach, secure: Secure) -> None:
        super().__init__()
        self._reach = reach
        self._secure = secure

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, *_args: object, **_kwargs: object
    ) -> HTTPConnectionPool:
        """A pool of one connection."""
        parts = urlsplit(str(request.url))
        host = parts.hostname or ""
        pool: HTTPConnectionPool
        if parts.scheme == "https":
            pool = HTTPSConnectionPool(host, parts.port)
            pool.ConnectionCls = partial(_Secure, self._reach, self._secure)  # type: ignore[assignment]
        else:
            pool = HTTPConnectionPool(host, parts.port)
            pool.ConnectionCls = partial(_Plain, self._reach)  # type: ignore[assignment]
        return pool
