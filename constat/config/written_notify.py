"""The sections `subscribe` and `notify` of `status.yml` as people write them; see `constat.config.written`."""

from dataclasses import dataclass
from typing import Annotated, Literal

from constat.config.fields import (
    Host,
    Language,
    LocalText,
    MailAddress,
    Name,
    Port,
    SecretText,
    Text,
    Url,
    about,
)
from constat.model.notices import Impact
from constat.model.settings import Topic


@dataclass(frozen=True, slots=True)
class Subscribe:
    """How customers ask to be told."""

    email: Annotated[
        Url | None,
        about("Where they sign up for a mailing list that is run elsewhere: the page links there."),
    ] = None


@dataclass(frozen=True, slots=True)
class MailServer:
    """The server that e-mail leaves through."""

    host: Annotated[Host, about("Its name.")]
    from_: Annotated[MailAddress, about("The address that mail comes from.")]
    port: Annotated[Port, about("Its port (default 587).")] = 587
    security: Annotated[
        Literal["starttls", "tls", "none"],
        about("starttls (default), tls from the first byte on, or none: only on a machine of one's own."),
    ] = "starttls"
    user: Annotated[Text | None, about("The name to log in with (default: no login).")] = None
    password: Annotated[SecretText | None, about("Its password: ${CONSTAT_...}, declared for the host.")] = (
        None
    )


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody who is told: a mailing list, a chat, a program."""

    id: Annotated[Name, about("Permanent: the record of what it was told is kept under this name.")]
    email: Annotated[MailAddress | None, about("The address of a mailing list. Or else: url.")] = None
    url: Annotated[
        SecretText | None,
        about("Any other service, by the address that Apprise knows it by: ${CONSTAT_...}. Or else: email."),
    ] = None
    language: Annotated[Language | None, about("Its language (default: the page's first).")] = None
    tell: Annotated[
        tuple[Topic, ...],
        about("What it is told about: incidents, maintenance, outages, statements (default: the first two)."),
    ] = ("incidents", "maintenance")
    services: Annotated[tuple[Name, ...], about("Only what concerns these services (default: all).")] = ()
    impact: Annotated[Impact, about("The least that an incident must have had (default: none, so all).")] = (
        "none"
    )
    name: Annotated[
        LocalText | None,
        about("What customers read of it on the page of a notice (default: it is not named there)."),
    ] = None
    unsubscribe: Annotated[
        MailAddress | None, about("Where a mail to leave the list goes (default: the sender's address).")
    ] = None


@dataclass(frozen=True, slots=True)
class Notify:
    """Who is told what is new."""

    targets: Annotated[tuple[Target, ...], about("Those who are told.")]
    mail: Annotated[MailServer | None, about("The server that e-mail leaves through.")] = None
