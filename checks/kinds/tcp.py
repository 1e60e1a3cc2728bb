"""The kind `tcp`: a port accepts connections and, where a greeting is expected, sends it."""

from dataclasses import dataclass
from typing import Annotated

from checks.option_types import DegradedAbove, Family
from checks.probing import Context, ProbeResult, attempt
from constat.config.fields import Host, Port, Text, about
from constat.model.kinds import Defaults, SecretUse

DEFAULTS: Defaults = Defaults()
LIBRARIES: tuple[str, ...] = ("checks.network.connection", "checks.network.greeting")


@dataclass(frozen=True, slots=True)
class Options:
    """Where to connect, and the greeting to expect."""

    host: Annotated[Host, about("the server's name or address")]
    port: Annotated[Port, about("the TCP port")]
    banner: Annotated[Text | None, about("text that the first line of the greeting must contain")] = None
    degraded_above: DegradedAbove = None
    ip: Family = None


def subject(options: Options) -> str:
    """Name the host."""
    return options.host


def secret_uses(_options: Options) -> tuple[SecretUse, ...]:
    """List none: no secret is sent."""
    return ()


def probe(options: Options, context: Context) -> ProbeResult:
    """Connect, wait for the greeting where one is expected, close."""
    return attempt(context, lambda: _connect(options, context), degraded_above=options.degraded_above)


def _connect(options: Options, context: Context) -> None:
    from checks.network.connection import connect
    from checks.network.greeting import check_greeting

    with connect(options.host, options.port, context, ip=options.ip) as connection:
        if options.banner is not None:
            check_greeting(options.banner, connection.makefile(), context)
