"""Options that several kinds have: their types, with the words that describe them."""

from typing import Annotated, Literal

from constat.config.fields import Host, Slowness, Text, about, wrong

Authorities = Annotated[Text, about("a file in the project: authorities to trust instead of the system's")]
ServerName = Annotated[Host | None, about("the name in the certificate, if it is not the host")]
Family = Annotated[Literal["4", "6"] | None, about("only IPv4, or only IPv6")]
DegradedAbove = Annotated[
    Slowness | None, about("degraded if it takes longer than this; a table has one for each vantage")
]

_PUBLISHED = ("history/", "./history/", "site/", "./site/", ".site/", "./.site/")


def check_password_encrypted(password: str, *, tls: bool, unencrypted: bool) -> None:
    """Refuse to send a password without TLS, unless that is said to be intended.

    Raises:
        ValueError: it would be sent so.

    """
    if password and not (tls or unencrypted):
        raise wrong("the password would travel unencrypted", "write tls: true, or unencrypted: true")


def check_client_certificate(certificate: str | None, key: str | None) -> None:
    """Refuse half a client certificate, and one that lies where everything is published.

    Raises:
        ValueError: it is one of these.

    """
    if (certificate is None) != (key is None):
        raise wrong("half of a client certificate", "write both client_cert and client_key")
    for path in filter(None, (certificate, key)):
        if path.startswith(_PUBLISHED):
            raise wrong(f"{path} would be published", "keep certificate and key in a secret")
