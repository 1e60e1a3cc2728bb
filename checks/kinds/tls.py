"""The kind `tls`: the certificate that customers' programs meet, and how long it still holds.

The chain is verified against the system's authorities or a given file, the name as browsers do it (RFC 9525); on a port
that speaks TLS, or after STARTTLS of SMTP (RFC 3207) or IMAP (RFC 9051).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from constat.config.fields import Duration, DurationOrZero, Host, Port, Text, about
from constat.config.parsing import wrong
from constat.model import Outcome

if TYPE_CHECKING:
    from ssl import SSLSocket

    from checks.network.connection import Connection, Reader

DEFAULTS: Mapping[str, str] = {}
PORTS = {None: 443, "smtp": 587, "imap": 143}
_DAY_S = 86_400
_LONGEST_LINE = 8192
LIBRARIES = ("checks.network.smtp_session",)


@dataclass(frozen=True, slots=True)
class Options:
    """Where the certificate is shown, and when its age is trouble."""

    host: Annotated[Host, about("the server's name or address")]
    port: Annotated[Port | None, about("the TCP port: 443, or 587 after STARTTLS of smtp, 143 of imap")] = (
        None
    )
    starttls: Annotated[Literal["smtp", "imap"] | None, about("first ask for TLS in this protocol")] = None
    server_name: Annotated[Host | None, about("the name in the certificate, where it is not the host")] = None
    ca: Annotated[Text, about("a file in the project: authorities to trust instead of the system's")] = ""
    warn: Annotated[Duration, about("degraded when the certificate ends sooner than this")] = 14 * _DAY_S
    fail: Annotated[DurationOrZero, about("down when it ends sooner than this")] = 0
    minimum: Annotated[Literal["1.2", "1.3"], about("the oldest version of TLS that will do")] = "1.2"

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            ValueError: it would be down before it is degraded.

        """
        if self.fail > self.warn:
            raise wrong("fail comes before warn", "warn must be the longer time")


def probe(options: Options, context: Context) -> ProbeResult:
    """Make one handshake."""
    return attempt(context, lambda: _shake_hands(options, context))


def _shake_hands(options: Options, context: Context) -> None:
    from checks.network.connection import connect
    from checks.network.tls_context import verified_context

    port = options.port or PORTS[options.starttls]
    trusted = verified_context(options.ca, context.root, options.minimum)
    with connect(options.host, port, context) as connection:
        if options.starttls == "smtp":
            _ask_smtp(connection, context)
        elif options.starttls == "imap":
            _ask_imap(connection, context)
        secure = connection.start_tls(trusted, options.server_name or options.host)
        context.note("TLS", str(secure.version()))
        _judge_age(secure, options, context)


def _judge_age(secure: "SSLSocket", options: Options, context: Context) -> None:
    """Down or degraded where the verified certificate ends too soon."""
    from ssl import cert_time_to_seconds

    certificate = secure.getpeercert() or {}
    ends = str(certificate["notAfter"])
    left_s = cert_time_to_seconds(ends) - context.now
    context.note("certificate", f"ends {ends}; {left_s // _DAY_S} days left")
    if left_s < options.warn:
        outcome = Outcome.DOWN if left_s < options.fail else Outcome.DEGRADED
        days = left_s // _DAY_S
        raise Trouble("tls", f"certificate ends in {days} day{'s' if days != 1 else ''}", outcome=outcome)


def _ask_smtp(connection: "Connection", context: Context) -> None:
    from checks.network.smtp_session import SmtpSession

    session = SmtpSession(connection, context, connection.own_name())
    session.greeting()
    session.hello()
    session.ask_for_tls()


def _ask_imap(connection: "Connection", context: Context) -> None:
    """Ask for TLS in IMAP; untagged lines before the answer are the server's right."""
    reader = connection.makefile()
    greeting = _line(reader)
    context.note("greeting", context.quote(greeting))
    if not greeting.startswith(b"* OK"):
        raise Trouble("protocol", f"no IMAP greeting {context.quote(greeting)}")
    connection.sendall(b"a1 STARTTLS\r\n")
    answer = _line(reader)
    while answer.startswith(b"* "):
        answer = _line(reader)
    context.note("STARTTLS", context.quote(answer))
    if not answer.startswith(b"a1 OK"):
        raise Trouble("status", f"to STARTTLS {context.quote(answer)}")
    if unasked := reader.unasked():
        raise Trouble("protocol", f"unasked before TLS {context.quote(unasked)}")


def _line(reader: "Reader") -> bytes:
    """One line.

    Raises:
        Trouble: the connection was closed first.

    """
    line = reader.readline(_LONGEST_LINE)
    if not line.endswith(b"\n"):
        raise Trouble("protocol", "a line too long") if len(line) == _LONGEST_LINE else Trouble("closed")
    return line
