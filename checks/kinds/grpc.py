"""The kind `grpc`: a gRPC server says by the health protocol that it, or one of its services, is serving."""

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Annotated

from checks.option_types import Authorities, DegradedAbove, Family, ServerName, check_client_certificate
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from checks.secrets import find_secret_uses
from constat.config.fields import Flag, Headers, Host, Port, SecretText, Text, about, wrong
from constat.model.kinds import Defaults, SecretUse
from constat.text.host_names import write_in_url

if TYPE_CHECKING:
    import ssl

    from checks.network.connection import Connection

DEFAULTS: Defaults = Defaults()
LIBRARIES: tuple[str, ...] = ("checks.network.grpc_health", "checks.network.http_request", "h2.connection")
_RESERVED = ("host", "te", "content-type", "user-agent", "keep-alive", "proxy-connection", "upgrade")


@dataclass(frozen=True, slots=True)
class Options:
    """The server, the service that is asked about, and how we sign in."""

    host: Annotated[Host, about("the server's name or address")]
    port: Annotated[Port, about("the TCP port")] = 443
    service: Annotated[
        Text, about("the full name of the service: shop.Orders; without it, the whole server is asked about")
    ] = ""
    tls: Annotated[Flag, about("speak TLS, with the certificate verified")] = True
    server_name: ServerName = None
    ca: Authorities = ""
    client_cert: Annotated[
        SecretText | None,
        about("the client certificate: a file in the project, or a secret that contains it as PEM"),
    ] = None
    client_key: Annotated[
        SecretText | None,
        about("its private key: a secret that contains it as PEM, or a file that is not in git"),
    ] = None
    metadata: Annotated[Headers, about("metadata of the call; may hold secrets")] = field(
        default_factory=dict
    )
    unencrypted: Annotated[Flag, about("send secrets without TLS: for a server on this machine")] = False
    ip: Family = None
    degraded_above: DegradedAbove = None

    def __post_init__(self) -> None:
        """Refuse options that contradict each other.

        Raises:
            ValueError: they do.

        """
        if find_secret_uses(self.host, *self.metadata.values()) and not (self.tls or self.unencrypted):
            raise wrong("a secret would travel unencrypted", "write tls: true, or unencrypted: true")
        check_client_certificate(self.client_cert, self.client_key)
        if self.client_cert is not None and not self.tls:
            raise wrong("a client certificate without TLS", "write tls: true, or take it out")
        for name in map(str.lower, self.metadata):
            if name in _RESERVED or name.startswith("grpc-"):
                raise wrong(f"the metadata {name} belongs to the call", "take it out")


def subject(options: Options) -> str:
    """Name the host."""
    return options.host


def secret_uses(options: Options) -> tuple[SecretUse, ...]:
    """List the secrets in the metadata, and those that hold our certificate; all go to the host."""
    own = (options.client_cert, options.client_key)
    return find_secret_uses(options.host, *own, *options.metadata.values())


def probe(options: Options, context: Context) -> ProbeResult:
    """Connect, and ask once for the health of the service."""
    return attempt(context, lambda: _converse(options, context), degraded_above=options.degraded_above)


def _converse(options: Options, context: Context) -> None:
    from checks.network.connection import connect
    from checks.network.grpc_health import HealthCall
    from checks.network.http_request import fill_headers

    metadata = fill_headers(options.metadata, partial(context.secrets.fill, host=options.host))
    name = (options.server_name or options.host).partition("%")[
        0
    ]  # the zone of an address means nothing to others
    with connect(options.host, options.port, context, ip=options.ip) as connection:
        if options.tls:
            _start_tls(connection, options, context)
        health = HealthCall(connection, context).ask(
            options.service, f"{write_in_url(name)}:{options.port}", metadata, tls=options.tls
        )
    context.note("health", health)
    if health != "SERVING":
        raise Trouble("value", f"{options.service or 'the server'} is {health}")


def _start_tls(connection: "Connection", options: Options, context: Context) -> None:
    """Encrypt, and agree on HTTP/2 inside."""
    tls = connection.start_tls(_trust(options, context), options.server_name or options.host)
    context.note("tls", str(tls.version()))
    if tls.selected_alpn_protocol() != "h2":
        raise Trouble("protocol", "not HTTP/2")


def _trust(options: Options, context: Context) -> "ssl.SSLContext":
    from checks.network.tls_context import OwnCertificate, certified_context, verified_context

    if options.client_cert is None or options.client_key is None:
        return verified_context(options.ca, context.root, protocols=("h2",))
    own = OwnCertificate(options.host, options.client_cert, options.client_key)
    fill = partial(context.secrets.fill, host=options.host)
    trust = certified_context(options.ca, context.root, own.fill(fill), verify=True)
    trust.set_alpn_protocols(["h2"])
    return trust
