"""Probe everything that decides whether a domain's mail arrives: DNS, MX, SPF, DKIM, DMARC, blocklists and TLS.

This is a task and not a kind of check: `status.yml` cannot name it, nothing is recorded, and it only combines probes
of several kinds, feeding what one finds into the next. Every connection is still opened in `checks/`.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple, TypeVar

from checks.contract import CheckKind
from checks.kinds import blocklist, dkim, dmarc, dns, mx, spf, tls
from checks.network.dns_client import Lookups
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble

OptionsT = TypeVar("OptionsT")

NewContext = Callable[[], Context]
"""A function that returns a fresh context for one probe: a deadline that begins now, and no steps yet."""

Probe = Callable[[Context], ProbeResult]


class MailSetup(NamedTuple):
    """A domain, and how it is expected to handle mail.

    `selectors`: of its DKIM keys. `lists`: blocklists to query for its mail hosts' addresses. `allows`: addresses that
    its SPF record must allow. `port`: the SMTP port of its mail hosts. `ca`: a file of certificate authorities to trust.
    """

    domain: str
    selectors: Sequence[str] = ()
    lists: Sequence[str] = ()
    allows: Sequence[str] = ()
    resolvers: tuple[str, ...] = ()
    port: int = 25
    ca: str = ""


class NamedResult(NamedTuple):
    """The result of one probe, with its name in the table."""

    name: str
    result: ProbeResult


class MailHost(NamedTuple):
    """A host that accepts mail, with one of its addresses."""

    name: str
    address: str


def look_at_domain(setup: MailSetup, new_context: NewContext) -> tuple[NamedResult, ...]:
    """Run all probes at once; return the results in the order of the table."""
    probes = list(_list_probes(setup))
    with ThreadPoolExecutor(len(probes)) as pool:
        results = pool.map(lambda probe: probe[1](new_context()), probes)
        return tuple(NamedResult(name, result) for (name, _), result in zip(probes, results, strict=True))


def _list_probes(setup: MailSetup) -> Iterator[tuple[str, Probe]]:
    domain, resolvers = setup.domain, setup.resolvers
    yield "dns", _probe_with(dns, dns.Options(domain=domain, resolvers=resolvers, type="NS"))
    yield "mx", _probe_with(mx, mx.Options(domain=domain, resolvers=resolvers, port=setup.port))
    yield "spf", _probe_with(spf, spf.Options(domain=domain, resolvers=resolvers, allows=tuple(setup.allows)))
    for selector in setup.selectors:
        key = dkim.Options(domain=domain, resolvers=resolvers, selector=selector)
        yield f"dkim {selector}", _probe_with(dkim, key)
    yield "dmarc", _probe_with(dmarc, dmarc.Options(domain=domain, resolvers=resolvers))
    if setup.lists:
        yield "blocklist", lambda context: attempt(context, lambda: _ask_lists(setup, context))
    yield "tls", lambda context: attempt(context, lambda: _check_certificate(setup, context))


def _probe_with(kind: CheckKind[OptionsT], options: OptionsT) -> Probe:
    return partial(kind.probe, options)


def _find_mail_hosts(setup: MailSetup, context: Context) -> Sequence[MailHost]:
    """Look up the hosts that accept mail, most preferred first, once for each of their addresses."""
    lookups = Lookups(context, setup.resolvers)
    names = [name for name in lookups.mail_hosts(setup.domain) if name != "."]
    hosts = [MailHost(name, address) for name in names for address in lookups.addresses(name)]
    if not hosts:
        raise Trouble("record", "no MX with an address")
    return hosts


def _ask_lists(setup: MailSetup, context: Context) -> None:
    addresses = dict.fromkeys(host.address for host in _find_mail_hosts(setup, context))
    options = blocklist.Options(targets=tuple(addresses), lists=tuple(setup.lists), resolvers=setup.resolvers)
    _raise_trouble(blocklist.probe(options, context))


def _check_certificate(setup: MailSetup, context: Context) -> None:
    """Check the certificate of the most preferred mail host: connect to its address, verify its name."""
    if setup.port in context.blocked:
        raise Trouble("blocked", f"port {setup.port} cannot be reached from here")
    name, address = _find_mail_hosts(setup, context)[0]
    options = tls.Options(host=address, port=setup.port, starttls="smtp", server_name=name, ca=setup.ca)
    _raise_trouble(tls.probe(options, context))


def _raise_trouble(result: ProbeResult) -> None:
    """Raise the failure of an inner probe as that of the outer one."""
    if result.reason:
        word, _, detail = result.reason.partition(" ")
        raise Trouble(word, detail, outcome=result.outcome)
