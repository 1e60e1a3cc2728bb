"""The kind `websocket`: a WebSocket opens and, where that is asked for, answers a message with another."""

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from checks.option_types import Authorities, DegradedAbove, Family
from checks.probing import Context, ProbeResult, attempt
from checks.secrets import find_secret_uses
from constat.config.fields import Flag, Headers, SecretText, Text, WebSocketUrl, about, wrong
from constat.model.kinds import Defaults, SecretUse
from constat.text.host_names import read_url_host

if TYPE_CHECKING:
    from checks.network.connection import Connection
    from checks.network.websocket_client import WebSocket

DEFAULTS: Defaults = Defaults()
LIBRARIES: tuple[str, ...] = ("checks.network.websocket_client", "checks.network.http_request")
_RESERVED = ("host", "upgrade")


@dataclass(frozen=True, slots=True)
class Options:
    """The address, the message to send, and the message to expect."""

    url: Annotated[WebSocketUrl, about("the address: wss:// or, without TLS, ws://")]
    headers: Annotated[Headers, about("headers of the handshake; may hold secrets")] = field(
        default_factory=dict
    )
    bearer: Annotated[SecretText | None, about("sign in with a token: ${CONSTAT_NAME}")] = None
    subprotocol: Annotated[Text | None, about("the subprotocol that the server must agree to")] = None
    send: Annotated[SecretText | None, about("a message to send once it is open; may hold secrets")] = None
    expect: Annotated[
        Text | None, about("text that a message from the server must contain; other messages are ignored")
    ] = None
    verify: Annotated[Flag, about("verify the certificate; false accepts any")] = True
    ca: Authorities = ""
    unencrypted: Annotated[Flag, about("send secrets without TLS: for a server on this machine")] = False
    ip: Family = None
    degraded_above: DegradedAbove = None

    def __post_init__(self) -> None:
        """Refuse options that contradict each other.

        Raises:
            ValueError: they do.

        """
        if secret_uses(self) and not (self.url.startswith("wss:") or self.unencrypted):
            raise wrong("a secret would travel unencrypted", "write wss://, or unencrypted: true")
        for name in self.headers:
            if name.lower() in _RESERVED or name.lower().startswith("sec-websocket-"):
                raise wrong(f"the header {name} belongs to the handshake", "take it out")


def subject(options: Options) -> str:
    """Name the host of the address."""
    return read_url_host(options.url)


def secret_uses(options: Options) -> tuple[SecretUse, ...]:
    """List everything secret in the handshake and the message, which go to the host of the address."""
    return find_secret_uses(subject(options), *options.headers.values(), options.bearer, options.send)


def probe(options: Options, context: Context) -> ProbeResult:
    """Open the WebSocket once, send the message and await the answer where these are configured, and close it."""
    return attempt(context, lambda: _converse(options, context), degraded_above=options.degraded_above)


def _converse(options: Options, context: Context) -> None:
    from checks.network.connection import connect
    from checks.network.http_request import fill_headers
    from checks.network.websocket_client import PORTS, open_web_socket

    parts, host = urlsplit(options.url), subject(options)
    fill = partial(context.secrets.fill, host=host)
    headers = fill_headers(options.headers, fill, bearer=options.bearer)
    message = None if options.send is None else fill(options.send)
    with connect(host, parts.port or PORTS[parts.scheme], context, ip=options.ip) as connection:
        if parts.scheme == "wss":
            _start_tls(connection, host, options, context)
        web_socket = open_web_socket(
            connection, options.url, headers, context, subprotocol=options.subprotocol or ""
        )
        if message is not None:
            web_socket.send(message)
        if options.expect is not None:
            _await(options.expect, web_socket, context)
        web_socket.close()


def _start_tls(connection: "Connection", host: str, options: Options, context: Context) -> None:
    from checks.network.tls_context import unverified_context, verified_context

    trust = verified_context(options.ca, context.root) if options.verify else unverified_context()
    tls = connection.start_tls(trust, host)
    context.note("tls", f"{tls.version()}, {'verified' if options.verify else 'NOT verified'}")


def _await(expected: str, web_socket: "WebSocket", context: Context) -> None:
    """Wait for a message that contains a text; the connection bounds the length of all messages together."""
    for message in web_socket.messages():
        if expected.encode() in message:
            context.note("message", context.quote(message))
            return
