"""The kind `blocklist`: no DNS blocklist names our addresses or domains (RFC 5782).

A list that refuses us (127.255.255.0/24: too many questions, or a public resolver) or does not answer has said nothing:
that is unknown, never a listing.
"""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from checks.network.dns_client import LIBRARIES as DNS_LIBRARIES
from checks.network.dns_client import Lookups
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble, translate_error
from checks.records.lookup_options import INFORMATIONAL
from constat.config.fields import Host, NameServer, about, wrong
from constat.model.kinds import Defaults, SecretUse

_LISTED = ipaddress.ip_network("127.0.0.0/8")
_REFUSED = ipaddress.ip_network("127.255.255.0/24")

DEFAULTS: Defaults = INFORMATIONAL
LIBRARIES: tuple[str, ...] = DNS_LIBRARIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Addresses or domains, and the lists that must not name them."""

    targets: Annotated[tuple[Host, ...], about("addresses, or domains for lists of domains")]
    lists: Annotated[tuple[Host, ...], about("the lists, such as zen.spamhaus.org")]
    resolvers: Annotated[
        tuple[NameServer, ...],
        about("DNS servers to ask, in turn until one answers; by default the system's"),
    ] = ()

    def __post_init__(self) -> None:
        """Refuse a check that would always be up.

        Raises:
            ValueError: there is nothing to look for, or no list to look in.

        """
        if not self.targets or not self.lists:
            raise wrong("nothing to look up", "write at least one target and one list")


def subject(_options: Options) -> str:
    """Name nothing: there may be many targets."""
    return ""


def secret_uses(_options: Options) -> tuple[SecretUse, ...]:
    """List none: no secret is sent."""
    return ()


def probe(options: Options, context: Context) -> ProbeResult:
    """Ask every list about every target, each with its share of the time."""
    return attempt(context, lambda: _check_listings(options, context))


def _check_listings(options: Options, context: Context) -> None:
    """Raise the trouble of the first listing, or else of the first list that did not answer."""
    pairs = [(target, blocklist) for target in options.targets for blocklist in options.lists]
    troubles: list[Trouble] = []
    for index, (target, blocklist) in enumerate(pairs):
        lookups = Lookups(context.share(len(pairs) - index), options.resolvers)
        troubles.extend(_ask_list(lookups, target, blocklist, context))
    listings = [trouble for trouble in troubles if trouble.word == "listed"]
    if troubles:
        raise (listings or troubles)[0]


def _ask_list(lookups: Lookups, target: str, blocklist: str, context: Context) -> Iterator[Trouble]:
    """Ask one list about one target. Yield a trouble for each listing, or one if the list does not answer."""
    try:
        answers = lookups.ask(f"{_reverse(target)}.{blocklist}", "A").records
    except (OSError, Trouble) as error:
        trouble = translate_error(error, context.deadline.seconds)
        context.note(f"{blocklist}: {target}", f"no answer: {trouble}")
        yield Trouble("unanswered", f"{blocklist} ({trouble.word if trouble else 'no answer'})")
        return
    for code in (record.address for record in answers):
        if ipaddress.ip_address(code) in _REFUSED:
            yield Trouble("unanswered", f"{blocklist} refuses us ({code})")
        elif ipaddress.ip_address(code) in _LISTED:
            yield Trouble("listed", f"{target} on {blocklist} ({code})")
        else:
            yield Trouble("unanswered", f"{blocklist} gives no code of a list ({code})")


def _reverse(target: str) -> str:
    """Reverse an address, as lists of addresses want it; a domain stays as it is."""
    try:
        pointer = ipaddress.ip_address(target).reverse_pointer
    except ValueError:
        return target
    return pointer.removesuffix(".in-addr.arpa").removesuffix(".ip6.arpa")
