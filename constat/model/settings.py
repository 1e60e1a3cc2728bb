"""The settings: `status.yml` as immutable values, with its defaults resolved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, NamedTuple

from constat.interval import format_seconds, parse_seconds
from constat.model.draft_incident import DraftIncident
from constat.model.globalping import Globalping
from constat.model.local_text import LocalText
from constat.model.notice import Impact
from constat.model.opening_hours import Hours
from constat.model.page_settings import PageSettings
from constat.model.routes import choose_route
from constat.model.rules import Affects, Credit, MaintenanceRules, ServiceRules
from constat.model.sources import Source
from constat.model.upstream import Upstream


class Confirm(NamedTuple):
    """The policy by which the runner confirms a failure: how many attempts, and the pause between them."""

    attempts: int = 3
    delay_s: int = 5


@dataclass(frozen=True, slots=True)
class CheckConfig:
    """One check of `status.yml`. `options` is the kind's own frozen dataclass, validated.

    `subject`: what is watched, as the kind names it for readers; empty where there is nothing to name. `via`: the source
    that makes it, empty where we make it ourselves. `words`: what a check of the project's own kind expects, in
    customers' words; empty where general words must do.
    """

    name: str
    kind: str
    interval_s: int
    timeout_s: Decimal
    confirm: Confirm
    affects: Affects
    quorum: int
    vantages: tuple[str, ...]
    options: object = field(repr=False)
    subject: str
    via: str = ""
    words: LocalText = field(default_factory=dict)


class ServiceConfig(NamedTuple):
    """One service of `status.yml`, with its defaults resolved."""

    id: str
    name: LocalText
    group: LocalText | None
    rules: ServiceRules
    checks: tuple[CheckConfig, ...]
    description: LocalText | None = None
    link: str | None = None
    from_here: str | None = None


@dataclass(frozen=True, slots=True)
class Vantage:
    """A place that checks run from: its name for customers, its canaries, and the ports that it cannot reach."""

    name: LocalText
    canaries: tuple[str, ...] = ()
    blocked: tuple[int, ...] = ()


class TimestampAuthority(NamedTuple):
    """An authority that stamps seals and statements with its own clock (RFC 3161).

    `ca`: the file below the project with the certificates that it is trusted by, in PEM.
    """

    url: str
    ca: str


@dataclass(frozen=True, slots=True)
class Monitor:
    """The watching of services. `push_every_s`: how often evidence is pushed.

    `canaries` and `blocked` are those of `vantage`, and of every other one that `vantages` does not describe.
    `tell`: the maintainers who are alerted when something fails, each by the name of a target of `notify` or an address.
    """

    vantage: str
    canaries: tuple[str, ...] = ()
    confirm: Confirm = field(default_factory=Confirm)
    blocked: tuple[int, ...] = ()
    push_every_s: int = 900
    workers: int = 64
    tell: tuple[str, ...] = field(default=(), repr=False)
    vantages: Mapping[str, Vantage] = field(default_factory=dict)
    timestamp: TimestampAuthority | None = None

    def describe_vantage(self, name: str) -> Vantage:
        """Return what is known of a vantage. One that is not described is called by its name in the evidence."""
        return self.vantages.get(name) or Vantage({"": name}, self.canaries, self.blocked)


class Contract(NamedTuple):
    """The contract that the promises come from."""

    version: str
    url: str


class Sla(NamedTuple):
    """The promise for every service that does not state its own. A month is frozen `freeze_after_s` after its end.

    `target` is `None` where nothing is promised. `hours` and `credits` are empty where all time is promised and nothing
    is owed.
    """

    contract: Contract | None
    target: Decimal | None
    min_coverage: Decimal
    maintenance: MaintenanceRules
    freeze_after_s: int
    hours: tuple[Hours, ...] = ()
    credits: tuple[Credit, ...] = ()


class Contact(NamedTuple):
    """One way to reach support. `region` is empty where it serves all regions."""

    channel: str
    address: str
    region: str = ""
    languages: tuple[str, ...] = ()


class Level(NamedTuple):
    """A support level and the promised time to its first answer: opening seconds, or working days."""

    id: str
    name: LocalText
    target_s: int | None
    target_days: int | None

    @property
    def target(self) -> str:
        """The target as it is written: `4h`, `5wd`."""
        return f"{self.target_days}wd" if self.target_days is not None else format_seconds(self.target_s or 0)


def parse_target(text: str) -> tuple[int | None, int | None]:
    """Read the target of a level as it is written: seconds of opening time, or working days; the other is `None`.

    Raises:
        ValueError: the text is not such a target.

    """
    if text.endswith("wd"):
        return None, int(text.removesuffix("wd"))
    return parse_seconds(text), None


class Support(NamedTuple):
    """Support: the ways to reach it, and its promise. `clock`: opening seconds of all regions together, or only of the ticket's own."""

    contacts: tuple[Contact, ...]
    links: Mapping[str, str]
    hours: tuple[Hours, ...]
    clock: Literal["union", "own"]
    levels: tuple[Level, ...]
    publish_rows: bool = False


Topic = Literal["incidents", "maintenance", "outages", "statements"]
"""A topic that a target can ask to be notified of."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """The server that e-mail leaves through. `password` names its secret as `${CONSTAT_X}`."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Target:
    """A target of notifications: a mailing list, a chat, a program, by the `address` that its route serves.

    `tell`: the topics that it asked for. `services` empty: all. `impact`: the least that an incident must have had.
    `name`: what customers read of it on the page of a notice, `None` where they need not know. `unsubscribe`: where a
    mail to leave the list goes.
    """

    id: str
    language: str
    tell: tuple[Topic, ...]
    services: tuple[str, ...]
    impact: Impact
    address: str = field(default="", repr=False)
    name: LocalText | None = None
    unsubscribe: str = ""

    @property
    def route(self) -> str:
        """The name of the route that serves its address."""
        return choose_route(self.address)


class MessageLimit(NamedTuple):
    """The most messages that one run sends to a target: about one notice, and in all. The last one stands for all the rest."""

    notice: int = 20
    run: int = 100


class Notify(NamedTuple):
    """The targets that are notified, the server that mail leaves through, and the limits on the number of messages."""

    mail: MailServer | None
    targets: tuple[Target, ...]
    limit: MessageLimit = MessageLimit()


DEFAULT_REGION = "us-east-1"
"""The region of a bucket whose server has no regions."""


class Publish(NamedTuple):
    """Where the site is published, and the user and the password for it, which may name secrets; empty where none is needed.

    `endpoint` and `region`: where the server of a bucket is.
    """

    to: str
    password: str = ""
    user: str = ""
    endpoint: str = ""
    region: str = DEFAULT_REGION


class History(NamedTuple):
    """Whether the evidence is kept on one branch or on one for each year, and where the day files of archived years are, by year.

    The others are as in `Publish`: how the buckets and rsync servers among the archives are reached.
    """

    branch: Literal["single", "yearly"] = "single"
    archive: Mapping[str, str] = MappingProxyType({})
    password: str = ""
    user: str = ""
    endpoint: str = ""
    region: str = DEFAULT_REGION

    @property
    def is_yearly(self) -> bool:
        """Whether there is a branch for each year."""
        return self.branch == "yearly"


class Config(NamedTuple):
    """All of `status.yml`. `secrets`: names of environment variables, each with the hosts that it may be sent to.

    `mailing_list_url`: where customers sign up for news by e-mail, empty if they cannot.
    `upstream`: what others operate, which is shown and never counted.
    """

    page: PageSettings
    monitor: Monitor
    secrets: Mapping[str, tuple[str, ...]]
    sla: Sla
    services: tuple[ServiceConfig, ...]
    support: Support | None = None
    notify: Notify | None = None
    mailing_list_url: str = ""
    draft_incident: DraftIncident | None = None
    sources: tuple[Source, ...] = ()
    publish: Publish | None = None
    upstream: tuple[Upstream, ...] = ()
    history: History = History()
    globalping: Globalping | None = None

    @property
    def service_names(self) -> dict[str, LocalText]:
        """The name of each service for customers, by its id."""
        return {service.id: service.name for service in self.services}

    def service(self, service_id: str) -> ServiceConfig | None:
        """The service with an id, if `status.yml` names one."""
        return next((service for service in self.services if service.id == service_id), None)
