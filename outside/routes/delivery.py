"""A delivery, the input of a route: one message on its way to one address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from constat.config.fields.text_fields import fill_secrets
from constat.interval import Instant
from constat.model import MailServer, PageSettings, Target
from constat.notifications import Event, Message


class RouteSecret(NamedTuple):
    """A secret that a route needs, and the host that it goes to; `None` if only the filled-in address says which."""

    name: str
    host: str | None


@dataclass(frozen=True, slots=True)
class Secret:
    """The value of a secret, and the hosts that it is declared for."""

    value: str = field(repr=False)
    hosts: tuple[str, ...]


class Announcement(NamedTuple):
    """An event that subscribers are notified of, and the target that the message is for."""

    event: Event
    target: Target


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one address, which is as written in `status.yml`: `secrets` holds what fills its placeholders.

    `announcement`: what the message announces to which subscribers; `None` for a message to a maintainer.
    """

    address: str = field(repr=False)
    message: Message
    page: PageSettings
    server: MailServer | None
    now: Instant
    announcement: Announcement | None = None
    secrets: Mapping[str, Secret] = field(default_factory=dict)

    def fill(self, text: str) -> str:
        """Replace every `${NAME}` in a text with the value of the secret."""
        return fill_secrets(text, lambda name: self.secrets[name].value)
