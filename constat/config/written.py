"""`status.yml` as people write it: one declaration of what is allowed, what it means and what the defaults are.

The validation, the JSON Schema and the suggestions all come from these types. `constat.config.defaults` turns them
into the `Config` that everything else uses. `None` means: not written; the description says what then applies.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from constat.config import written_notify
from constat.config.fields import (
    Canary,
    ClockTime,
    Colour,
    Count,
    Day,
    Duration,
    DurationOrZero,
    Flag,
    Host,
    Language,
    LocalText,
    Name,
    NamedZone,
    Percentage,
    Picture,
    Port,
    PromisedTime,
    SecretName,
    SecretText,
    Text,
    Timeout,
    Url,
    Weekdays,
    Zone,
    about,
)
from constat.interval import DAY_S
from constat.model.rules import Affects, Require


@dataclass(frozen=True, slots=True)
class Brand:
    """The brand of the page. Templates and the stylesheet can be replaced too: docs/theming.md."""

    logo: Annotated[
        Picture | None, about("A picture in templates/, shown beside the name at the head of the page.")
    ] = None
    logo_dark: Annotated[
        Picture | None, about("The same for dark screens, where that needs another picture.")
    ] = None
    accent: Annotated[
        Colour | None, about("The colour of links and buttons: at least 4.5 to 1 on white.")
    ] = None
    accent_dark: Annotated[
        Colour | None, about("The same for dark screens: at least 4.5 to 1 on #14171c.")
    ] = None
    footer: Annotated[LocalText | None, about("A sentence at the foot of every page.")] = None


@dataclass(frozen=True, slots=True)
class Page:
    """The status page itself."""

    id: Annotated[Name, about("A permanent name: the ids of feeds and calendars are built on it.")]
    name: Annotated[Text, about("The name at the head of the page.")]
    url: Annotated[Url, about("The URL at which the page is published.")]
    languages: Annotated[
        tuple[Language, ...], about("The page's languages. The first is the default and is found at /.")
    ]
    timezone: Annotated[NamedZone, about("The time zone of the page's days, months and times.")]
    links: Annotated[
        Mapping[Literal["website", "privacy", "imprint", "contact"], Url],
        about("Addresses shown at the foot of every page."),
    ] = field(default_factory=dict)
    brand: Annotated[Brand, about("Logo, accent colour, a sentence at the foot.")] = field(
        default_factory=Brand
    )


@dataclass(frozen=True, slots=True)
class Confirm:
    """The policy by which failures are confirmed."""

    attempts: Annotated[Count | None, about("The number of attempts, including the first (default 3).")] = (
        None
    )
    delay: Annotated[DurationOrZero | None, about("The pause between two attempts (default 5s).")] = None


@dataclass(frozen=True, slots=True)
class Monitor:
    """The watching of services."""

    vantage: Annotated[Name, about("The name of the place that checks run from, recorded in the evidence.")]
    canaries: Annotated[
        tuple[Canary, ...],
        about("Servers that always answer. When all of them fail, a failure is ours and not the service's."),
    ] = ()
    confirm: Annotated[Confirm, about("How many attempts confirm a failure.")] = Confirm()
    blocked: Annotated[
        tuple[Port, ...], about("Ports that cannot be reached from this vantage: a failure there is ours.")
    ] = ()
    push_every: Annotated[
        Duration, about("How often evidence is pushed while nothing changes (default 15m).")
    ] = 900
    workers: Annotated[Count, about("How many checks run at once (default 64).")] = 64
    tell: Annotated[
        tuple[SecretText, ...],
        about(
            "Who is alerted when the watch breaks, no canary answers, or a push or a message fails (default: nobody):"
            " targets of notify, mail addresses, or addresses that Apprise knows: ${CONSTAT_...}."
        ),
    ] = ()


@dataclass(frozen=True, slots=True)
class Maintenance:
    """The meaning of announced maintenance for the promise."""

    counts: Annotated[
        Flag | None,
        about("Whether downtime during announced maintenance counts against the target (default true)."),
    ] = None
    notice: Annotated[
        DurationOrZero | None,
        about("How early maintenance must be published to count as announced (default 0h)."),
    ] = None
    monthly_cap: Annotated[
        DurationOrZero | None,
        about("The most maintenance per month that counts as announced (default: no limit)."),
    ] = None


@dataclass(frozen=True, slots=True)
class Contract:
    """The contract that the promises come from."""

    version: Annotated[Text, about("The version of the contract, as statements name it.")]
    url: Annotated[Url, about("Where the contract can be read.")]


@dataclass(frozen=True, slots=True)
class Sla:
    """The promise for every service that does not state its own."""

    target: Annotated[Percentage, about("The promised availability, in percent of each month.")]
    contract: Annotated[Contract | None, about("The contract that the promises come from.")] = None
    min_coverage: Annotated[
        Percentage | None,
        about("The share of a month that must be observed for a verdict (default: the target)."),
    ] = None
    maintenance: Annotated[Maintenance, about("What announced maintenance means for the promise.")] = (
        Maintenance()
    )
    freeze_after: Annotated[
        Duration, about("How long after a month's end its statement is frozen (default 3d).")
    ] = 3 * DAY_S


@dataclass(frozen=True, slots=True)
class Check:
    """The keys that every check has, whatever its kind."""

    name: Annotated[Name, about("A permanent name, recorded in the evidence.")]
    kind: Annotated[Text, about("The kind of check; each kind has its own options.")]
    interval: Annotated[Duration | None, about("How often it runs (default: the service's interval).")] = None
    timeout: Annotated[Timeout | None, about("How long one attempt may take (default 10s).")] = None
    confirm: Annotated[
        Confirm | None,
        about("How many attempts confirm a failure (default: monitor.confirm)."),
    ] = None
    affects: Annotated[
        Affects | None,
        about("What a failure affects: the availability (default), only the performance, or nothing."),
    ] = None
    vantages: Annotated[
        tuple[Name, ...] | None, about("The places that it runs from (default: monitor.vantage).")
    ] = None
    quorum: Annotated[
        Count, about("How many vantages must see it down before it counts as down (default 1).")
    ] = 1


@dataclass(frozen=True, slots=True)
class Service:
    """A service that customers depend on and see, and what is promised of it."""

    id: Annotated[Name, about("A permanent name, used in URLs and in the evidence.")]
    name: Annotated[LocalText, about("The name that customers read: one, or one per language.")]
    checks: Annotated[tuple[Check, ...], about("The checks that observe it.")]
    group: Annotated[
        LocalText | None, about("The group that it is shown in: one text, or one per language.")
    ] = None
    interval: Annotated[Duration, about("How often its checks run (default 5m). This is a promise, too.")] = (
        300
    )
    target: Annotated[Percentage | None, about("The promised availability (default: sla.target).")] = None
    min_coverage: Annotated[
        Percentage | None,
        about(
            "The share of a month that must be observed for a verdict (default: sla.min_coverage, then the target)."
        ),
    ] = None
    require: Annotated[
        Require,
        about("all: it is up when all its checks are up (default). any: its checks are redundant paths."),
    ] = "all"
    maintenance: Annotated[
        Maintenance, about("What announced maintenance means for this service (default: sla.maintenance).")
    ] = Maintenance()
    since: Annotated[
        Day | None,
        about(
            "The day on which it began, if that was before its first observation: the time until then is unknown."
        ),
    ] = None
    retired: Annotated[Day | None, about("The day on which it ended, at 00:00.")] = None


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach support."""

    channel: Annotated[Literal["phone", "email", "chat", "form"], about("The way to reach support.")]
    address: Annotated[Text, about("The number, the mail address or the web address.")]
    region: Annotated[Text | None, about("The region that it serves (default: all).")] = None
    languages: Annotated[tuple[Language, ...], about("The languages spoken there.")] = ()


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours of support in one region."""

    region: Annotated[Text, about("The region, as tickets name it.")]
    days: Annotated[Weekdays, about("The days of the week: mon-fri, or a list.")]
    from_: Annotated[ClockTime, about("When it opens.")]
    to: Annotated[ClockTime, about("When it closes; earlier than `from` means on the next day.")]
    zone: Annotated[Zone, about("The time zone of these hours: a fixed offset or a named zone.")]
    holidays: Annotated[tuple[Day, ...], about("Days on which this region is closed.")] = ()


@dataclass(frozen=True, slots=True)
class Level:
    """One level of support and its promise."""

    id: Annotated[Name, about("The level, as tickets name it.")]
    name: Annotated[LocalText, about("The name that customers read.")]
    target: Annotated[
        PromisedTime, about("The promised time to the first answer: 4h of opening time, or 5wd.")
    ]


@dataclass(frozen=True, slots=True)
class Support:
    """Support: how it is reached, and what it promises."""

    contacts: Annotated[tuple[Contact, ...], about("The ways to reach support.")] = ()
    links: Annotated[
        Mapping[Literal["faq", "videos", "documentation"], Url], about("Where customers can help themselves.")
    ] = field(default_factory=dict)
    hours: Annotated[tuple[Hours, ...], about("When support is open.")] = ()
    clock: Annotated[
        Literal["union", "own"],
        about("union: an hour counts when any region is open. own: only the ticket's region."),
    ] = "union"
    levels: Annotated[tuple[Level, ...], about("The levels of support, each with its promise.")] = ()
    publish_rows: Annotated[Flag, about("Whether the ticket rows are published as evidence.")] = False


SECRETS: Any = Mapping[SecretName, tuple[Host, ...]]


@dataclass(frozen=True, slots=True)
class Root:
    """All of status.yml."""

    page: Annotated[Page, about("The status page itself.")]
    monitor: Annotated[Monitor, about("How services are watched.")]
    sla: Annotated[Sla, about("The promise for every service that does not state its own.")]
    services: Annotated[tuple[Service, ...], about("The services that are watched.")]
    secrets: Annotated[
        SECRETS,
        about("Environment variables that may be sent, each with the only hosts that it may be sent to."),
    ] = field(default_factory=dict)
    support: Annotated[Support | None, about("How support is reached, and what it promises.")] = None
    subscribe: Annotated[written_notify.Subscribe | None, about("How customers subscribe to news.")] = None
    notify: Annotated[
        written_notify.Notify | None,
        about("Who is notified of what is new, besides those who read the page and its feeds."),
    ] = None
