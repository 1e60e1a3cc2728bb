"""The kind `redis`: a Redis server lets us in, and answers a command as it should."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from checks.option_types import Authorities, DegradedAbove, Family, ServerName, check_password_encrypted
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from checks.records import json_path
from checks.secrets import find_secret_uses
from constat.config.fields import Count, Flag, Host, Port, SecretText, Text, about, wrong
from constat.model.kinds import Defaults, SecretUse

if TYPE_CHECKING:
    from checks.network.redis_client import RedisSession

DEFAULTS: Defaults = Defaults()
LIBRARIES: tuple[str, ...] = ("checks.network.redis_client",)


@dataclass(frozen=True, slots=True)
class Options:
    """The server, our account there, the command and the expected answer."""

    host: Annotated[Host, about("the server's name or address")]
    port: Annotated[Port, about("the TCP port")] = 6379
    tls: Annotated[Flag, about("speak TLS from the first byte")] = False
    server_name: ServerName = None
    ca: Authorities = ""
    username: Annotated[SecretText, about("the account to sign in with, if not the default one")] = ""
    password: Annotated[SecretText, about("its password, a secret")] = ""
    database: Annotated[Count | None, about("the number of the database, if it is not 0")] = None
    command: Annotated[tuple[Text, ...], about("the command and its arguments: [LLEN, queue]")] = ("PING",)
    expect: Annotated[
        Text | None, about("the value that the answer must have, or a comparison: '<= 1000'")
    ] = None
    unencrypted: Annotated[Flag, about("send the password without TLS: for a server on this machine")] = False
    ip: Family = None
    degraded_above: DegradedAbove = None

    def __post_init__(self) -> None:
        """Refuse options that contradict each other.

        Raises:
            ValueError: they do.

        """
        if not self.command:
            raise wrong("an empty command", "write the command and its arguments: [LLEN, queue]")
        if self.username and not self.password:
            raise wrong("a username without a password", "write both, or neither")
        check_password_encrypted(self.password, tls=self.tls, unencrypted=self.unencrypted)
        if self.expect is not None and not json_path.can_hold(self.expect):
            raise wrong(f"no answer can ever be {self.expect!r}", "compare with a number: '<= 1000'")


def subject(options: Options) -> str:
    """Name the host."""
    return options.host


def secret_uses(options: Options) -> tuple[SecretUse, ...]:
    """List the account's secrets, which go to the host."""
    return find_secret_uses(options.host, options.username, options.password)


def probe(options: Options, context: Context) -> ProbeResult:
    """Connect, sign in, send the command and check the answer."""
    return attempt(context, lambda: _converse(options, context), degraded_above=options.degraded_above)


def _converse(options: Options, context: Context) -> None:
    from checks.network.connection import connect
    from checks.network.redis_client import RedisSession
    from checks.network.tls_context import start_verified_tls

    credentials = [context.secrets.fill(text, options.host) for text in (options.username, options.password)]
    with connect(options.host, options.port, context, ip=options.ip) as connection:
        if options.tls:
            start_verified_tls(connection, options.server_name or options.host, options.ca, context)
        session = RedisSession(connection, context)
        if options.password:
            session.ask("AUTH", *filter(None, credentials))
            context.note("login")
        if options.database is not None:
            session.ask("SELECT", str(options.database))
        _check_answer(session, options, context)


def _check_answer(session: "RedisSession", options: Options, context: Context) -> None:
    answer = session.ask(*options.command)
    value = context.quote(json_path.format_value(answer))
    context.note(options.command[0], value)
    if options.expect is not None and not json_path.satisfies(answer, options.expect):
        raise Trouble("value", f"{options.command[0]} is {value}")
