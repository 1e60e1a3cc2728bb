"""An HTTP request as it is configured, and as it is sent: with its secrets, and the values from earlier answers, filled in."""

import base64
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit, urlunsplit

from checks.network.resolver import Ip
from checks.network.taken_values import VALUE, fill_text
from checks.network.tls_context import OwnCertificate
from checks.probing import Context
from checks.reasons import Trouble
from checks.secrets import find_secret_names
from constat.config.fields.network_fields import is_header_text
from constat.text.host_names import read_url_host

_OWN_HEADERS = {"User-Agent": "constat (status page)", "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
"""The headers of every request; some servers answer in full only if compression is asked for, as every browser does."""


class Request(NamedTuple):
    """A request as it is configured: its texts may hold `${CONSTAT_X}`, which is filled in for the host of `url`.

    `form`: fields that are sent as a web page sends them, instead of a body. `values`: what `{{name}}` stands for.
    `certificate`: ours, where the server asks for one.

    `basic`: a user and a password; `bearer`: a token. `verify`, `ca`: whether the certificate is verified, and against
    which file instead of the system's authorities. `ip`: the address family. `max_body`: the bytes that are read.
    """

    url: str
    method: str = "GET"
    query: Mapping[str, str] = MappingProxyType({})
    headers: Mapping[str, str] = MappingProxyType({})
    body: str | None = None
    basic: tuple[str, str] | None = None
    bearer: str | None = None
    follow_redirects: bool = True
    verify: bool = True
    ca: str = ""
    ip: Ip | None = None
    max_body: int = 1 << 20
    form: Mapping[str, str] = MappingProxyType({})
    values: Mapping[str, str] = MappingProxyType({})
    certificate: OwnCertificate | None = None


class FilledRequest(NamedTuple):
    """A request with its secrets filled in. `private`: the lower-case names of the headers that hold some."""

    method: str
    url: str
    headers: Mapping[str, str]
    private: frozenset[str]
    body: bytes | None
    body_private: bool


def fill_in(request: Request, context: Context) -> FilledRequest:
    """Fill in the secrets that may go to the host of a request."""
    secret = partial(context.secrets.fill, host=read_url_host(request.url))
    fill = partial(fill_text, values=request.values, secret=secret)
    written = {**_OWN_HEADERS, **request.headers}
    if request.form:
        written.setdefault("Content-Type", "application/x-www-form-urlencoded")
    headers = fill_headers(written, fill, basic=request.basic, bearer=request.bearer)
    query = urlencode({name: fill(text) for name, text in request.query.items()})
    return FilledRequest(
        request.method,
        add_query(request.url, query),
        headers,
        frozenset(name.lower() for name, text in written.items() if _is_private(text)),
        _fill_body(request, fill),
        body_private=any(map(_is_private, (request.body or "", *request.form.values()))),
    )


def _is_private(text: str) -> bool:
    return bool(find_secret_names(text) or VALUE.search(text))


def _fill_body(request: Request, fill: Callable[[str], str]) -> bytes | None:
    if request.form:
        return urlencode({name: fill(text) for name, text in request.form.items()}).encode()
    return None if request.body is None else fill(request.body).encode()


def fill_headers(
    written: Mapping[str, str],
    fill: Callable[[str], str],
    *,
    basic: tuple[str, str] | None = None,
    bearer: str | None = None,
) -> dict[str, str]:
    """Fill the secrets into the headers of a request, and into the one that signs in.

    Raises:
        Trouble: a secret is missing, not meant for the host, or cannot be sent in a header.

    """
    headers = {name: fill(text) for name, text in written.items()}
    if bearer is not None:
        headers["Authorization"] = f"Bearer {fill(bearer)}"
    if basic is not None:
        pair = ":".join(map(fill, basic)).encode()
        headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
    unfit = next((name for name, text in headers.items() if not is_header_text(text)), None)
    if unfit is not None:
        raise Trouble("secret", f"it cannot be sent in the header {unfit}")
    return headers


def add_query(url: str, query: str) -> str:
    """Add parameters to an address, and remove its fragment."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, query))), fragment=""))
