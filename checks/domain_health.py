"""All that support looks at when a customer's mail does not arrive: one domain, every kind that knows something of it."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from checks.kinds import blocklist, dkim, dmarc, dns, mx, spf, tls
from checks.network.dns_client import Lookups
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble

Worlds = Callable[[], Context]
"""Gives each probe a world of its own: a deadline that begins now, and no steps yet."""


class Subject(NamedTuple):
    """What to look at. `port` is where mail is taken; `lists` are asked about the addresses that take it."""

    domain: str
    selectors: Sequence[str] = ()
    lists: Sequence[str] = ()
    allows: Sequence[str] = ()
    resolvers: tuple[str, ...] = ()
    port: int = 25
    ca: str = ""


class Row(NamedTuple):
    """One line of the table."""

    name: str
    seen: ProbeResult


def look_at_domain(subject: Subject, worlds: Worlds) -> tuple[Row, ...]:
    """Everything at once, in the order of the table."""
    probes = list(_probes(subject))
    with ThreadPoolExecutor(len(probes)) as pool:
        seen = pool.map(lambda probe: probe[1](worlds()), probes)
        return tuple(Row(name, one) for (name, _), one in zip(probes, seen, strict=True))


def _probes(subject: Subject) -> Iterator[tuple[str, Callable[[Context], ProbeResult]]]:
    about: dict[str, Any] = {"domain": subject.domain, "resolvers": subject.resolvers}
    yield "dns", lambda context: dns.probe(dns.Options(**about, type="NS"), context)
    yield "mx", lambda context: mx.probe(mx.Options(**about, port=subject.port), context)
    allows = tuple(subject.allows)
    yield "spf", lambda context: spf.probe(spf.Options(**about, allows=allows), context)
    for selector in subject.selectors:
        yield f"dkim {selector}", _dkim(dkim.Options(**about, selector=selector))
    yield "dmarc", lambda context: dmarc.probe(dmarc.Options(**about), context)
    if subject.lists:
        yield "blocklist", lambda context: attempt(context, lambda: _ask_lists(subject, context))
    yield "tls", lambda context: attempt(context, lambda: _shake_hands(subject, context))


def _dkim(options: dkim.Options) -> Callable[[Context], ProbeResult]:
    return lambda context: dkim.probe(options, context)


def _mail_hosts(subject: Subject, context: Context) -> Sequence[tuple[str, str]]:
    """Names and addresses of the hosts that take mail, most preferred first."""
    lookups = Lookups(context, subject.resolvers)
    records = sorted(lookups.ask(subject.domain, "MX").records, key=lambda record: int(record.preference))
    names = [record.exchange.to_text(omit_final_dot=True).lower() for record in records]
    found = [(name, address) for name in names if name != "." for address in lookups.addresses(name)]
    if not found:
        raise Trouble("record", "no MX with an address")
    return found


def _ask_lists(subject: Subject, context: Context) -> None:
    addresses = dict.fromkeys(address for _, address in _mail_hosts(subject, context))
    options = blocklist.Options(
        targets=tuple(addresses), lists=tuple(subject.lists), resolvers=subject.resolvers
    )
    _pass_on(blocklist.probe(options, context))


def _shake_hands(subject: Subject, context: Context) -> None:
    """The certificate of the first host that takes mail, reached at its address and asked for its name."""
    if subject.port in context.blocked:
        raise Trouble("blocked", f"port {subject.port} cannot be reached from here")
    name, address = _mail_hosts(subject, context)[0]
    options = tls.Options(host=address, port=subject.port, starttls="smtp", server_name=name, ca=subject.ca)
    _pass_on(tls.probe(options, context))


def _pass_on(seen: ProbeResult) -> None:
    """Let one probe's finding be another's."""
    if seen.reason:
        word, _, detail = seen.reason.partition(" ")
        raise Trouble(word, detail, outcome=seen.outcome)
