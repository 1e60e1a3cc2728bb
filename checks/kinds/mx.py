"""The kind `mx`: mail for the domain finds a host that takes it (RFC 5321 5.1), whose names agree forwards and backwards."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, NamedTuple

from checks.network.dns_client import LIBRARIES as DNS_LIBRARIES
from checks.network.dns_client import Lookups
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble, translate_error
from checks.records.lookup_options import RARELY, MailDomain
from constat.config.fields import Flag, Host, Port, about
from constat.model import Outcome

_LONGEST_GREETING = 4096

DEFAULTS: Mapping[str, str] = RARELY
LIBRARIES = (*DNS_LIBRARIES, "checks.network.connection")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(MailDomain):
    """Which hosts are expected, and how closely to look at them."""

    hosts: Annotated[tuple[Host, ...], about("the hosts that the records must name, and no others")] = ()
    connect: Annotated[Flag, about("each host must greet on its port")] = True
    reverse: Annotated[Flag, about("each address must have a name that leads back to it")] = True
    port: Annotated[Port, about("the port on which mail is taken")] = 25


class AddressProblem(NamedTuple):
    """What is wrong with one address of a host. `closed` where mail cannot be handed over there."""

    trouble: Trouble
    closed: bool


def probe(options: Options, context: Context) -> ProbeResult:
    """Resolve the hosts, greet each address, and ask for its name."""
    return attempt(context, lambda: _judge(options, context))


def _judge(options: Options, context: Context) -> None:
    lookups = Lookups(context, options.resolvers)
    hosts = _hosts(options, lookups, context)
    places = [(host, address) for host in hosts for address in _addresses(lookups, host)]
    findings = list(_visits(options, places, context))
    theirs = [finding for finding in findings if finding.trouble.outcome is not Outcome.UNKNOWN]
    if not theirs and len(findings) == len(places):  # whatever it is, it is on our side
        raise findings[0].trouble
    if theirs:
        open_places = len(places) - sum(finding.closed for finding in findings)
        first = theirs[0].trouble
        raise Trouble(first.word, first.detail, outcome=Outcome.DEGRADED if open_places else Outcome.DOWN)


def _hosts(options: Options, lookups: Lookups, context: Context) -> Sequence[str]:
    """The mail hosts, most preferred first."""
    records = sorted(lookups.ask(options.domain, "MX").records, key=lambda record: int(record.preference))
    hosts = [record.exchange.to_text(omit_final_dot=True).lower() for record in records]
    if not hosts:
        raise Trouble("record", "no MX")
    if hosts == ["."]:  # a null MX (RFC 7505)
        raise Trouble("record", "MX says that the domain takes no mail")
    if options.hosts and set(hosts) != set(options.hosts):
        raise Trouble("value", f"MX {context.quote(' '.join(hosts))}")
    return hosts


def _addresses(lookups: Lookups, host: str) -> Sequence[str]:
    addresses = lookups.addresses(host)
    if not addresses:
        raise Trouble("record", "MX names a host without an address")
    return addresses


def _visits(
    options: Options, places: Sequence[tuple[str, str]], context: Context
) -> Iterator[AddressProblem]:
    """Look at each address with its share of the time."""
    for index, (_, address) in enumerate(places):
        share = context.share(len(places) - index)
        try:
            if options.connect and options.port not in context.blocked:
                _greet(address, options.port, share)
        except (OSError, Trouble) as error:
            trouble = _recognised(error, context)
            context.note(f"greet {address}", str(trouble))
            yield AddressProblem(trouble, closed=True)
            continue
        if options.reverse and (finding := _reverse(options, address, share)):
            yield finding


def _greet(address: str, port: int, context: Context) -> None:
    from checks.network.connection import connect

    with connect(address, port, context) as connection:
        line = connection.makefile().readline(_LONGEST_GREETING)
        context.note(f"greeting {address}", context.quote(line))
        if not line:
            raise Trouble("closed")
        if not line.startswith(b"220"):
            raise Trouble("status", f"to greeting {context.quote(line)}")


def _reverse(options: Options, address: str, context: Context) -> AddressProblem | None:
    """Whether a name of the address leads back to it: many receivers refuse mail where none does."""
    lookups = Lookups(context, options.resolvers)
    try:
        names = lookups.reverse_names(address)
        agree = any(address in lookups.addresses(name) for name in names)
    except (OSError, Trouble) as error:
        return AddressProblem(_recognised(error, context), closed=False)
    return (
        None
        if agree
        else AddressProblem(Trouble("record", f"{address} has no name that leads back to it"), closed=False)
    )


def _recognised(error: Exception, context: Context) -> Trouble:
    """The trouble of an error that the table knows; another one is a mistake of ours, and passes."""
    trouble = translate_error(error, context.deadline.seconds)
    if trouble is None:
        raise error
    return trouble
