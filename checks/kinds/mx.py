"""The kind `mx`: mail for the domain finds a host that takes it (RFC 5321 5.1), with names that resolve forwards and backwards."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, NamedTuple

from checks.network.dns_client import LIBRARIES as DNS_LIBRARIES
from checks.network.dns_client import Lookups
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble, translate_error
from checks.records.lookup_options import INFORMATIONAL, MailDomain
from constat.config.fields import Flag, Host, Port, about
from constat.model import Outcome
from constat.model.kinds import Defaults, SecretUse

_LONGEST_GREETING = 4096

DEFAULTS: Defaults = INFORMATIONAL
LIBRARIES: tuple[str, ...] = (*DNS_LIBRARIES, "checks.network.connection")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(MailDomain):
    """Which hosts are expected, and how closely to look at them."""

    hosts: Annotated[tuple[Host, ...], about("the hosts that the records must name, and no others")] = ()
    connect: Annotated[Flag, about("each host must accept a connection on the port and greet")] = True
    reverse: Annotated[Flag, about("each address must have a name that leads back to it")] = True
    port: Annotated[Port, about("the port on which mail is accepted")] = 25


class AddressProblem(NamedTuple):
    """The trouble with one address of a host. `closed`: mail cannot be handed over there."""

    trouble: Trouble
    closed: bool


def subject(options: Options) -> str:
    """Name the domain."""
    return options.domain


def secret_uses(_options: Options) -> tuple[SecretUse, ...]:
    """List none: no secret is sent."""
    return ()


def probe(options: Options, context: Context) -> ProbeResult:
    """Resolve the hosts, wait for the greeting of each address, and look up its name."""
    return attempt(context, lambda: _check_hosts(options, context))


def _check_hosts(options: Options, context: Context) -> None:
    lookups = Lookups(context, options.resolvers)
    hosts = _find_hosts(options, lookups, context)
    by_host = {host: lookups.find_addresses(host) for host in hosts}
    addresses = [address for of_host in by_host.values() for address in of_host]
    if not addresses:
        raise Trouble("record", "MX names a host without an address")
    _judge(list(_check_addresses(options, addresses, context)), len(addresses))
    without = next((host for host in hosts if not by_host[host]), None)
    if without is not None:  # senders go on to the next host
        raise Trouble(
            "record", f"MX names {context.quote(without)} without an address", outcome=Outcome.DEGRADED
        )
    alias = next((host for host in hosts if lookups.ask(host, "CNAME").records), None)
    if alias is not None:  # RFC 5321 5.1: many servers deliver nevertheless
        raise Trouble(
            "record", f"MX names {context.quote(alias)} which is an alias", outcome=Outcome.DEGRADED
        )


def _judge(problems: Sequence[AddressProblem], count: int) -> None:
    """Raise `Trouble`: down if mail can be handed over at none of the `count` addresses, degraded for any lesser problem."""
    remote = [problem for problem in problems if problem.trouble.outcome is not Outcome.UNKNOWN]
    if not remote and len(problems) == count:  # nothing but trouble of our own
        raise problems[0].trouble
    if remote:
        open_addresses = count - sum(problem.closed for problem in problems)
        first = remote[0].trouble
        outcome = Outcome.DEGRADED if open_addresses else Outcome.DOWN
        raise Trouble(first.word, first.detail, outcome=outcome)


def _find_hosts(options: Options, lookups: Lookups, context: Context) -> Sequence[str]:
    """Look up the mail hosts, most preferred first; without any, the domain itself is one (RFC 5321 5.1)."""
    hosts = lookups.find_mail_hosts(options.domain)
    if not hosts:
        if not lookups.find_addresses(options.domain):
            raise Trouble("record", "no MX")
        context.note("mx", "no MX: mail goes to the address of the domain itself")
        hosts = (options.domain,)
    if list(hosts) == ["."]:  # a null MX (RFC 7505)
        raise Trouble("record", "MX says that the domain takes no mail")
    if options.hosts and set(hosts) != set(options.hosts):
        raise Trouble("value", f"MX {context.quote(' '.join(hosts))}")
    return hosts


def _check_addresses(
    options: Options, addresses: Sequence[str], context: Context
) -> Iterator[AddressProblem]:
    """Check each address with its share of the time."""
    for index, address in enumerate(addresses):
        share = context.share(len(addresses) - index)
        try:
            if options.connect and options.port not in context.blocked:
                _await_greeting(address, options.port, share)
        except (OSError, Trouble) as error:
            trouble = _translate_known(error, context)
            context.note(f"greet {address}", str(trouble))
            yield AddressProblem(trouble, closed=True)
            continue
        if options.reverse and (problem := _check_reverse_name(options, address, share)):
            yield problem


def _await_greeting(address: str, port: int, context: Context) -> None:
    from checks.network.connection import connect

    with connect(address, port, context) as connection:
        line = connection.makefile().readline(_LONGEST_GREETING)
        context.note(f"greeting {address}", context.quote(line))
        if not line:
            raise Trouble("closed")
        if not line.startswith(b"220"):
            raise Trouble("status", f"to greeting {context.quote(line)}")


def _check_reverse_name(options: Options, address: str, context: Context) -> AddressProblem | None:
    """Check that a name of the address leads back to it: many receivers refuse mail where none does."""
    lookups = Lookups(context, options.resolvers)
    try:
        names = lookups.find_reverse_names(address)
        agree = any(address in lookups.find_addresses(name) for name in names)
    except (OSError, Trouble) as error:
        return AddressProblem(_translate_known(error, context), closed=False)
    if agree:
        return None
    return AddressProblem(Trouble("record", f"{address} has no name that leads back to it"), closed=False)


def _translate_known(error: Exception, context: Context) -> Trouble:
    """Translate an error that the tables know; any other is a bug of ours, and raised again."""
    trouble = translate_error(error, context.deadline.seconds)
    if trouble is None:
        raise error
    return trouble
