"""`tcp`: a port accepts a connection and, where that is asked, greets as expected."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from constat.config.fields import Host, Milliseconds, Port, Text, about

if TYPE_CHECKING:
    from checks.network.connection import Connection

DEFAULTS: Mapping[str, str] = {}
LIBRARIES = ("checks.network.connection",)
_GREETING_MAX = 4096


@dataclass(frozen=True, slots=True)
class Options:
    """What `status.yml` may say of a `tcp` check."""

    host: Annotated[Host, about("the server's name or address")]
    port: Annotated[Port, about("the TCP port")]
    banner: Annotated[Text | None, about("text that the first line of the greeting must hold")] = None
    degraded_above: Annotated[Milliseconds | None, about("degraded where it takes longer than this")] = None
    ip: Annotated[Literal["4", "6"] | None, about("only IPv4, or only IPv6")] = None


def probe(options: Options, context: Context) -> ProbeResult:
    """Connect, listen for the greeting where one is expected, close."""
    return attempt(context, lambda: _visit(options, context), degraded_above_ms=options.degraded_above)


def _visit(options: Options, context: Context) -> None:
    from checks.network.connection import connect

    with connect(options.host, options.port, context, ip=options.ip) as connection:
        if options.banner is not None:
            _expect(options.banner, connection, context)


def _first_line(connection: "Connection") -> bytes:
    """What the server says up to its first line break, its closing, or as much as a greeting may be."""
    heard = b""
    while b"\n" not in heard and len(heard) < _GREETING_MAX:
        piece = connection.recv(_GREETING_MAX)
        if not piece:
            break
        heard += piece
    return heard.partition(b"\n")[0]


def _expect(banner: str, connection: "Connection", context: Context) -> None:
    line = _first_line(connection)
    if not line:
        raise Trouble("closed", "before a greeting")
    context.note("greeting", context.quote(line))
    if banner.encode() not in line:
        raise Trouble("banner", context.quote(line))
