"""Propose checks for a website: look at it once, at its certificate, and at the servers that take its domain's mail."""

import json
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from checks.kinds import http, tls
from checks.network.dns_client import Lookups
from checks.probing import Context, ProbeResult
from checks.reasons import Trouble, translate_error
from constat.model import Outcome

HTTPS_PORT = 443

NewContext = Callable[[], Context]
"""A function that returns a fresh context for one probe: a deadline that begins now."""


class Sight(NamedTuple):
    """One look: what was looked at, and what was seen."""

    what: str
    outcome: str


class Proposal(NamedTuple):
    """The lines below `services:` in a `status.yml`, and the looks that they are based on."""

    lines: str
    sights: tuple[Sight, ...]


class Surroundings(NamedTuple):
    """How we look: the DNS servers to ask (none: the system's), and a file of authorities to trust (empty: the system's)."""

    resolvers: tuple[str, ...] = ()
    ca: str = ""


USUAL = Surroundings()


def propose_checks(url: str, new_context: NewContext, around: Surroundings = USUAL) -> Proposal:
    """Look once at a website, its certificate and its mail. The website is always proposed; the rest only if it exists."""
    address = urlsplit(url)
    host = address.hostname or ""
    home = http.probe(http.Options(url=url, ca=around.ca or None), new_context())
    sights = [Sight(url, _describe(home))]
    lines = [_open_service("website", "Website"), _write_check("home", "http", url=url, timeout="10s")]
    if address.scheme == "https":
        port = address.port or HTTPS_PORT
        shown = tls.probe(tls.Options(host=host, port=port, ca=around.ca), new_context())
        sights.append(Sight(f"the certificate of {host}", _describe(shown)))
        lines.append(_write_check("certificate", "tls", host=host, port=port, warn="14d", interval="6h"))
    domain, servers = _find_mail_domain(host, new_context, around.resolvers)
    if domain:
        sights.append(Sight(f"the mail of {domain}", f"taken by {', '.join(servers)}"))
        lines.append(_open_service("mail", "Mail"))
        lines.append(_write_check("mx", "mx", domain=domain, affects="availability", timeout="10s"))
    return Proposal("".join(lines), tuple(sights))


def _describe(result: ProbeResult) -> str:
    if result.outcome is Outcome.UP:
        return f"answers in {result.latency_ms} ms"
    return f"{result.outcome.value}: {result.reason}"


def _find_mail_domain(
    host: str, new_context: NewContext, resolvers: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    """Find the host's nearest domain that has mail servers, and these servers; empty values if there is none."""
    for domain in _list_domains(host):
        context = new_context()
        try:
            servers = tuple(
                name for name in Lookups(context, resolvers).find_mail_hosts(domain) if name != "."
            )
        except (
            Exception
        ) as error:  # a library may raise anything; what no table of reasons knows is raised again
            if not isinstance(error, Trouble) and translate_error(error, context.deadline.seconds) is None:
                raise
            continue
        if servers:
            return domain, servers
    return "", ()


def _list_domains(host: str) -> Iterator[str]:
    """List a host and its parent domains, without the top-level domain; nothing for an IP address."""
    labels = host.split(".")
    if ":" in host or labels[-1].isdigit():
        return
    for first in range(len(labels) - 1):
        yield ".".join(labels[first:])


def _open_service(name: str, title: str) -> str:
    return f"  - id: {name}\n    name: {title}\n    interval: 5m\n    checks:\n"


def _write_check(name: str, kind: str, **options: object) -> str:
    written = [f"name: {name}", f"kind: {kind}"]
    written += [f"{key}: {json.dumps(value)}" for key, value in options.items()]
    return f"      - {{{', '.join(written)}}}\n"
