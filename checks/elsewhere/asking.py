"""What to ask of Globalping for a check: the body of `POST /v1/measurements` without its places.

No secret is ever in it: validation refuses checks that hold some.
"""

import ipaddress
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from checks.kinds import dns, http, icmp, tcp
from constat.text.host_names import read_url_host

_CONNECTIONS: Final = 3
"""How many connections a `tcp` check makes at each probe; one that succeeds is enough."""


class Asked(NamedTuple):
    """A measurement: its type and target, and the options of that type, as Globalping names them."""

    type: str
    target: str
    options: Mapping[str, Any]


def ask_elsewhere(kind: str, options: Any) -> Asked:  # noqa: ANN401 -- the options of one of four kinds
    """Say what to ask for a check of a kind.

    Raises:
        KeyError: Globalping makes no checks of that kind.

    """
    return _BY_KIND[kind](options)


def ask_canary(host: str) -> Asked:
    """Say what to ask to learn whether a probe reaches anything: the headers of a page of a host."""
    return Asked("http", host, {"protocol": "HTTPS", "port": 443, "request": {"method": "HEAD", "path": "/"}})


def _ask_http(options: http.Options) -> Asked:
    parts = urlsplit(options.url)
    is_secure = parts.scheme == "https"
    headers = {name: text for name, text in options.headers.items() if name.lower() != "host"}
    request: dict[str, Any] = {"method": options.method, "path": parts.path or "/", "headers": headers}
    if parts.query:
        request["query"] = parts.query
    hosts = [text for name, text in options.headers.items() if name.lower() == "host"]
    if hosts:
        request["host"] = hosts[0]
    target = read_url_host(options.url)
    return Asked(
        "http",
        target,
        {
            "protocol": "HTTPS" if is_secure else "HTTP",
            "port": parts.port or (443 if is_secure else 80),
            "request": request,
            **_choose_version(target, options.ip),
        },
    )


def _ask_tcp(options: tcp.Options) -> Asked:
    version = _choose_version(options.host, options.ip)
    return Asked(
        "ping",
        options.host,
        {"protocol": "TCP", "port": options.port, "packets": _CONNECTIONS, **version},
    )


def _ask_icmp(options: icmp.Options) -> Asked:
    return Asked(
        "ping", options.host, {"packets": options.packets, **_choose_version(options.host, options.ip)}
    )


def _ask_dns(options: dns.Options) -> Asked:
    fields: dict[str, Any] = {"query": {"type": options.type}, "protocol": options.protocol.upper()}
    if options.resolvers:
        server, _, port = options.resolvers[0].rpartition(":")
        fields |= {"resolver": server.strip("[]"), "port": int(port)}
    return Asked("dns", options.domain, fields)


def _choose_version(host: str, ip: str | None) -> dict[str, int]:
    """Choose the version of IP. Globalping takes one for a name only, not for an address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return {"ipVersion": int(ip)} if ip else {}
    return {}


_BY_KIND: Final[Mapping[str, Callable[[Any], Asked]]] = {
    "http": _ask_http,
    "tcp": _ask_tcp,
    "icmp": _ask_icmp,
    "dns": _ask_dns,
}
