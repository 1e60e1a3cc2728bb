"""What a receiver makes of SPF (RFC 7208): the result for one address, and what the whole record costs in look-ups."""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple
from urllib.parse import quote

from checks.network.dns_client import Answer, Lookups
from checks.probing import Context
from checks.reasons import Trouble
from checks.records.spf_record import NEEDING_DNS, Mechanism, Qualifier, Record, SpfError, is_spf, parse_spf

Result = Literal["pass", "fail", "softfail", "neutral", "none"]
IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

MOST_LOOKUPS = 10
MOST_VOIDS = 2
_MOST_NAMES = 10
_LONGEST_DOMAIN = 253
_ENDLESS = 100
"""Where even the counting of a record ends."""

_RESULTS: dict[Qualifier, Result] = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}


class Sender(NamedTuple):
    """Whom a receiver checks: `address` sends mail of `domain`."""

    address: IpAddress
    domain: str


@dataclass(slots=True)
class Cost:
    """Look-ups so far, and those that found nothing. `most_lookups` is where a receiver gives up."""

    most_lookups: int = MOST_LOOKUPS
    most_voids: int = MOST_VOIDS
    lookups: int = 0
    voids: int = 0

    def look_up(self) -> None:
        """Count a term that needs DNS."""
        self.lookups += 1
        if self.lookups > self.most_lookups:
            raise SpfError(f"needs more than {self.most_lookups} look-ups")

    def void(self) -> None:
        """Count a look-up that found nothing."""
        self.voids += 1
        if self.voids > self.most_voids:
            raise SpfError(f"looks up more than {self.most_voids} names that do not exist")


@dataclass(frozen=True)
class Zone:
    """The DNS as one probe sees it: each question is asked once, however many addresses are checked."""

    lookups: Lookups
    context: Context
    _known: dict[tuple[str, str], Answer] = field(default_factory=dict)

    def ask(self, name: str, kind: str) -> Answer:
        """Ask, or remember."""
        key = (name.lower().removesuffix("."), kind)
        if key not in self._known:
            self._known[key] = self.lookups.ask(key[0], kind)
        return self._known[key]

    def record(self, domain: str) -> Record | None:
        """The one SPF record of a domain, where it has one.

        Raises:
            SpfError: there are several, or it cannot be read.

        """
        answers = self.ask(domain, "TXT").records
        texts = [b"".join(answer.strings).decode("utf-8", "replace") for answer in answers]
        records = [text for text in texts if is_spf(text)]
        if len(records) > 1:
            raise SpfError(f"has {len(records)} records", domain)
        return parse_spf(records[0]) if records else None


def check_host(zone: Zone, sender: Sender, domain: str, cost: Cost) -> Result:
    """The result of section 4 for one sender, with `domain` the one whose record is read.

    Raises:
        SpfError: a permanent error.
        TimeoutError, Trouble, OSError: DNS did not answer, which is a temporary error.

    """
    record = zone.record(domain)
    if record is None:
        return "none"
    for mechanism in record.mechanisms:
        if _matches(zone, sender, domain, mechanism, cost):
            return _RESULTS[mechanism.qualifier]
    if not record.redirect:
        return "neutral"
    cost.look_up()
    target = expand(record.redirect, sender, domain)
    return _not_none(check_host(zone, sender, target, cost), target)


def _not_none(result: Result, domain: str) -> Result:
    if result == "none":
        raise SpfError("refers to a domain without a record", domain)
    return result


def _matches(zone: Zone, sender: Sender, domain: str, mechanism: Mechanism, cost: Cost) -> bool:
    """Whether one mechanism speaks of this sender (section 5)."""
    if mechanism.name == "all":
        return True
    if mechanism.network is not None:
        return sender.address in mechanism.network
    cost.look_up()
    target = expand(mechanism.domain, sender, domain) if mechanism.domain else domain
    if mechanism.name == "include":
        return _not_none(check_host(zone, sender, target, cost), target) == "pass"
    if mechanism.name == "exists":
        return bool(_ask(zone, target, "A", cost))
    if mechanism.name == "ptr":
        return _names_match(zone, sender.address, target, cost)
    hosts = _mail_hosts(zone, target, cost) if mechanism.name == "mx" else [target]
    return any(_host_matches(zone, sender.address, host, mechanism, cost) for host in hosts)


def _ask(zone: Zone, name: str, kind: str, cost: Cost) -> tuple[Any, ...]:
    records = zone.ask(name, kind).records
    if not records:
        cost.void()
    return records


def _mail_hosts(zone: Zone, domain: str, cost: Cost) -> Sequence[str]:
    hosts = [record.exchange.to_text(omit_final_dot=True) for record in _ask(zone, domain, "MX", cost)]
    if len(hosts) > _MOST_NAMES:
        raise SpfError(f"uses {len(hosts)} mail hosts; {_MOST_NAMES} are allowed", domain)
    return [host for host in hosts if host]


def _host_matches(zone: Zone, address: IpAddress, host: str, mechanism: Mechanism, cost: Cost) -> bool:
    kind, prefix = ("A", mechanism.prefix4) if address.version == 4 else ("AAAA", mechanism.prefix6)  # noqa: PLR2004
    found = (record.address for record in _ask(zone, host, kind, cost))
    return any(address in ipaddress.ip_network(f"{one}/{prefix}", strict=False) for one in found)


def _names_match(zone: Zone, address: IpAddress, domain: str, cost: Cost) -> bool:
    """Whether a reverse name of the address lies in the domain and leads back to it; trouble on the way is no match."""
    kind = "A" if address.version == 4 else "AAAA"  # noqa: PLR2004
    try:
        names = [
            record.target.to_text(omit_final_dot=True).lower()
            for record in _ask(zone, address.reverse_pointer, "PTR", cost)
        ]
    except Trouble:
        return False
    inside = [name for name in names[:_MOST_NAMES] if f".{name}".endswith(f".{domain.lower()}")]
    return any(str(address) in _addresses(zone, name, kind) for name in inside)


def _addresses(zone: Zone, name: str, kind: str) -> Sequence[str]:
    try:
        return [record.address for record in zone.ask(name, kind).records]
    except Trouble:
        return []


_MACRO = re.compile(r"%([%_-])|%\{([A-Za-z])([0-9]*)(r?)([.\-+,/_=]*)\}")
_LITERALS = {"%": "%", "_": " ", "-": "%20"}


def expand(text: str, sender: Sender, domain: str) -> str:
    """Fill in the macros of section 7: who is checked, and for which domain."""
    mailbox = f"postmaster@{sender.domain}"
    six = sender.address.version == 6  # noqa: PLR2004
    nibbles = ".".join(sender.address.exploded.replace(":", "")) if six else str(sender.address)
    values = {"s": mailbox, "l": "postmaster", "o": sender.domain, "d": domain, "i": nibbles}
    values |= {"p": "unknown", "v": "ip6" if six else "in-addr", "h": sender.domain}

    def fill(found: re.Match[str]) -> str:
        literal, letter, digits, reverse, delimiters = found.groups()
        if literal:
            return _LITERALS[literal]
        if letter.lower() not in values:
            raise SpfError("has a macro that cannot be here", found[0])
        parts = re.split(f"[{re.escape(delimiters or '.')}]", values[letter.lower()])
        kept = parts[::-1] if reverse else parts
        value = ".".join(kept[-int(digits) :] if digits else kept)
        return quote(value, safe="-._~") if letter.isupper() else value

    return _shortened(_MACRO.sub(fill, text).removesuffix("."))


def _shortened(domain: str) -> str:
    """At most 253 characters, by leaving out labels on the left."""
    while len(domain) > _LONGEST_DOMAIN and "." in domain:
        domain = domain.partition(".")[2]
    return domain


class Whole(NamedTuple):
    """What the whole of a record costs when no term matches, and how it ends."""

    lookups: int
    voids: int
    ends: str


def whole(zone: Zone, domain: str) -> Whole | None:
    """Walk every include and redirect of a domain's record; `None` where it has none.

    Terms whose macros depend on the sender are counted, not looked up.

    Raises:
        SpfError: a permanent error other than the limits.

    """
    cost = Cost(_ENDLESS, _ENDLESS)
    ends = _walk(zone, domain, cost, ())
    return Whole(cost.lookups, cost.voids, ends) if ends else None


def _walk(zone: Zone, domain: str, cost: Cost, path: tuple[str, ...]) -> str:
    """Count one record and what it refers to; its last word, such as `-all`; empty where there is no record."""
    if domain.lower() in path:
        raise SpfError("refers to itself", domain)
    record = zone.record(domain)
    if record is None:
        return ""
    deeper = (*path, domain.lower())
    before = cost.lookups
    for mechanism in record.mechanisms:
        if mechanism.name in NEEDING_DNS:
            _count(zone, mechanism, domain, cost, deeper)
    ends = f"{record.all or '?'}all"
    if record.redirect:
        cost.look_up()
        ends = _followed(zone, record.redirect, cost, deeper)
    zone.context.note(f"spf {domain}", f"{cost.lookups - before} look-ups; {record.text}")
    return ends


def _count(zone: Zone, mechanism: Mechanism, domain: str, cost: Cost, path: tuple[str, ...]) -> None:
    cost.look_up()
    target = mechanism.domain or domain
    if "%" in target or mechanism.name in ("ptr", "exists"):
        return
    if mechanism.name == "include":
        _followed(zone, target, cost, path)
        return
    hosts = _mail_hosts(zone, target, cost) if mechanism.name == "mx" else [target]
    for host in hosts:
        if not zone.ask(host, "A").records and not zone.ask(host, "AAAA").records:
            cost.void()


def _followed(zone: Zone, target: str, cost: Cost, path: tuple[str, ...]) -> str:
    """Walk a record that another refers to, which must be there; one that depends on the sender cannot be walked."""
    if "%" in target:
        return "?all"
    ends = _walk(zone, target, cost, path)
    if not ends:
        raise SpfError("refers to a domain without a record", target)
    return ends
