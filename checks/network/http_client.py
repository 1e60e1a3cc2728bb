"""HTTP requests with one total deadline, on our own sockets, without proxies and without secrets to a foreign origin.

`requests` bounds each read, not the whole, so a server that drips bytes outlives its timeout. Its connections are
therefore ours (`checks.network.connection`), where every call has what is left of the one deadline.
"""

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from ssl import SSLContext
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit, urlunsplit

import requests
from requests.cookies import RequestsCookieJar

from checks.network import charsets
from checks.network.connection import Connection, connect
from checks.network.http_request import FilledRequest, Request, fill_in
from checks.network.http_transport import HEADERS_MAX, PORTS, Adapter
from checks.network.tls_context import certified_context, unverified_context, verified_context
from checks.probing import Context
from checks.reasons import Trouble
from constat.text.host_names import read_url_host, spell_host, spell_url

logging.getLogger("urllib3").disabled = True  # it logs unredacted text of the target
for _name in ("connection", "connectionpool", "response", "util.retry"):
    logging.getLogger(f"urllib3.{_name}").disabled = True

MAX_REDIRECTS = 10
_PIECE = 16_384
_PRIVATE = ("authorization", "cookie", "proxy-authorization")
_KEEPS_METHOD = (307, 308)


class HttpAnswer(NamedTuple):
    """The answer, with its body as far as it was read; `cut` if there is more of it."""

    status: int
    body: bytes
    cut: bool
    content_type: str

    @property
    def text(self) -> str:
        """The body as text, as a browser would read it; bytes that are not text are replaced."""
        return charsets.decode(self.body, self.content_type)


def fetch(request: Request, context: Context, cookies: RequestsCookieJar | None = None) -> HttpAnswer:
    """Send a request, follow redirects where that is wanted, and read the answer. `cookies`: those of earlier requests.

    Raises:
        Trouble: too many redirects, or one that would carry a secret away.
        Exception: those of requests and urllib3, which the tables of reasons know.

    """
    filled = fill_in(request, context)
    with ExitStack() as connections, requests.Session() as session:
        session.trust_env = (
            False  # no proxy, no netrc: we look as a customer does, and choose all that we send
        )
        session.headers.clear()
        if cookies is not None:
            session.cookies = cookies
        reach = partial(_reach, request, context, connections)
        adapter = Adapter(reach, partial(_start_tls, request, context))
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        for _ in range(MAX_REDIRECTS + 1):
            response = _send(session, filled, context)
            location = _read_location(response) if request.follow_redirects else None
            if location is None:
                return _read(response, request.max_body, context)
            filled = _follow(filled, response.status_code, location, context)
    raise Trouble("redirect", f"more than {MAX_REDIRECTS} times")


def _send(session: requests.Session, filled: FilledRequest, context: Context) -> requests.Response:
    """Send one request and wait for the headers of its answer.

    `Session.send` is avoided because it reads the whole body of a redirect and works out where it leads.
    """
    request = requests.Request(filled.method, filled.url, headers=dict(filled.headers), data=filled.body)
    prepared = session.prepare_request(request)
    # Verification is not off: our own connections do it, so requests need not load its authorities.
    response = session.get_adapter(filled.url).send(prepared, stream=True, verify=False)
    session.cookies.update(response.cookies)
    context.note("first byte", f"status {response.status_code}")
    return response


def _read(response: requests.Response, most: int, context: Context) -> HttpAnswer:
    """Read the body up to `most` bytes: the beginning is enough of a stream that never ends."""
    body = bytearray()
    for piece in _list_pieces(response):
        body += piece
        if len(body) >= most:
            break
    context.note("body", f"{min(len(body), most)} bytes")
    cut = len(body) > most or bool(response.raw.length_remaining)
    return HttpAnswer(response.status_code, bytes(body[:most]), cut, response.headers.get("Content-Type", ""))


def _list_pieces(response: requests.Response) -> Iterator[bytes]:
    """Yield the body, decompressed, as it arrives."""
    if response.raw.chunked:
        yield from response.raw.stream(_PIECE, decode_content=True)
        return
    while piece := response.raw.read1(_PIECE, decode_content=True):
        yield piece


def _find_origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or PORTS.get(parts.scheme)


def _read_location(response: requests.Response) -> str | None:
    """Read the target of a redirect as the server spelt it: the library decodes all headers as Latin-1."""
    if not response.is_redirect:
        return None
    return str(response.headers["Location"]).encode("latin-1", "replace").decode("utf-8", "replace")


def _resolve_location(base: str, location: str) -> str:
    """Resolve the address that a redirect leads to, spelled like any other, without a user and a fragment."""
    path, mark, query = location.partition("?")
    try:
        parts = urlsplit(
            urljoin(base, f"{path.replace(chr(92), '/')}{mark}{query}")
        )  # as browsers read a backslash
        url = spell_url(urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="")))
    except ValueError:
        raise Trouble("redirect", "to no web address") from None
    if parts.scheme not in PORTS or parts.port == 0:
        raise Trouble("redirect", "to no web address")
    return url


def _follow(filled: FilledRequest, status: int, location: str, context: Context) -> FilledRequest:
    """Build the request that follows a redirect. To another origin it takes no sign-in, no cookie and nothing that holds a secret."""
    url = _resolve_location(filled.url, location)
    context.note("redirect", context.quote(url))
    following = filled._replace(url=url)
    if status not in _KEEPS_METHOD:
        method = filled.method if filled.method == "HEAD" else "GET"
        following = following._replace(method=method, body=None, body_private=False)
    if _find_origin(url) == _find_origin(filled.url):
        return following
    if following.body_private or context.secrets.redact(url) != url:
        raise Trouble("redirect", "would take a secret to another origin")
    dropped = filled.private.union(_PRIVATE)
    kept = {name: text for name, text in filled.headers.items() if name.lower() not in dropped}
    return following._replace(headers=kept)


def _reach(request: Request, context: Context, connections: ExitStack, host: str, port: int) -> Connection:
    most = request.max_body + HEADERS_MAX
    return connections.enter_context(connect(host, port, context, ip=request.ip, most=most))


def _start_tls(request: Request, context: Context, connection: Connection, host: str) -> None:
    tls = connection.start_tls(_choose_trust(request, context, host), host)
    context.note("tls", f"{tls.version()}, {'verified' if request.verify else 'NOT verified'}")


def _choose_trust(request: Request, context: Context, host: str) -> SSLContext:
    """Choose whom we trust, and whether we show a certificate: only to the host of the request, not after a redirect."""
    own = request.certificate
    if own is not None and spell_host(host) == read_url_host(request.url):
        certificate = own.fill(lambda text: context.secrets.fill(text, own.host))
        return certified_context(request.ca, context.root, certificate, verify=request.verify)
    return verified_context(request.ca, context.root) if request.verify else unverified_context()
