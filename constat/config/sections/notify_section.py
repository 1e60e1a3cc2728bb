"""The sections `subscribe` and `notify` of `status.yml`, as they are written and as they are resolved."""

from dataclasses import dataclass
from typing import Annotated, Literal

from constat.config.fields import (
    Count,
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
from constat.model import settings
from constat.model.notice import Impact
from constat.model.settings import MessageLimit, Topic


@dataclass(frozen=True, slots=True)
class Subscribe:
    """The ways in which customers subscribe to news."""

    email: Annotated[
        Url | None,
        about(
            "The web page on which customers sign up for a mailing list that is run elsewhere; the status page links to it."
        ),
    ] = None


@dataclass(frozen=True, slots=True)
class MailServer:
    """The server that e-mail leaves through."""

    host: Annotated[Host, about("The name of the server.")]
    from_: Annotated[MailAddress, about("The address that mail is sent from.")]
    port: Annotated[Port, about("The port of the server (default 587).")] = 587
    security: Annotated[
        Literal["starttls", "tls", "none"],
        about(
            "starttls (default), tls (from the first byte on), or none: only for a server on the same machine."
        ),
    ] = "starttls"
    user: Annotated[Text | None, about("The user name to log in with (default: no login).")] = None
    password: Annotated[
        SecretText | None, about("The password to log in with: ${CONSTAT_...}, declared for the host.")
    ] = None


@dataclass(frozen=True, slots=True)
class Target:
    """A target of notifications: a mailing list, a chat, a program."""

    id: Annotated[Name, about("A permanent name: the notification log is kept under it.")]
    email: Annotated[MailAddress | None, about("The address of a mailing list. Alternatively: url.")] = None
    url: Annotated[
        SecretText | None,
        about("The address of any other service, in Apprise's format: ${CONSTAT_...}. Alternatively: email."),
    ] = None
    language: Annotated[Language | None, about("Its language (default: the page's first).")] = None
    tell: Annotated[
        tuple[Topic, ...],
        about(
            "What it is notified of: incidents, maintenance, outages, statements (default: the first two)."
        ),
    ] = ("incidents", "maintenance")
    services: Annotated[tuple[Name, ...], about("Only what concerns these services (default: all).")] = ()
    impact: Annotated[
        Impact, about("The minimum impact that an incident must have had (default: none, so all incidents).")
    ] = "none"
    name: Annotated[
        LocalText | None,
        about(
            "The name that customers read on the page of a notice (default: the target is not mentioned there)."
        ),
    ] = None
    unsubscribe: Annotated[
        MailAddress | None,
        about("The address to which people write to leave the list (default: the sender's address)."),
    ] = None


@dataclass(frozen=True, slots=True)
class Limit:
    """The most messages that one run of `notify` sends to a target; what is more is sent as one message."""

    notice: Annotated[
        Count,
        about(
            "The maximum number of messages about one notice, including the one that stands for the rest (default 20)."
        ),
    ] = MessageLimit().notice
    run: Annotated[Count, about("The maximum number of messages in total (default 100).")] = (
        MessageLimit().run
    )


@dataclass(frozen=True, slots=True)
class Notify:
    """The targets of notifications, and the server that mail leaves through."""

    targets: Annotated[tuple[Target, ...], about("The targets that are notified.")]
    mail: Annotated[MailServer | None, about("The server that e-mail leaves through.")] = None
    limit: Annotated[
        Limit | None,
        about(
            "How many messages one run sends to a target; the rest are combined into one, and the maintainers are alerted."
        ),
    ] = None


def resolve_notify(notify: Notify, language: str) -> settings.Notify:
    """Resolve who is notified; `language` is that of the targets that name none."""
    mail = _resolve_mail_server(notify.mail) if notify.mail else None
    return settings.Notify(
        mail=mail,
        targets=tuple(_resolve_target(target, mail, language) for target in notify.targets),
        limit=MessageLimit(notify.limit.notice, notify.limit.run) if notify.limit else MessageLimit(),
    )


def _resolve_mail_server(mail: MailServer) -> settings.MailServer:
    return settings.MailServer(
        host=mail.host,
        port=mail.port,
        security=mail.security,
        sender=mail.from_,
        user=mail.user or "",
        password=mail.password or "",
    )


def _resolve_target(target: Target, mail: settings.MailServer | None, language: str) -> settings.Target:
    return settings.Target(
        id=target.id,
        language=target.language or language,
        tell=target.tell,
        services=target.services,
        impact=target.impact,
        address=target.email or target.url or "",
        name=target.name,
        unsubscribe=target.unsubscribe or (mail.sender if mail else ""),
    )
