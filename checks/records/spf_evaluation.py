"""SPF evaluated as a receiver does (RFC 7208): the result for one address, and the look-ups that a whole record costs."""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple
from urllib.parse import quote

from checks.network.dns_client import DnsAnswer, Lookups
from checks.probing import Context
from checks.reasons import Trouble
from checks.records.spf_record import (
    NEEDING_DNS,
    Mechanism,
    Qualifier,
    SpfError,
    SpfRecord,
    is_spf,
    parse_spf,
)

Result = Literal["pass", "fail", "softfail", "neutral", "none"]
IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

MOST_LOOKUPS = 10
MOST_VOIDS = 2
_MOST_NAMES = 10
_LONGEST_DOMAIN = 253
_UNBOUNDED = 100
"""The limit at which even the counting of a record gives up."""

_RESULTS: dict[Qualifier, Result] = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}


class Sender(NamedTuple):
    """The sender that a receiver checks: `address` sends mail of `domain`."""

    address: IpAddress
    domain: str


@dataclass(slots=True)
class Cost:
    """The look-ups so far, and those without an answer. A receiver gives up above `most_lookups` and `most_voids`."""

    most_lookups: int = MOST_LOOKUPS
    most_voids: int = MOST_VOIDS
    lookups: int = 0
    voids: int = 0

    def count_lookup(self) -> None:
        """Count a term that needs DNS."""
        self.lookups += 1
        if self.lookups > self.most_lookups:
            raise SpfError(f"needs more than {self.most_lookups} look-ups")

    def count_void(self) -> None:
        """Count a look-up without an answer."""
        self.voids += 1
        if self.voids > self.most_voids:
            raise SpfError(f"looks up more than {self.most_voids} names that do not exist")


@dataclass(frozen=True)
class Zone:
    """The DNS during one probe: each question is asked once, however many addresses are checked."""

    lookups: Lookups
    context: Context
    _answers: dict[tuple[str, str], DnsAnswer] = field(default_factory=dict)

    def ask(self, name: str, kind: str) -> DnsAnswer:
        """Ask, unless the answer is already known."""
        key = (name.lower().removesuffix("."), kind)
        if key not in self._answers:
            self._answers[key] = self.lookups.ask(key[0], kind)
        return self._answers[key]

    def find_record(self, domain: str) -> SpfRecord | None:
        """Look up the SPF record of a domain; `None` if it has none.

        Raises:
            SpfError: there are several, or it cannot be parsed.

        """
        records = [text for text in self.find_texts(domain) if is_spf(text)]
        if len(records) > 1:
            raise SpfError(f"has {len(records)} records", domain)
        return parse_spf(records[0]) if records else None

    def find_texts(self, domain: str) -> Sequence[str]:
        """Look up the TXT records of a domain, each with its strings joined."""
        answers = self.ask(domain, "TXT").records
        return [b"".join(answer.strings).decode("utf-8", "replace") for answer in answers]


def check_host(zone: Zone, sender: Sender, domain: str, cost: Cost) -> Result:
    """Evaluate the record of `domain` for one sender (section 4).

    Raises:
        SpfError: a permanent error.
        TimeoutError, Trouble, OSError: the DNS did not answer, which is a temporary error.

    """
    record = zone.find_record(domain)
    if record is None:
        return "none"
    for mechanism in record.mechanisms:
        if _matches(zone, sender, domain, mechanism, cost):
            return _RESULTS[mechanism.qualifier]
    if not record.redirect:
        return "neutral"
    cost.count_lookup()
    target = expand(record.redirect, sender, domain)
    return _require_record(check_host(zone, sender, target, cost), target)


def _require_record(result: Result, domain: str) -> Result:
    if result == "none":
        raise SpfError("refers to a domain without a record", domain)
    return result


def _matches(zone: Zone, sender: Sender, domain: str, mechanism: Mechanism, cost: Cost) -> bool:
    """Whether one mechanism matches the sender (section 5)."""
    if mechanism.name == "all":
        return True
    if mechanism.network is not None:
        return sender.address in mechanism.network
    cost.count_lookup()
    target = expand(mechanism.domain, sender, domain) if mechanism.domain else domain
    if mechanism.name == "include":
        return _require_record(check_host(zone, sender, target, cost), target) == "pass"
    if mechanism.name == "exists":
        return bool(_ask(zone, target, "A", cost))
    if mechanism.name == "ptr":
        return _names_match(zone, sender.address, target, cost)
    hosts = _look_up_mail_hosts(zone, target, cost) if mechanism.name == "mx" else [target]
    return any(_host_matches(zone, sender.address, host, mechanism, cost) for host in hosts)


def _ask(zone: Zone, name: str, kind: str, cost: Cost) -> tuple[Any, ...]:
    records = zone.ask(name, kind).records
    if not records:
        cost.count_void()
    return records


def _look_up_mail_hosts(zone: Zone, domain: str, cost: Cost) -> Sequence[str]:
    hosts = [record.exchange.to_text(omit_final_dot=True) for record in _ask(zone, domain, "MX", cost)]
    if len(hosts) > _MOST_NAMES:
        raise SpfError(f"uses {len(hosts)} mail hosts; {_MOST_NAMES} are allowed", domain)
    return [host for host in hosts if host]


def _host_matches(zone: Zone, address: IpAddress, host: str, mechanism: Mechanism, cost: Cost) -> bool:
    kind, prefix = ("A", mechanism.prefix4) if address.version == 4 else ("AAAA", mechanism.prefix6)  # noqa: PLR2004
    addresses = (record.address for record in _ask(zone, host, kind, cost))
    return any(address in ipaddress.ip_network(f"{of_host}/{prefix}", strict=False) for of_host in addresses)


def _names_match(zone: Zone, address: IpAddress, domain: str, cost: Cost) -> bool:
    """Whether a reverse name of the address is in the domain and leads back to the address; false if a look-up fails."""
    kind = "A" if address.version == 4 else "AAAA"  # noqa: PLR2004
    try:
        names = [
            record.target.to_text(omit_final_dot=True).lower()
            for record in _ask(zone, address.reverse_pointer, "PTR", cost)
        ]
    except Trouble:
        return False
    inside = [name for name in names[:_MOST_NAMES] if f".{name}".endswith(f".{domain.lower()}")]
    return any(str(address) in _look_up_addresses(zone, name, kind) for name in inside)


def _look_up_addresses(zone: Zone, name: str, kind: str) -> Sequence[str]:
    try:
        return [record.address for record in zone.ask(name, kind).records]
    except Trouble:
        return []


_MACRO = re.compile(r"%([%_-])|%\{([A-Za-z])([0-9]*)(r?)([.\-+,/_=]*)\}")
_LITERALS = {"%": "%", "_": " ", "-": "%20"}


def expand(text: str, sender: Sender, domain: str) -> str:
    """Fill in the macros of section 7 with the sender and the domain."""
    mailbox = f"postmaster@{sender.domain}"
    six = sender.address.version == 6  # noqa: PLR2004
    nibbles = ".".join(sender.address.exploded.replace(":", "")) if six else str(sender.address)
    values = {"s": mailbox, "l": "postmaster", "o": sender.domain, "d": domain, "i": nibbles}
    values |= {"p": "unknown", "v": "ip6" if six else "in-addr", "h": sender.domain}

    def fill(macro: re.Match[str]) -> str:
        literal, letter, digits, reverse, delimiters = macro.groups()
        if literal:
            return _LITERALS[literal]
        if letter.lower() not in values:
            raise SpfError("has a macro that cannot be here", macro[0])
        parts = re.split(f"[{re.escape(delimiters or '.')}]", values[letter.lower()])
        kept = parts[::-1] if reverse else parts
        value = ".".join(kept[-int(digits) :] if digits else kept)
        return quote(value, safe="-._~") if letter.isupper() else value

    return _shorten(_MACRO.sub(fill, text).removesuffix("."))


def _shorten(domain: str) -> str:
    """Shorten a domain to 253 characters by leaving out labels on the left."""
    while len(domain) > _LONGEST_DOMAIN and "." in domain:
        domain = domain.partition(".")[2]
    return domain


class RecordCost(NamedTuple):
    """The look-ups that a record costs when no term matches, includes and redirects followed, and how it ends."""

    lookups: int
    voids: int
    ends: str


def measure_record(zone: Zone, domain: str) -> RecordCost | None:
    """Walk every include and redirect of a domain's record; `None` if it has no record.

    Terms whose macros depend on the sender are counted, but not looked up.

    Raises:
        SpfError: a permanent error other than the limits.

    """
    cost = Cost(_UNBOUNDED, _UNBOUNDED)
    ends = _walk(zone, domain, cost, ())
    return RecordCost(cost.lookups, cost.voids, ends) if ends else None


def _walk(zone: Zone, domain: str, cost: Cost, path: tuple[str, ...]) -> str:
    """Count one record and those it refers to; return how it ends, such as `-all`, or an empty text without a record."""
    if domain.lower() in path:
        raise SpfError("refers to itself", domain)
    record = zone.find_record(domain)
    if record is None:
        return ""
    deeper = (*path, domain.lower())
    before = cost.lookups
    for mechanism in record.mechanisms:
        if mechanism.name in NEEDING_DNS:
            _count(zone, mechanism, domain, cost, deeper)
    ends = f"{record.all or '?'}all"
    if record.redirect:
        cost.count_lookup()
        ends = _follow(zone, record.redirect, cost, deeper)
    zone.context.note(f"spf {domain}", f"{cost.lookups - before} look-ups; {record.text}")
    return ends


def _count(zone: Zone, mechanism: Mechanism, domain: str, cost: Cost, path: tuple[str, ...]) -> None:
    cost.count_lookup()
    target = mechanism.domain or domain
    if "%" in target or mechanism.name in ("ptr", "exists"):
        return
    if mechanism.name == "include":
        _follow(zone, target, cost, path)
        return
    hosts = _look_up_mail_hosts(zone, target, cost) if mechanism.name == "mx" else [target]
    for host in hosts:
        if not zone.ask(host, "A").records and not zone.ask(host, "AAAA").records:
            cost.count_void()


def _follow(zone: Zone, target: str, cost: Cost, path: tuple[str, ...]) -> str:
    """Walk a record that another refers to and that must exist, unless its name depends on the sender."""
    if "%" in target:
        return "?all"
    ends = _walk(zone, target, cost, path)
    if not ends:
        raise SpfError("refers to a domain without a record", target)
    return ends
