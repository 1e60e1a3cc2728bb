"""The kind `dns`: a name has the records that it should have, as the chosen resolvers see it (RFC 1035)."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from checks.network.dns_client import LIBRARIES as DNS_LIBRARIES
from checks.network.dns_client import Lookups
from checks.option_types import DegradedAbove
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from constat.config.fields import Flag, Host, NameServer, Text, about, wrong
from constat.model.kinds import Defaults, SecretUse
from constat.text.host_names import spell_host

DEFAULTS: Defaults = Defaults()
LIBRARIES: tuple[str, ...] = DNS_LIBRARIES

Type = Literal["A", "AAAA", "CAA", "CNAME", "DS", "MX", "NS", "PTR", "SOA", "SRV", "TLSA", "TXT"]


@dataclass(frozen=True, slots=True)
class Options:
    """Which records to ask for, which resolvers to ask, and what the records should say."""

    domain: Annotated[Host, about("the name to ask for")]
    type: Annotated[Type, about("the type of its records")] = "A"
    expect: Annotated[
        tuple[Text, ...], about("values that the records should have; without any, one record is enough")
    ] = ()
    match: Annotated[
        Literal["all", "any", "exactly"],
        about("all of them, any of them, or exactly these and no other"),
    ] = "all"
    absent: Annotated[Flag, about("the name must not exist")] = False
    resolvers: Annotated[
        tuple[NameServer, ...],
        about("DNS servers to ask, in turn until one answers; by default the system's"),
    ] = ()
    protocol: Annotated[
        Literal["udp", "tcp"], about("the transport; a truncated answer is asked for again by TCP")
    ] = "udp"
    dnssec: Annotated[Flag, about("the resolver must say that it has validated the answer (AD)")] = False
    degraded_above: DegradedAbove = None

    def __post_init__(self) -> None:
        """Refuse options that contradict each other.

        Raises:
            ValueError: they do.

        """
        if self.absent and self.expect:
            raise wrong("a name that must be absent has no values", "keep absent or expect")
        if self.match == "exactly" and not self.expect:
            raise wrong("match: exactly without any value", "add expect: the values and no others")


def subject(options: Options) -> str:
    """Name the domain."""
    return options.domain


def secret_uses(_options: Options) -> tuple[SecretUse, ...]:
    """List none: no secret is sent."""
    return ()


def probe(options: Options, context: Context) -> ProbeResult:
    """Ask once for the records and compare them."""
    return attempt(context, lambda: _check_records(options, context), degraded_above=options.degraded_above)


def _check_records(options: Options, context: Context) -> None:
    lookups = Lookups(context, options.resolvers, tcp=options.protocol == "tcp", dnssec=options.dnssec)
    answer = lookups.ask(options.domain, options.type)
    if options.dnssec and not answer.authenticated:
        raise Trouble("value", "not validated by DNSSEC")
    check_values(options, answer.exists, [_read_value(record) for record in answer.records], context)


def check_values(options: Options, exists: bool, values: Sequence[str], context: Context) -> None:
    """Compare what was found for a name with what is expected. `values` must be normalized.

    Raises:
        Trouble: they differ.

    """
    if options.absent:
        if exists:
            raise Trouble("value", "the name exists")
        return
    if not exists:
        raise Trouble("dns", "no such name")
    if not values:
        raise Trouble("value", f"no {options.type} record")
    _compare(options, sorted(values), context)


def _compare(options: Options, values: list[str], context: Context) -> None:
    """Compare the values with those that are expected; their order does not matter."""
    expected = {normalize(value, options.type) for value in options.expect}
    matches = {
        "all": expected <= set(values),
        "any": not expected or bool(expected & set(values)),
        "exactly": expected == set(values),
    }
    if not matches[options.match]:
        raise Trouble("value", f"{options.type} {context.quote(' '.join(values))}")


def _read_value(record: Any) -> str:  # noqa: ANN401 (dnspython has a class for each type)
    """Read a record's value as one would write it: TXT in one piece, names in lower case without the final dot."""
    if hasattr(record, "strings"):
        return b"".join(record.strings).decode("utf-8", "replace")
    return normalize(record.to_text(), "")


def normalize(value: str, kind: str) -> str:
    """Bring a value into the one form in which values are compared."""
    if kind == "TXT":
        return value
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        return " ".join(map(_spell, value.lower().replace('"', "").split()))


def _spell(word: str) -> str:
    """Spell one word of a value: a name without its final dot, an international one as DNS knows it."""
    if word.isascii():
        return word.removesuffix(".") or "."
    try:
        return spell_host(word)
    except ValueError:
        return word
