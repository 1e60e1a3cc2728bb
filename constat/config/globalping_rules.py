"""Rules of the checks that Globalping makes: what it can do, and what may be sent to strangers' machines."""

import ipaddress
from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from typing import Any

from constat.config.fields.text_fields import find_secret_names
from constat.config.problem_log import ProblemLog
from constat.config.secret_hosts import refuse_other_hosts
from constat.config.sections import Globalping, ParsedCheck
from constat.interval import MINUTE_S
from constat.model import GLOBALPING
from constat.text.host_names import read_url_host
from constat.text.suggest import did_you_mean

MOST_PROBES = 50
MOST_PACKETS = 16
"""The most packets in one ping by Globalping."""
OPTIONS_BY_KIND: Mapping[str, frozenset[str]] = {
    "http": frozenset(
        {"url", "method", "headers", "status", "follow_redirects", "verify", "ip", "degraded_above"}
    ),
    "tcp": frozenset({"host", "port", "ip", "degraded_above"}),
    "dns": frozenset(
        {"domain", "type", "expect", "match", "absent", "resolvers", "protocol", "degraded_above"}
    ),
    "icmp": frozenset({"host", "packets", "warn", "fail", "ip", "degraded_above"}),
}
"""The kinds that Globalping can make, each with the options that it supports."""

_DNS_TYPES = ("A", "AAAA", "CNAME", "DS", "MX", "NS", "SOA", "SRV", "TXT")
_OWN_NETWORK = ("localhost", "local", "internal", "lan", "home.arpa")
"""The last parts of names that mean something within one network only (RFC 6761, 6762, 8375)."""


def check_globalping(
    log: ProblemLog, globalping: Globalping | None, secrets: Mapping[str, Collection[str]]
) -> None:
    """Note every problem of the section, and of the token that is sent."""
    if globalping is None:
        return
    if not globalping.locations:
        log.wrong((GLOBALPING, "locations"), "no place", "write one: {frankfurt: Frankfurt+DE}")
    if globalping.probes > MOST_PROBES:
        message = f"{globalping.probes} probes at each place"
        log.wrong((GLOBALPING, "probes"), message, f"write at most {MOST_PROBES}")
    if globalping.canary and not is_public(globalping.canary):
        message = f"{globalping.canary} cannot be reached from outside"
        log.wrong((GLOBALPING, "canary"), message, "write a host that answers everywhere")
    names = find_secret_names(globalping.token or "")
    if names and not (globalping.url.startswith("https:") or globalping.unencrypted):
        hint = "write https://, or unencrypted: true"
        log.wrong((GLOBALPING, "url"), "a secret would travel unencrypted", hint)
    refuse_other_hosts(log, (GLOBALPING, "token"), names, read_url_host(globalping.url), secrets)


def check_made_by_globalping(
    log: ProblemLog, parsed: ParsedCheck, globalping: Globalping | None, interval_s: int
) -> None:
    """Note every problem of a check that says `via: globalping`; `interval_s` is that of its service."""
    if globalping is None:
        hint = "describe it: globalping: {locations: {frankfurt: Frankfurt+DE}}"
        log.wrong((*parsed.path, "via"), "no section globalping", hint)
        return
    _check_places(log, parsed, globalping.locations)
    _check_common_keys(log, parsed, interval_s)
    for name in sorted({use.name for use in parsed.secret_uses}):
        message = f"the secret {name} in a check that Globalping makes"
        log.wrong(parsed.path, message, "take it out: probes of strangers would read it")
    taken = OPTIONS_BY_KIND.get(parsed.check.kind)
    if taken is None:
        message = f"Globalping makes no check of the kind {parsed.check.kind}"
        log.wrong((*parsed.path, "kind"), message, f"it makes {', '.join(OPTIONS_BY_KIND)}")
        return
    for option in fields(parsed.options):  # type: ignore[arg-type]  # the options of our kinds are dataclasses
        where = (*parsed.path, option.name)
        if option.name not in taken and log.document.value_at(where) is not None:
            message = f"Globalping knows no {option.name}"
            log.wrong(where, message, "take it out, or make the check here", at_key=True)
    for key, message, hint in _list_limits(parsed.options):
        log.wrong((*parsed.path, key), message, hint)
    for host in _list_targets(parsed):
        if not is_public(host):
            log.wrong(parsed.path, f"{host} cannot be reached from outside", "make the check here")


def _check_places(log: ProblemLog, parsed: ParsedCheck, locations: Collection[str]) -> None:
    vantages = parsed.check.vantages
    if not vantages:
        hint = f"write vantages: [{', '.join(locations)}]"
        log.wrong(parsed.path, "a check that Globalping makes, from no place", hint)
    for number, vantage in enumerate(vantages or ()):
        if vantage not in locations:
            hint = did_you_mean(vantage, locations, otherwise="add it there")
            log.wrong((*parsed.path, "vantages", number), f"globalping.locations has no {vantage}", hint)


def _check_common_keys(log: ProblemLog, parsed: ParsedCheck, interval_s: int) -> None:
    for key, why in (("timeout", "Globalping has its own"), ("confirm", "several probes confirm it")):
        if log.document.value_at((*parsed.path, key)) is not None:
            message = f"{key} of a check that Globalping makes"
            log.wrong((*parsed.path, key), message, f"take it out: {why}", at_key=True)
    if (parsed.check.interval or interval_s) < MINUTE_S:
        message = "Globalping would be asked more often than once a minute"
        log.wrong(parsed.path, message, "write interval: 10m, say: every look costs a test of each probe")


def _list_limits(options: Any) -> Iterator[tuple[str, str, str]]:  # noqa: ANN401 -- options of any of the four kinds
    """Yield each option that Globalping does not allow: its key, what is wrong, and what to write instead."""
    if getattr(options, "method", "GET") not in ("GET", "HEAD"):
        yield "method", f"Globalping sends no {options.method}", "write GET or HEAD"
    if getattr(options, "follow_redirects", False):
        hint = "write follow_redirects: false, and the address or the status that counts"
        yield "follow_redirects", "Globalping follows no redirects", hint
    if any(name.lower() == "user-agent" for name in getattr(options, "headers", ())):
        yield "headers", "Globalping sends its own User-Agent", "take it out"
    if getattr(options, "type", "A") not in _DNS_TYPES:
        yield "type", f"Globalping cannot ask for {options.type}", f"it can: {', '.join(_DNS_TYPES)}"
    if len(getattr(options, "resolvers", ())) > 1:
        yield "resolvers", "Globalping asks one resolver", "keep one"
    if getattr(options, "packets", 1) > MOST_PACKETS:
        yield "packets", f"{options.packets} packets in one probe", f"write at most {MOST_PACKETS}"


def _list_targets(parsed: ParsedCheck) -> Iterator[str]:
    """The hosts that a check contacts; of a DNS check, only its resolvers."""
    if parsed.check.kind != "dns":
        yield parsed.subject
    for resolver in getattr(parsed.options, "resolvers", ()):
        yield resolver.rpartition(":")[0].strip("[]")


def is_public(host: str) -> bool:
    """Whether a host can mean the same machine everywhere: a global address, or a name with a dot outside private zones."""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        last = f".{host}"
        return "." in host and not any(last.endswith(f".{zone}") for zone in _OWN_NETWORK)
