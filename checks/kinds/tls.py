"""The kind `tls`: the certificate that customers' programs are shown is valid, and will be for a while.

The chain is verified against the system's authorities or a given file, the name as browsers verify it (RFC 9525), on a
port that speaks TLS or after STARTTLS in SMTP (RFC 3207) or IMAP (RFC 9051).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from constat.config.fields import Duration, DurationOrZero, Host, Port, Text, about, wrong
from constat.interval import DAY_S
from constat.model import Outcome
from constat.model.kinds import Defaults, SecretUse

if TYPE_CHECKING:
    from ssl import SSLSocket

    from checks.network.connection import Connection, Reader

DEFAULTS: Defaults = Defaults()
LIBRARIES: tuple[str, ...] = ("checks.network.smtp_session",)
PORTS = {None: 443, "smtp": 587, "imap": 143}
_LONGEST_LINE = 8192
_OF_SERVER, _OF_AUTHORITY = "certificate", "certificate of an authority"


@dataclass(frozen=True, slots=True)
class Options:
    """Where the certificate is shown, and how long it must still be valid."""

    host: Annotated[Host, about("the server's name or address")]
    port: Annotated[Port | None, about("the TCP port: 443, or 587 after STARTTLS of smtp, 143 of imap")] = (
        None
    )
    starttls: Annotated[
        Literal["smtp", "imap"] | None, about("ask for TLS with STARTTLS of this protocol first")
    ] = None
    server_name: Annotated[Host | None, about("the name in the certificate, if it is not the host")] = None
    ca: Annotated[Text, about("a file in the project: authorities to trust instead of the system's")] = ""
    warn: Annotated[Duration, about("degraded if the certificate expires sooner than this")] = 14 * DAY_S
    fail: Annotated[DurationOrZero, about("down if it expires sooner than this")] = 0
    minimum: Annotated[Literal["1.2", "1.3"], about("the oldest version of TLS that is accepted")] = "1.2"

    def __post_init__(self) -> None:
        """Refuse a check that would be down before it is degraded.

        Raises:
            ValueError: it would be.

        """
        if self.fail > self.warn:
            raise wrong("fail comes before warn", "warn must be the longer time")


def subject(options: Options) -> str:
    """Name the host."""
    return options.host


def secret_uses(_options: Options) -> tuple[SecretUse, ...]:
    """List none: no secret is sent."""
    return ()


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
            _start_smtp_tls(connection, context)
        elif options.starttls == "imap":
            _start_imap_tls(connection, context)
        secure = connection.start_tls(trusted, options.server_name or options.host)
        context.note("TLS", str(secure.version()))
        _check_expiry(secure, options, context)


def _check_expiry(secure: "SSLSocket", options: Options, context: Context) -> None:
    """Down or degraded if the verified certificate, or one of an authority above it, expires too soon."""
    from ssl import cert_time_to_seconds

    ends = str((secure.getpeercert() or {})["notAfter"])
    remaining_s = cert_time_to_seconds(ends) - context.now
    context.note("certificate", f"ends {ends}; {remaining_s // DAY_S} days left")
    above = ((cert_time_to_seconds(each) - context.now, _OF_AUTHORITY) for each in _list_ends_above(secure))
    soonest_s, whose = min([(remaining_s, _OF_SERVER), *above])
    if whose == _OF_AUTHORITY:
        context.note("authority", f"its certificate ends sooner; {soonest_s // DAY_S} days left")
    if soonest_s < options.warn:
        outcome = Outcome.DOWN if soonest_s < options.fail else Outcome.DEGRADED
        days = soonest_s // DAY_S
        raise Trouble("tls", f"{whose} ends in {days} day{'s' if days != 1 else ''}", outcome=outcome)


def _list_ends_above(secure: "SSLSocket") -> list[str]:
    """When the certificates end by which this one was verified, intermediate ones and the root.

    What else the server sends does not count: an old root beside a new one harms nobody. Before Python 3.13 the
    verified chain is known to the inner object only.
    """
    chain = secure._sslobj.get_verified_chain() or []  # type: ignore[attr-defined] # noqa: SLF001
    return [str(certificate.get_info()["notAfter"]) for certificate in chain[1:]]


def _start_smtp_tls(connection: "Connection", context: Context) -> None:
    from checks.network.smtp_session import SmtpSession

    session = SmtpSession(connection, context, connection.own_name())
    session.greeting()
    session.hello()
    session.ask_for_tls()


def _start_imap_tls(connection: "Connection", context: Context) -> None:
    """Ask for TLS in IMAP; a server may send untagged lines before it answers."""
    reader = connection.makefile()
    greeting = _read_line(reader)
    context.note("greeting", context.quote(greeting))
    if greeting.upper().startswith(b"* BYE"):
        raise Trouble("status", f"BYE to greeting {context.quote(greeting[len(b'* BYE') :])}")
    if not greeting.startswith(b"* OK"):
        raise Trouble("protocol", f"no IMAP greeting {context.quote(greeting)}")
    connection.sendall(b"a1 STARTTLS\r\n")
    answer = _read_line(reader)
    while answer.startswith(b"* "):
        answer = _read_line(reader)
    context.note("STARTTLS", context.quote(answer))
    if not answer.startswith(b"a1 OK"):
        raise Trouble("status", f"to STARTTLS {context.quote(answer)}")
    if unasked := reader.unasked():
        raise Trouble("protocol", f"unasked before TLS {context.quote(unasked)}")


def _read_line(reader: "Reader") -> bytes:
    """Read one line.

    Raises:
        Trouble: the line is too long, or the connection was closed before its end.

    """
    line = reader.readline(_LONGEST_LINE)
    if not line.endswith(b"\n"):
        raise Trouble("protocol", "a line too long") if len(line) == _LONGEST_LINE else Trouble("closed")
    return line
