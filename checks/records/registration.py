"""The registration of a domain, as its registry publishes it (RDAP: RFC 9082, 9083), found by IANA's list of servers (RFC 9224)."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from checks.network.http_client import HttpAnswer, fetch
from checks.network.http_request import Request
from checks.probing import Context
from checks.reasons import Trouble
from checks.records.json_path import parse_json
from checks.records.reported_time import parse_reported_time
from constat.interval import DAY_S, Instant

_NOT_FOUND = 404
_KEPT_S = DAY_S
"""How long a list of servers is kept: it is the same for all domains, and changes a few times a month."""
_ACCEPT = {"Accept": "application/rdap+json, application/json"}


class Registration(NamedTuple):
    """What a registry says about a domain: when its registration ends, if it says so, and its statuses (RFC 8056)."""

    ends: Instant | None
    statuses: tuple[str, ...]


class ServerList:
    """Lists of RDAP servers by top-level domain, fetched once a day from each address: `{suffix: address}`."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Instant, Mapping[str, str]]] = {}

    def find_server(self, domain: str, url: str, ca: str, context: Context) -> str:
        """Find the server of a domain's registry, by the longest suffix that the list has.

        Raises:
            Trouble: the list cannot be fetched, or has no such suffix.

        """
        servers = self._read(url, ca, context)
        labels = domain.lower().split(".")
        suffixes = (".".join(labels[first:]) for first in range(len(labels)))
        server = next((servers[suffix] for suffix in suffixes if suffix in servers), None)
        if server is None:
            raise Trouble("unanswered", f"the registry of .{labels[-1]} has no RDAP server on the list")
        return server

    def _read(self, url: str, ca: str, context: Context) -> Mapping[str, str]:
        read_at, servers = self._kept.get(url, (0, {}))
        if not 0 <= context.now - read_at < _KEPT_S:
            servers = dict(_list_servers(_read_json(_get(url, ca, context.share(2)))))
            self._kept[url] = (context.now, servers)
            context.note("list of servers", f"{len(servers)} suffixes")
        return servers


KNOWN = ServerList()
"""The lists of this process."""


def fetch_registration(domain: str, server: str, ca: str, context: Context) -> Registration | None:
    """Fetch the registration of a domain from an RDAP server; `None` if there is no such domain.

    Raises:
        Trouble: the server's answer is not about the domain, or not RDAP.
        Exception: those of the HTTP client.

    """
    answer = _get(f"{server.rstrip('/')}/domain/{domain}", ca, context)
    if answer.status == _NOT_FOUND:
        return None
    document = _read_json(answer)
    if str(document.get("ldhName", domain)).rstrip(".").lower() != domain:
        raise Trouble("protocol", "an answer about another domain")
    statuses = document.get("status", [])
    return Registration(
        _find_end(document),
        tuple(status for status in statuses if isinstance(status, str)) if isinstance(statuses, list) else (),
    )


def _get(url: str, ca: str, context: Context) -> HttpAnswer:
    return fetch(Request(url=url, headers=_ACCEPT, ca=ca), context)


def _read_json(answer: HttpAnswer) -> Mapping[str, Any]:
    """Read an answer that is a JSON object.

    Raises:
        Trouble: its status is not 2xx, or it is not a JSON object or too long.

    """
    if answer.status // 100 != 2:  # noqa: PLR2004 - 2xx
        raise Trouble("status", str(answer.status))
    if answer.cut:
        raise Trouble("size")
    document = parse_json(answer.body)
    if not isinstance(document, dict):
        raise Trouble("protocol", "not a JSON object")
    return document


def _list_servers(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the suffixes of a list of servers (RFC 9224 4), each with an address, preferably of HTTPS."""
    services = document.get("services")
    if not isinstance(services, list):
        raise Trouble("protocol", "not a list of RDAP servers")
    for service in services:
        match service:
            case [[*suffixes], [*urls]]:
                usable = [url for url in urls if isinstance(url, str) and url.startswith(("https:", "http:"))]
                if not usable:
                    continue
                best = next((url for url in usable if url.startswith("https:")), usable[0])
                for suffix in suffixes:
                    if isinstance(suffix, str):
                        yield suffix.lower().strip("."), best


def _find_end(document: Mapping[str, Any]) -> Instant | None:
    """Find when the registration ends (`expiration`, RFC 9083 10.2.3); some registries leave out the offset."""
    events = document.get("events")
    for event in events if isinstance(events, list) else ():
        match event:
            case {"eventAction": "expiration", "eventDate": str(date)}:
                try:
                    return parse_reported_time(date, assume_utc=True)
                except ValueError as error:
                    raise Trouble("protocol", "an end that is not a time") from error
    return None
