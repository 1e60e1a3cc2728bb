"""The certificate that a server shows: trusted, of the right name (RFC 9525), and valid for a while.

On a port that speaks TLS, or after STARTTLS in SMTP (RFC 3207) or IMAP (RFC 9051).
"""

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from checks.probing import Context
from checks.reasons import Trouble
from constat.interval import DAY_S
from constat.model import Outcome

if TYPE_CHECKING:
    from ssl import SSLSocket

    from checks.network.connection import Connection, Reader

WARN_S: Final = 14 * DAY_S
_LONGEST_LINE = 8192
_OF_SERVER, _OF_AUTHORITY = "certificate", "certificate of an authority"

StartTls = Literal["smtp", "imap"]
"""A protocol in which TLS is asked for first."""


class WantedCertificate(NamedTuple):
    """Where a certificate is shown, and what is required of it.

    `name`: the name in it. `ca`: a file in the project with authorities to trust instead of the system's. `warn_s`, `fail_s`:
    degraded, or down, if it ends sooner than this. `minimum`: the oldest version of TLS that is accepted.
    """

    host: str
    port: int
    name: str
    starttls: StartTls | None = None
    ca: str = ""
    warn_s: int = WARN_S
    fail_s: int = 0
    minimum: Literal["1.2", "1.3"] = "1.2"


def check_certificate(wanted: WantedCertificate, context: Context) -> None:
    """Make one handshake, and compare the certificate with what is required.

    Raises:
        Trouble: the certificate is not trusted, or ends too soon; or the server does not get that far.

    """
    from checks.network.connection import connect
    from checks.network.tls_context import verified_context

    trusted = verified_context(wanted.ca, context.root, wanted.minimum)
    with connect(wanted.host, wanted.port, context) as connection:
        if wanted.starttls == "smtp":
            _start_smtp_tls(connection, context)
        elif wanted.starttls == "imap":
            _start_imap_tls(connection, context)
        secure = connection.start_tls(trusted, wanted.name)
        context.note("TLS", str(secure.version()))
        _check_expiry(secure, wanted, context)


def _check_expiry(secure: "SSLSocket", wanted: WantedCertificate, context: Context) -> None:
    """Raise `Trouble` if the verified certificate, or one above it, expires too soon."""
    from ssl import cert_time_to_seconds

    ends = str((secure.getpeercert() or {})["notAfter"])
    remaining_s = cert_time_to_seconds(ends) - context.now
    context.note("certificate", f"ends {ends}; {remaining_s // DAY_S} days left")
    above = ((cert_time_to_seconds(end) - context.now, _OF_AUTHORITY) for end in _list_ends_above(secure))
    soonest_s, whose = min([(remaining_s, _OF_SERVER), *above])
    if whose == _OF_AUTHORITY:
        context.note("authority", f"its certificate ends sooner; {soonest_s // DAY_S} days left")
    if soonest_s < wanted.warn_s:
        outcome = Outcome.DOWN if soonest_s < wanted.fail_s else Outcome.DEGRADED
        days = soonest_s // DAY_S
        raise Trouble("tls", f"{whose} ends in {days} day{'s' if days != 1 else ''}", outcome=outcome)


def _list_ends_above(secure: "SSLSocket") -> list[str]:
    """List the expiry dates of the certificates above this one in the verified chain: intermediates and root.

    Other certificates that the server sends do not count. Before Python 3.13 only the private `_sslobj` exposes the
    verified chain.
    """
    chain = secure._sslobj.get_verified_chain() or []  # type: ignore[attr-defined] # noqa: SLF001
    return [str(certificate.get_info()["notAfter"]) for certificate in chain[1:]]


def _start_smtp_tls(connection: "Connection", context: Context) -> None:
    from checks.network.smtp_session import SmtpSession

    session = SmtpSession(connection, context, connection.find_own_name())
    session.read_greeting()
    session.say_hello()
    session.ask_for_tls()


def _start_imap_tls(connection: "Connection", context: Context) -> None:
    """Ask for TLS in IMAP; a server may send untagged lines before it answers."""
    reader = connection.makefile()
    greeting = _read_line(reader)
    context.note("greeting", context.quote(greeting))
    if greeting.upper().startswith(b"* BYE"):
        raise Trouble("status", f"BYE to greeting {context.quote(greeting[len(b'* BYE') :])}")
    if not greeting.upper().startswith(b"* OK"):
        raise Trouble("protocol", f"no IMAP greeting {context.quote(greeting)}")
    connection.sendall(b"a1 STARTTLS\r\n")
    answer = _read_line(reader)
    while answer.startswith(b"* "):
        answer = _read_line(reader)
    context.note("STARTTLS", context.quote(answer))
    if not answer.upper().startswith(b"A1 OK"):
        status = b"".join(answer.split()[1:2]).decode("ascii", "replace").upper()
        raise Trouble("status", f"{status} to STARTTLS {context.quote(answer)}".lstrip())
    if unasked := reader.read_unasked():
        raise Trouble("protocol", f"unasked before TLS {context.quote(unasked)}")


def _read_line(reader: "Reader") -> bytes:
    """Read one line.

    Raises:
        Trouble: the line is too long, or the connection was closed before its end.

    """
    line = reader.readline(_LONGEST_LINE)
    if not line.endswith(b"\n"):
        raise Trouble("protocol", "line too long") if len(line) == _LONGEST_LINE else Trouble("closed")
    return line
