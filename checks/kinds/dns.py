"""The kind `dns`: a name has the records that it should have, as the chosen resolvers see it (RFC 1035)."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from checks.network.dns_client import LIBRARIES as DNS_LIBRARIES
from checks.network.dns_client import Lookups
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from constat.config.fields import Flag, Host, Milliseconds, NameServer, Text, about
from constat.config.parsing import wrong

DEFAULTS: Mapping[str, str] = {}
LIBRARIES = DNS_LIBRARIES

Type = Literal["A", "AAAA", "CAA", "CNAME", "DS", "MX", "NS", "PTR", "SOA", "SRV", "TLSA", "TXT"]


@dataclass(frozen=True, slots=True)
class Options:
    """Which records to ask for, whom, and what they should say."""

    domain: Annotated[Host, about("the name to ask for")]
    type: Annotated[Type, about("the type of its records")] = "A"
    expect: Annotated[tuple[Text, ...], about("values it should have; without any, one record will do")] = ()
    match: Annotated[
        Literal["all", "any", "exactly"],
        about("all of them, any of them, or exactly these and no other"),
    ] = "all"
    absent: Annotated[Flag, about("the name must not exist")] = False
    resolvers: Annotated[
        tuple[NameServer, ...], about("DNS servers to ask, the next where one fails; by default the system's")
    ] = ()
    protocol: Annotated[
        Literal["udp", "tcp"], about("how to ask; a truncated answer is asked for again by TCP")
    ] = "udp"
    dnssec: Annotated[Flag, about("the resolver must say that it has validated the answer (AD)")] = False
    degraded_above: Annotated[Milliseconds | None, about("degraded where it takes longer than this")] = None

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            ValueError: options that contradict each other.

        """
        if self.absent and self.expect:
            raise wrong("a name that must be absent has no values", "keep absent or expect")
        if self.match == "exactly" and not self.expect:
            raise wrong("match: exactly without any value", "add expect: the values and no others")


def probe(options: Options, context: Context) -> ProbeResult:
    """Ask once."""
    return attempt(context, lambda: _ask(options, context), degraded_above_ms=options.degraded_above)


def _ask(options: Options, context: Context) -> None:
    lookups = Lookups(context, options.resolvers, tcp=options.protocol == "tcp", dnssec=options.dnssec)
    answer = lookups.ask(options.domain, options.type)
    if options.dnssec and not answer.authenticated:
        raise Trouble("value", "not validated by DNSSEC")
    if options.absent:
        if answer.exists:
            raise Trouble("value", "the name exists")
        return
    if not answer.exists:
        raise Trouble("dns", "no such name")
    if not answer.records:
        raise Trouble("value", f"no {options.type} record")
    _compare(options, sorted(_value(record) for record in answer.records), context)


def _compare(options: Options, found: list[str], context: Context) -> None:
    """Judge what was found by what is expected; neither has an order."""
    wanted = {_plain(value, options.type) for value in options.expect}
    right = {
        "all": wanted <= set(found),
        "any": not wanted or bool(wanted & set(found)),
        "exactly": wanted == set(found),
    }
    if not right[options.match]:
        raise Trouble("value", f"{options.type} {context.quote(' '.join(found))}")


def _value(record: Any) -> str:  # noqa: ANN401 (dnspython has a class for each type)
    """A record's value as one would write it: TXT in one piece, names in small letters without the final dot."""
    if hasattr(record, "strings"):
        return b"".join(record.strings).decode("utf-8", "replace")
    return _plain(record.to_text(), "")


def _plain(value: str, kind: str) -> str:
    """A value in the one form in which two are compared."""
    if kind == "TXT":
        return value
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        return " ".join(word.removesuffix(".") or "." for word in value.lower().replace('"', "").split())
