"""The kind `postgres`: a PostgreSQL server lets us in, and answers a query as it should."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from checks.option_types import Authorities, DegradedAbove, Family, ServerName, check_password_encrypted
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from checks.records import json_path
from checks.secrets import find_secret_uses
from constat.config.fields import Flag, Host, Port, SecretText, Text, about, wrong
from constat.model.kinds import Defaults, SecretUse

if TYPE_CHECKING:
    from checks.network.connection import Connection
    from checks.network.postgres_client import PostgresSession

DEFAULTS: Defaults = Defaults()
LIBRARIES: tuple[str, ...] = ("checks.network.postgres_client",)


@dataclass(frozen=True, slots=True)
class Options:
    """The server, our account there, the query and the expected answer."""

    host: Annotated[Host, about("the server's name or address")]
    username: Annotated[SecretText, about("the account to sign in with")]
    port: Annotated[Port, about("the TCP port")] = 5432
    password: Annotated[SecretText, about("its password, a secret")] = ""
    database: Annotated[Text, about("the database; by default the one with the name of the account")] = ""
    tls: Annotated[Flag, about("speak TLS, with the certificate verified")] = False
    server_name: ServerName = None
    ca: Authorities = ""
    query: Annotated[Text, about("the query; it can only read")] = "SELECT 1"
    expect: Annotated[
        Text | None,
        about("the value that the first column of its first row must have, or a comparison: '<= 1000'"),
    ] = None
    unencrypted: Annotated[Flag, about("send the password without TLS: for a server on this machine")] = False
    ip: Family = None
    degraded_above: DegradedAbove = None

    def __post_init__(self) -> None:
        """Refuse options that contradict each other.

        Raises:
            ValueError: they do.

        """
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
    """Connect, sign in, run the query and check the answer."""
    return attempt(context, lambda: _converse(options, context), degraded_above=options.degraded_above)


def _converse(options: Options, context: Context) -> None:
    from checks.network.connection import connect
    from checks.network.postgres_client import PostgresSession
    from checks.network.sasl import Credentials

    username, password = (
        context.secrets.fill(text, options.host) for text in (options.username, options.password)
    )
    with connect(options.host, options.port, context, ip=options.ip) as connection:
        if options.tls:
            _start_tls(connection, options, context)
        session = PostgresSession(connection, context)
        account = Credentials(username, password, "", options.host, options.port)
        session.sign_in(account, options.database or username)
        context.note("login")
        _check_answer(session, options, context)
        session.close()


def _start_tls(connection: "Connection", options: Options, context: Context) -> None:
    """Ask for TLS, and begin it. Our own authorities are loaded first, so that trouble with them is not the server's."""
    from checks.network.postgres_client import ask_for_tls
    from checks.network.tls_context import verified_context

    trusted = verified_context(options.ca, context.root)
    ask_for_tls(connection)
    tls = connection.start_tls(trusted, options.server_name or options.host)
    context.note("tls", str(tls.version()))


def _check_answer(session: "PostgresSession", options: Options, context: Context) -> None:
    row = session.ask(options.query)
    value = "no row" if not row else context.quote(json_path.format_value(row[0]))
    context.note("query", value)
    if options.expect is None:
        return
    if not row:
        raise Trouble("value", "the query gives no row")
    if not json_path.satisfies(row[0], options.expect):
        raise Trouble("value", f"the query gives {value}")
