"""The section `support` of `status.yml`, as it is written and as it is resolved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from constat.config.fields import (
    ClockTime,
    Day,
    Flag,
    Language,
    LocalText,
    Name,
    OpeningTime,
    PromisedTime,
    Text,
    Url,
    Weekdays,
    Zone,
    about,
)
from constat.model import Hours as WeeklyHours
from constat.model import settings


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
    from_: Annotated[OpeningTime, about("When it opens.")]
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


def resolve_support(support: Support) -> settings.Support:
    """Resolve how support is reached and what it promises."""
    return settings.Support(
        contacts=tuple(_resolve_contact(contact) for contact in support.contacts),
        links={str(name): url for name, url in support.links.items()},
        hours=tuple(_resolve_hours(hours) for hours in support.hours),
        clock=support.clock,
        levels=tuple(_resolve_level(level) for level in support.levels),
        publish_rows=support.publish_rows,
    )


def _resolve_contact(contact: Contact) -> settings.Contact:
    return settings.Contact(
        channel=contact.channel,
        address=contact.address,
        region=contact.region or "",
        languages=contact.languages,
    )


def _resolve_hours(hours: Hours) -> WeeklyHours:
    return WeeklyHours(
        region=hours.region,
        days=hours.days,
        start=hours.from_,
        to=hours.to,
        zone=hours.zone,
        holidays=hours.holidays,
    )


def _resolve_level(level: Level) -> settings.Level:
    target_s, target_days = level.target
    return settings.Level(id=level.id, name=level.name, target_s=target_s, target_days=target_days)
