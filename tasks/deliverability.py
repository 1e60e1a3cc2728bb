"""Look at everything that decides whether a domain's mail arrives: DNS, MX, SPF, DKIM, DMARC, MTA-STS, DANE, BIMI, blocklists, TLS.

This is a task and not a kind of check: `status.yml` cannot name it, nothing is recorded, and it only combines probes
of several kinds, feeding what one finds into the next. Every connection is still opened in `checks/`.
"""

import ipaddress
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import NamedTuple, TypeVar

from checks.contract import CheckKind
from checks.kinds import bimi, blocklist, dane, dkim, dmarc, dns, mtasts, mx, spf, tls, tlsrpt
from checks.network.asking import asking
from checks.network.dns_client import Lookups
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from constat.model import Outcome
from constat.posts.mail_findings import Sight
from constat.posts.mail_report import NO_SELECTOR

USUAL_SELECTORS = (
    *("default", "dkim", "mail", "google", "selector1", "selector2", "s1", "s2", "k1", "k2", "k3"),
    *("fm1", "fm2", "fm3", "mxvault", "smtp", "key1", "sig1"),
)
"""Selectors that large mail services and common programs use, tried where none is given."""

OptionsT = TypeVar("OptionsT")

NewContext = Callable[[], Context]
"""A function that returns a fresh context for one probe: a deadline that begins now, and no steps yet."""

Probe = Callable[[Context], ProbeResult]


class MailSetup(NamedTuple):
    """A domain, and how it is expected to handle mail.

    `selectors`: of its DKIM keys; without any, the usual ones are tried. `lists`: blocklists to query for the addresses of
    its mail hosts and of `allows`. `allows`: addresses that its SPF record must allow. `port`: the SMTP port of its mail hosts. `ca`: a file of certificate authorities to trust.
    """

    domain: str
    selectors: Sequence[str] = ()
    lists: Sequence[str] = ()
    allows: Sequence[str] = ()
    resolvers: tuple[str, ...] = ()
    port: int = 25
    ca: str = ""


class CheckedPoint(NamedTuple):
    """What was looked at, and the result."""

    sight: Sight
    result: ProbeResult


class MailHost(NamedTuple):
    """A host that accepts mail, with one of its addresses."""

    name: str
    address: str


def look_at_domain(setup: MailSetup, new_context: NewContext) -> tuple[CheckedPoint, ...]:
    """Run all probes at once; return the results in the order of the report."""
    selectors = setup.selectors or _find_selectors(setup, new_context())
    probes = list(_list_probes(setup._replace(selectors=selectors)))
    with ThreadPoolExecutor(len(probes)) as pool:
        results = pool.map(lambda probe: probe[1](new_context()), probes)
        points = [CheckedPoint(sight, result) for (sight, _), result in zip(probes, results, strict=True)]
    if _has_no_answer(points[0].result):  # to the question for its name servers
        return tuple(map(_withhold, points))
    return tuple(points)


def _withhold(point: CheckedPoint) -> CheckedPoint:
    """Say of a point only that nobody answered: a resolver that is silent is no fault of the domain."""
    if not _has_no_answer(point.result):
        return point
    reason = f"unanswered the resolver: {point.result.reason}"
    return point._replace(result=point.result._replace(outcome=Outcome.UNKNOWN, reason=reason))


def _has_no_answer(result: ProbeResult) -> bool:
    return result.reason.partition(" ")[0] in _NO_ANSWER


def _find_selectors(setup: MailSetup, context: Context) -> tuple[str, ...]:
    """The usual selectors that have a key, as far as the resolvers answer in time."""
    lookups = Lookups(context, setup.resolvers)
    found: list[str] = []
    # the other probes report a resolver that does not answer; what was found so far is kept
    with suppress(OSError, Trouble):
        found.extend(selector for selector in USUAL_SELECTORS if _has_key(lookups, selector, setup.domain))
    return tuple(found)


def _has_key(lookups: Lookups, selector: str, domain: str) -> bool:
    return any(map(dkim.is_key, lookups.find_texts(f"{selector}._domainkey.{domain}")))


def _list_probes(setup: MailSetup) -> Iterator[tuple[Sight, Probe]]:
    domain, resolvers = setup.domain, setup.resolvers
    yield Sight("dns", domain), _probe_with(dns, dns.Options(domain=domain, resolvers=resolvers, type="NS"))
    yield (
        Sight("mx", domain),
        _probe_with(mx, mx.Options(domain=domain, resolvers=resolvers, port=setup.port)),
    )
    sender = spf.Options(domain=domain, resolvers=resolvers, allows=tuple(setup.allows))
    yield Sight("spf", domain), _probe_with(spf, sender)
    yield from _list_keys(setup)
    yield Sight("dmarc", domain), _probe_with(dmarc, dmarc.Options(domain=domain, resolvers=resolvers))
    yield from _list_transport(setup)
    logo = bimi.Options(domain=domain, resolvers=resolvers, ca=setup.ca)
    yield Sight("bimi", domain), _probe_with(bimi, logo)
    if setup.lists:
        yield Sight("blocklist", domain), lambda context: attempt(context, lambda: _ask_lists(setup, context))
    yield Sight("tls", domain), lambda context: attempt(context, lambda: _check_certificate(setup, context))


def _list_transport(setup: MailSetup) -> Iterator[tuple[Sight, Probe]]:
    """The probes of what makes senders encrypt, which a domain may do without."""
    domain, resolvers = setup.domain, setup.resolvers
    policy = mtasts.Options(domain=domain, resolvers=resolvers, port=setup.port, ca=setup.ca)
    yield Sight("mtasts", domain), _probe_with(mtasts, policy)
    announced = dane.Options(domain=domain, resolvers=resolvers, port=setup.port)
    yield Sight("dane", domain), _probe_with(dane, announced)
    yield Sight("tlsrpt", domain), _probe_with(tlsrpt, tlsrpt.Options(domain=domain, resolvers=resolvers))


def _list_keys(setup: MailSetup) -> Iterator[tuple[Sight, Probe]]:
    """One probe for each selector; without any, one that says so."""
    for selector in setup.selectors:
        key = dkim.Options(domain=setup.domain, resolvers=setup.resolvers, selector=selector)
        yield Sight("dkim", dkim.subject(key)), _probe_with(dkim, key)
    if not setup.selectors:
        yield Sight("dkim", setup.domain), lambda context: context.result(Outcome.UNKNOWN, NO_SELECTOR)


def _probe_with(kind: CheckKind[OptionsT], options: OptionsT) -> Probe:
    return partial(kind.probe, options)


def _find_mail_hosts(setup: MailSetup, context: Context) -> Sequence[MailHost]:
    """Look up the hosts that accept mail, most preferred first, once for each of their addresses.

    Raises:
        Trouble: `unanswered`, if there is none; the probe of the mail hosts says why.

    """
    lookups = Lookups(context, setup.resolvers)
    with asking("the resolver", context):
        names = [name for name in lookups.find_mail_hosts(setup.domain) if name != "."]
        hosts = [MailHost(name, address) for name in names for address in lookups.find_addresses(name)]
    if not hosts:
        raise Trouble("unanswered", "no mail host with an address")
    return hosts


def _ask_lists(setup: MailSetup, context: Context) -> None:
    addresses = dict.fromkeys([*_list_senders(setup), *_find_addresses(setup, context)])
    options = blocklist.Options(targets=tuple(addresses), lists=tuple(setup.lists), resolvers=setup.resolvers)
    _raise_trouble(blocklist.probe(options, context))


def _list_senders(setup: MailSetup) -> Iterator[str]:
    """The single addresses among the networks that must be allowed to send."""
    for network in map(ipaddress.ip_network, setup.allows):
        if network.num_addresses == 1:
            yield str(network.network_address)


def _find_addresses(setup: MailSetup, context: Context) -> Iterator[str]:
    """The addresses of the mail hosts; where senders are given, there need not be any."""
    try:
        yield from (host.address for host in _find_mail_hosts(setup, context))
    except Trouble:
        if not setup.allows:
            raise


def _check_certificate(setup: MailSetup, context: Context) -> None:
    """Check the certificate of the most preferred mail host: connect to its address, verify its name."""
    if setup.port in context.blocked:
        raise Trouble("blocked", f"port {setup.port} cannot be reached from here")
    name, address = _find_mail_hosts(setup, context)[0]
    options = tls.Options(host=address, port=setup.port, starttls="smtp", server_name=name, ca=setup.ca)
    result = tls.probe(options, context)
    if _has_no_answer(result):
        raise Trouble("unanswered", "the mail server does not answer")
    _raise_trouble(result)


_NO_ANSWER = ("timeout", "refused", "reset", "closed", "unreachable")
"""Troubles that say nothing about a certificate; the probe of the mail hosts reports them."""


def _raise_trouble(result: ProbeResult) -> None:
    """Raise the failure of an inner probe as that of the outer one."""
    if result.reason:
        word, _, detail = result.reason.partition(" ")
        raise Trouble(word, detail, outcome=result.outcome)
