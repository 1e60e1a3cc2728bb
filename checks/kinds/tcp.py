"""The kind `tcp`: a port accepts connections and, where a greeting is expected, sends it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from checks.option_types import DegradedAbove, Family
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from constat.config.fields import Host, Port, Text, about
from constat.model.kinds import Defaults, SecretUse

if TYPE_CHECKING:
    from checks.network.connection import Connection

DEFAULTS: Defaults = Defaults()
LIBRARIES: tuple[str, ...] = ("checks.network.connection",)
_GREETING_MAX = 4096


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

    with connect(options.host, options.port, context, ip=options.ip) as connection:
        if options.banner is not None:
            _check_greeting(options.banner, connection, context)


def _read_first_line(connection: "Connection") -> bytes:
    """Read up to the first line break, the end, or the most that a greeting may have."""
    received = b""
    while b"\n" not in received and len(received) < _GREETING_MAX:
        piece = connection.recv(_GREETING_MAX)
        if not piece:
            break
        received += piece
    return received.partition(b"\n")[0]


def _check_greeting(banner: str, connection: "Connection", context: Context) -> None:
    line = _read_first_line(connection)
    if not line:
        raise Trouble("closed", "before a greeting")
    context.note("greeting", context.quote(line))
    if banner.encode() not in line:
        raise Trouble("banner", context.quote(line))
