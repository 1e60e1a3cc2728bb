"""The kind `blocklist`: no blocklist in the DNS names our addresses or domains (RFC 5782).

A list that refuses us (127.255.255.0/24, as with too many questions or a public resolver) or keeps silent has said
nothing: that is unknown, and never a listing.
"""

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from checks.network.dns_client import LIBRARIES as DNS_LIBRARIES
from checks.network.dns_client import Lookups
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble, translate_error
from checks.records.lookup_options import RARELY
from constat.config.fields import Host, NameServer, about
from constat.config.parsing import wrong

_LISTED = ipaddress.ip_network("127.0.0.0/8")
_REFUSED = ipaddress.ip_network("127.255.255.0/24")

DEFAULTS: Mapping[str, str] = RARELY
LIBRARIES = DNS_LIBRARIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What must not be on which lists."""

    targets: Annotated[tuple[Host, ...], about("addresses, or domains for lists of domains")]
    lists: Annotated[tuple[Host, ...], about("the lists, such as zen.spamhaus.org")]
    resolvers: Annotated[
        tuple[NameServer, ...], about("DNS servers to ask, the next where one fails; by default the system's")
    ] = ()

    def __post_init__(self) -> None:
        """Refuse a check that would always be up.

        Raises:
            ValueError: nothing to look for, or nowhere to look.

        """
        if not self.targets or not self.lists:
            raise wrong("nothing to look up", "write at least one target and one list")


def probe(options: Options, context: Context) -> ProbeResult:
    """Ask every list about every target, each with its share of the time."""
    return attempt(context, lambda: _judge(options, context))


def _judge(options: Options, context: Context) -> None:
    pairs = [(target, place) for target in options.targets for place in options.lists]
    findings: list[Trouble] = []
    for index, (target, place) in enumerate(pairs):
        lookups = Lookups(context.share(len(pairs) - index), options.resolvers)
        findings.extend(_findings(lookups, target, place, context))
    listed = [finding for finding in findings if finding.word == "listed"]
    if findings:
        raise (listed or findings)[0]


def _findings(lookups: Lookups, target: str, place: str, context: Context) -> Iterator[Trouble]:
    """What one list says against one target; that it says nothing is a finding too."""
    try:
        answers = lookups.ask(f"{_reversed(target)}.{place}", "A").records
    except (OSError, Trouble) as error:
        trouble = translate_error(error, context.deadline.seconds)
        context.note(f"{place}: {target}", f"no answer: {trouble}")
        yield Trouble("unanswered", f"{place} ({trouble.word if trouble else 'no answer'})")
        return
    for code in (record.address for record in answers):
        if ipaddress.ip_address(code) in _REFUSED:
            yield Trouble("unanswered", f"{place} refuses us ({code})")
        elif ipaddress.ip_address(code) in _LISTED:
            yield Trouble("listed", f"{target} on {place} ({code})")
        else:
            yield Trouble("unanswered", f"{place} gives no code of a list ({code})")


def _reversed(target: str) -> str:
    """An address backwards, as the lists want it; a domain as it is."""
    try:
        pointer = ipaddress.ip_address(target).reverse_pointer
    except ValueError:
        return target
    return pointer.removesuffix(".in-addr.arpa").removesuffix(".ip6.arpa")
