"""The options that describe a mail server: its address, its security, and our account there."""

from dataclasses import dataclass
from typing import Annotated, Literal

from checks.option_types import Authorities, ServerName
from checks.secrets import find_secret_uses
from constat.config.fields import Flag, Host, OwnName, Port, SecretText, Text, Url, about, wrong
from constat.model.kinds import SecretUse
from constat.text.host_names import read_url_host

Security = Literal["plain", "starttls", "tls"]
Mechanism = Literal["plain", "login", "scram-sha-256", "cram-md5", "oauthbearer", "xoauth2"]
_OF_TOKENS = ("oauthbearer", "xoauth2")


@dataclass(frozen=True, slots=True)
class Refresh:
    """Where to fetch an access token, and with which refresh token (RFC 6749 6)."""

    url: Annotated[Url, about("the token endpoint")]
    refresh_token: Annotated[SecretText, about("the refresh token, a secret")]
    client_id: Annotated[SecretText, about("the id of the client that it was issued to")]
    client_secret: Annotated[SecretText, about("that client's secret, if it has one")] = ""
    scope: Annotated[Text, about("the scope to ask for, if the endpoint wants one")] = ""
    ca: Authorities = ""

    def secret_uses(self) -> tuple[SecretUse, ...]:
        """List the secrets that go to the endpoint."""
        texts = (self.refresh_token, self.client_id, self.client_secret)
        return find_secret_uses(read_url_host(self.url), *texts)


@dataclass(frozen=True, slots=True)
class ProbedMailServer:
    """A server, its security, and our account there. Port and defaults depend on the protocol."""

    host: Annotated[Host, about("the server's name or address")]
    port: Annotated[Port | None, about("the TCP port; by default the usual one for its security")] = None
    starttls: Annotated[Flag, about("switch to TLS with STARTTLS")] = False
    tls: Annotated[Flag, about("speak TLS from the first byte")] = False
    server_name: ServerName = None
    ca: Authorities = ""
    username: Annotated[SecretText, about("the account to sign in with")] = ""
    password: Annotated[SecretText, about("its password, a secret")] = ""
    token: Annotated[SecretText, about("an access token instead of a password, a secret")] = ""
    refresh: Annotated[Refresh | None, about("fetch an access token instead, with a refresh token")] = None
    auth: Annotated[
        Mechanism | None,
        about("how to sign in; by default the first of these that is offered and fits the account"),
    ] = None
    unencrypted: Annotated[Flag, about("send the password without TLS: for a server on this machine")] = False

    def __post_init__(self) -> None:
        """Refuse options that contradict each other.

        Raises:
            ValueError: they do.

        """
        if self.tls and self.starttls:
            raise wrong("both tls and starttls", "keep the one that the port speaks")
        ways = sum(map(bool, (self.password, self.token, self.refresh)))
        if ways > 1:
            raise wrong("more than one of password, token and refresh", "keep one")
        if self.refresh and not self.refresh.url.startswith("https:"):
            raise wrong("the refresh token would travel unencrypted", "write https:// in refresh.url")
        if bool(self.username) != bool(ways):
            raise wrong("a username without a password, or the reverse", "write both, or neither")
        if self.auth and ways and (self.auth in _OF_TOKENS) == bool(self.password):
            raise wrong(f"{self.auth} does not sign in with that", "write a token for it, or another auth")
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
        """List the secrets of the account: they go to the server, and those of `refresh` to its endpoint."""
        own = find_secret_uses(self.host, self.username, self.password, self.token)
        return (*own, *self.refresh.secret_uses()) if self.refresh else own


@dataclass(frozen=True, slots=True)
class SmtpServer(ProbedMailServer):
    """A server that takes mail."""

    ehlo: Annotated[OwnName, about("the name to send with EHLO; by default our address, as [192.0.2.1]")] = ""
