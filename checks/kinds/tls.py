"""The kind `tls`: the certificate that customers' programs are shown is valid, and will be for a while.

The chain is verified against the system's authorities or a given file, the name as browsers verify it (RFC 9525), on a
port that speaks TLS or after STARTTLS in SMTP (RFC 3207) or IMAP (RFC 9051).
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from checks.network.shown_certificate import WARN_S, StartTls, WantedCertificate, check_certificate
from checks.option_types import Authorities, ServerName
from checks.probing import Context, ProbeResult, attempt
from constat.config.fields import Duration, DurationOrZero, Host, Port, about, wrong
from constat.model.kinds import Defaults, SecretUse

DEFAULTS: Defaults = Defaults()
LIBRARIES: tuple[str, ...] = ("checks.network.smtp_session",)
PORTS = {None: 443, "smtp": 587, "imap": 143}


@dataclass(frozen=True, slots=True)
class Options:
    """Where the certificate is shown, and how long it must still be valid."""

    host: Annotated[Host, about("the server's name or address")]
    port: Annotated[
        Port | None, about("the TCP port: by default 443, or 587 with STARTTLS for smtp, 143 for imap")
    ] = None
    starttls: Annotated[StartTls | None, about("ask for TLS with STARTTLS of this protocol first")] = None
    server_name: ServerName = None
    ca: Authorities = ""
    warn: Annotated[Duration, about("degraded if the certificate expires sooner than this")] = WARN_S
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
    wanted = WantedCertificate(
        options.host,
        options.port or PORTS[options.starttls],
        options.server_name or options.host,
        options.starttls,
        options.ca,
        options.warn,
        options.fail,
        options.minimum,
    )
    return attempt(context, lambda: check_certificate(wanted, context))
