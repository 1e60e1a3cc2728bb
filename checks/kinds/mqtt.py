"""The kind `mqtt`: an MQTT broker lets us in and, where a topic is given, passes a message on to whoever listens there."""

from dataclasses import dataclass
from typing import Annotated, Literal

from checks.option_types import Authorities, DegradedAbove, Family, ServerName, check_password_encrypted
from checks.probing import Context, ProbeResult, attempt
from checks.secrets import find_secret_uses
from constat.config.fields import Flag, Host, Port, SecretText, Text, about, wrong
from constat.model.kinds import Defaults, SecretUse

DEFAULTS: Defaults = Defaults()
LIBRARIES: tuple[str, ...] = ("checks.network.mqtt_client",)
_PORT, _TLS_PORT = 1883, 8883
_LONGEST_TOPIC = 0xFFFF


@dataclass(frozen=True, slots=True)
class Options:
    """The broker, our account there, and the topic on which a message goes there and back."""

    host: Annotated[Host, about("the broker's name or address")]
    port: Annotated[Port | None, about("the TCP port; by default 1883, and 8883 with TLS")] = None
    version: Annotated[Literal["3.1.1", "5"], about("the version of MQTT")] = "3.1.1"
    tls: Annotated[Flag, about("speak TLS, with the certificate verified")] = False
    server_name: ServerName = None
    ca: Authorities = ""
    username: Annotated[SecretText, about("the account to sign in with")] = ""
    password: Annotated[SecretText, about("its password, a secret")] = ""
    client_id: Annotated[
        Text, about("our client identifier, if the broker accepts only certain ones; by default a new one")
    ] = ""
    topic: Annotated[
        Text | None, about("a topic: a message is published to it, and must arrive at our own subscription")
    ] = None
    unencrypted: Annotated[Flag, about("send the password without TLS: for a broker on this machine")] = False
    ip: Family = None
    degraded_above: DegradedAbove = None

    def __post_init__(self) -> None:
        """Refuse options that contradict each other, and topics to which nothing can be sent (MQTT 4.7).

        Raises:
            ValueError: they do, or the topic is one of these.

        """
        if self.password and not self.username:
            raise wrong("a password without a username", "write both, or neither")
        check_password_encrypted(self.password, tls=self.tls, unencrypted=self.unencrypted)
        if self.topic is not None and (not self.topic or set(self.topic) & set("+#\0")):
            raise wrong(f"{self.topic!r} is not a topic that takes messages", "write one without + and #")
        if len((self.topic or "").encode()) > _LONGEST_TOPIC:
            raise wrong("a topic of more than 65535 bytes", "write a shorter one")


def subject(options: Options) -> str:
    """Name the host."""
    return options.host


def secret_uses(options: Options) -> tuple[SecretUse, ...]:
    """List the account's secrets, which go to the host."""
    return find_secret_uses(options.host, options.username, options.password)


def probe(options: Options, context: Context) -> ProbeResult:
    """Connect, sign in, and send a message there and back where a topic is given."""
    return attempt(context, lambda: _converse(options, context), degraded_above=options.degraded_above)


def _converse(options: Options, context: Context) -> None:
    import secrets

    from checks.network.connection import connect
    from checks.network.mqtt_client import MqttSession
    from checks.network.tls_context import start_verified_tls

    fill = context.secrets.fill
    username, password = (fill(text, options.host) for text in (options.username, options.password))
    port = options.port or (_TLS_PORT if options.tls else _PORT)
    with connect(options.host, port, context, ip=options.ip) as connection:
        if options.tls:
            start_verified_tls(connection, options.server_name or options.host, options.ca, context)
        session = MqttSession(connection, options.version, context)
        session.sign_in(options.client_id or f"constat-{secrets.token_hex(6)}", username, password)
        context.note("login")
        if options.topic is not None:
            session.subscribe(options.topic)
            context.note("subscribe", options.topic)
            session.pass_on(options.topic, f"constat {secrets.token_hex(8)}".encode())
            context.note("message", "came back")
        session.sign_out()
