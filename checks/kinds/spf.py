"""The kind `spf`: receivers can read the domain's SPF record, and it allows our addresses (RFC 7208)."""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from checks.network.dns_client import LIBRARIES as DNS_LIBRARIES
from checks.network.dns_client import Lookups
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from checks.records.lookup_options import INFORMATIONAL, MailDomain
from checks.records.spf_evaluation import (
    MOST_LOOKUPS,
    MOST_VOIDS,
    Cost,
    IpAddress,
    Sender,
    Zone,
    check_host,
    measure_record,
)
from checks.records.spf_record import SpfError, explain_near_miss
from constat.config.fields import Addresses, about, wrong
from constat.model.kinds import Defaults, SecretUse

_LARGEST_RANGE = 256

DEFAULTS: Defaults = INFORMATIONAL
LIBRARIES: tuple[str, ...] = DNS_LIBRARIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(MailDomain):
    """The domain, the senders that its record must allow, and how the record must end."""

    allows: Annotated[tuple[Addresses, ...], about("addresses or ranges that must pass")] = ()
    ends: Annotated[
        tuple[Literal["-all", "~all", "?all", "+all"], ...],
        about("how the record may end, redirects followed"),
    ] = ("-all", "~all")

    def __post_init__(self) -> None:
        """Refuse ranges that would take all day to check.

        Raises:
            ValueError: one is too large.

        """
        for addresses in self.allows:
            if ipaddress.ip_network(addresses).num_addresses > _LARGEST_RANGE:
                raise wrong(
                    f"{addresses} is too large", f"write ranges of at most {_LARGEST_RANGE} addresses"
                )


def subject(options: Options) -> str:
    """Name the domain."""
    return options.domain


def secret_uses(_options: Options) -> tuple[SecretUse, ...]:
    """List none: no secret is sent."""
    return ()


def probe(options: Options, context: Context) -> ProbeResult:
    """Read the record as a receiver does: once as a whole, and once for each address."""
    return attempt(context, lambda: _check_record(options, context))


def _check_record(options: Options, context: Context) -> None:
    zone = Zone(Lookups(context, options.resolvers), context)
    try:
        _check_cost(zone, options)
        _check_senders(zone, options)
    except SpfError as error:
        quoted = f" {context.quote(error.text)}" if error.text else ""
        raise Trouble("record", f"SPF {error.what}{quoted}") from error


def _check_cost(zone: Zone, options: Options) -> None:
    """Check what the whole record costs a receiver, and how it ends."""
    total = measure_record(zone, options.domain)
    if total is None:
        for text in zone.find_texts(options.domain):
            if fault := explain_near_miss(text):
                raise SpfError(fault, text)
        raise Trouble("record", "no SPF")
    if total.lookups > MOST_LOOKUPS:
        raise SpfError(f"needs {total.lookups} look-ups; {MOST_LOOKUPS} are allowed")
    if total.voids > MOST_VOIDS:
        raise SpfError(f"looks up {total.voids} names without an answer; {MOST_VOIDS} are allowed")
    if total.ends not in options.ends:
        raise SpfError(f"ends in {total.ends}")


def _check_senders(zone: Zone, options: Options) -> None:
    for address in _list_addresses(options.allows):
        cost = Cost()
        result = check_host(zone, Sender(address, options.domain), options.domain, cost)
        zone.context.note(f"spf {address}", f"{result} after {cost.lookups} look-ups")
        if result != "pass":
            raise SpfError(f"gives {address} {result}")


def _list_addresses(allows: tuple[str, ...]) -> Iterator[IpAddress]:
    for addresses in allows:
        yield from ipaddress.ip_network(addresses)
