"""The options that describe a mail server: its address, its security, and our account there."""

from dataclasses import dataclass
from typing import Annotated, Literal

from checks.secrets import find_secret_uses
from constat.config.fields import Flag, Host, OwnName, Port, SecretText, Text, about, wrong
from constat.model.kinds import SecretUse

Security = Literal["plain", "starttls", "tls"]


@dataclass(frozen=True, slots=True)
class ProbedMailServer:
    """A server, its security, and our account there. Port and defaults depend on the protocol."""

    host: Annotated[Host, about("the server's name or address")]
    port: Annotated[Port | None, about("the TCP port; by default the usual one for its security")] = None
    starttls: Annotated[Flag, about("switch to TLS with STARTTLS")] = False
    tls: Annotated[Flag, about("speak TLS from the first byte")] = False
    server_name: Annotated[Host | None, about("the name in the certificate, if it is not the host")] = None
    ca: Annotated[Text, about("a file in the project: authorities to trust instead of the system's")] = ""
    username: Annotated[SecretText, about("the account to sign in with")] = ""
    password: Annotated[SecretText, about("its password, a secret")] = ""
    unencrypted: Annotated[Flag, about("send the password without TLS: for a server on this machine")] = False

    def __post_init__(self) -> None:
        """Refuse options that contradict each other.

        Raises:
            ValueError: they do.

        """
        if self.tls and self.starttls:
            raise wrong("both tls and starttls", "keep the one that the port speaks")
        if bool(self.username) != bool(self.password):
            raise wrong("a username without a password, or the reverse", "write both, or neither")
        if self.username and not (self.tls or self.starttls or self.unencrypted):
            raise wrong("the password would travel unencrypted", "add starttls: true or tls: true")

    @property
    def security(self) -> Security:
        """How the connection is secured."""
        return "tls" if self.tls else "starttls" if self.starttls else "plain"

    @property
    def certificate_name(self) -> str:
        """The name that the certificate must bear."""
        return self.server_name or self.host

    def secret_uses(self) -> tuple[SecretUse, ...]:
        """The secrets of the account, which go to the server."""
        return find_secret_uses(self.host, self.username, self.password)


@dataclass(frozen=True, slots=True)
class SmtpServer(ProbedMailServer):
    """A server that takes mail."""

    ehlo: Annotated[
        OwnName, about("the name that we introduce ourselves with; by default our address, as [192.0.2.1]")
    ] = ""
    auth: Annotated[
        Literal["plain", "login"] | None,
        about("how to sign in; by default with plain if it is offered, else with login"),
    ] = None
