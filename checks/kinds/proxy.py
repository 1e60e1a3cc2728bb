"""The kind `proxy`: a proxy lets us through to a target behind it, by HTTP's CONNECT or by SOCKS 5."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from checks.option_types import Authorities, DegradedAbove, ServerName, check_password_encrypted
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from checks.secrets import find_secret_uses
from constat.config.fields import Flag, Host, Port, SecretText, Text, about, wrong
from constat.model.kinds import Defaults, SecretUse

if TYPE_CHECKING:
    from checks.network.connection import Connection

DEFAULTS: Defaults = Defaults()
LIBRARIES: tuple[str, ...] = ("checks.network.greeting", "checks.network.proxy_client")


@dataclass(frozen=True, slots=True)
class Options:
    """The proxy, our account there, and the target that must be reached through it."""

    host: Annotated[Host, about("the proxy's name or address")]
    port: Annotated[Port, about("its TCP port")]
    target: Annotated[Host, about("the host to reach through the proxy, which resolves its name")]
    protocol: Annotated[
        Literal["http", "socks5"], about("how the proxy is asked: HTTP's CONNECT, or SOCKS 5")
    ] = "http"
    target_port: Annotated[Port, about("the target's TCP port")] = 443
    target_tls: Annotated[Flag, about("also start TLS with the target and verify its certificate")] = False
    banner: Annotated[Text | None, about("text that the first line from the target must contain")] = None
    tls: Annotated[Flag, about("speak TLS with the proxy from the first byte")] = False
    server_name: ServerName = None
    ca: Authorities = ""
    username: Annotated[SecretText, about("the account to sign in to the proxy with")] = ""
    password: Annotated[SecretText, about("its password, a secret")] = ""
    unencrypted: Annotated[Flag, about("send the password without TLS: for a proxy on this machine")] = False
    ip: Annotated[Literal["4", "6"] | None, about("reach the proxy only over IPv4, or only over IPv6")] = None
    degraded_above: DegradedAbove = None

    def __post_init__(self) -> None:
        """Refuse options that contradict each other.

        Raises:
            ValueError: they do.

        """
        if bool(self.username) != bool(self.password):
            raise wrong("a username without a password, or the reverse", "write both, or neither")
        check_password_encrypted(self.password, tls=self.tls, unencrypted=self.unencrypted)
        if self.tls and self.target_tls:
            raise wrong("TLS within TLS", "take target_tls out; CONNECT and banner work within TLS")
        if self.banner is not None and self.target_tls:
            raise wrong("both banner and target_tls", "keep one of them")
        if "%" in self.target:
            raise wrong("an address of this machine's network as the target", "write one without %")


def subject(options: Options) -> str:
    """Name the proxy."""
    return options.host


def secret_uses(options: Options) -> tuple[SecretUse, ...]:
    """List the account's secrets, which go to the proxy."""
    return find_secret_uses(options.host, options.username, options.password)


def probe(options: Options, context: Context) -> ProbeResult:
    """Connect through the proxy to the target and, where that is configured, check the greeting or the TLS behind it."""
    return attempt(context, lambda: _connect(options, context), degraded_above=options.degraded_above)


def _connect(options: Options, context: Context) -> None:
    from checks.network.connection import connect
    from checks.network.greeting import check_greeting
    from checks.network.proxy_client import Account, Destination, pass_http_proxy, pass_socks_proxy

    fill = context.secrets.fill
    account = Account(fill(options.username, options.host), fill(options.password, options.host))
    pass_proxy = pass_http_proxy if options.protocol == "http" else pass_socks_proxy
    with connect(options.host, options.port, context, ip=options.ip) as connection:
        if options.tls:
            _start_tls(connection, options.server_name or options.host, options, context)
        reader = pass_proxy(connection, Destination(options.target, options.target_port), account, context)
        if options.banner is not None:
            check_greeting(options.banner, reader, context)
        elif options.target_tls:
            if unasked := reader.read_unasked():
                raise Trouble("protocol", f"unasked before TLS {context.quote(unasked)}")
            _start_tls(connection, options.target, options, context)


def _start_tls(connection: "Connection", name: str, options: Options, context: Context) -> None:
    from checks.network.tls_context import verified_context

    tls = connection.start_tls(verified_context(options.ca, context.root), name)
    context.note("tls", f"{tls.version()} with {name}")
