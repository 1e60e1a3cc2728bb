"""The page: all that a template, a feed or an interface may see, as one immutable `Page` in no particular language.

Words, dates and numbers are formatted from it later, once for each language; what they say is decided here and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from constat.interval import Instant, Stretch
from constat.model import (
    Day,
    Figures,
    Latency,
    LocalText,
    Outage,
    Outcome,
    PageSettings,
    SealedPast,
    ServiceRules,
    ServiceStatement,
    Sla,
    Standing,
    Status,
    Support,
    choose_text,
)
from constat.page.archived import ArchiveMonth, PastDay
from constat.page.banner_types import Banner
from constat.page.imported_past import ImportedDay, ImportedPast
from constat.page.shown_check import ShownCheck
from constat.page.shown_notice import ServiceOutage, ShownNotice
from constat.page.stated_month import StatedMonth
from constat.page.year import Year
from constat.upstream import LatestWord

PROBLEMS = frozenset({Status.OUTAGE, Status.DEGRADED})
"""The statuses of days with problems."""

COMPACT_FROM = 8
"""With this many services or more, each takes one line and groups fold, unless `page.density` says otherwise."""


class Minutes(NamedTuple):
    """Consecutive minutes of an hour with the same status; `first` counts from 0."""

    first: int
    length: int
    status: Status


class Hour(NamedTuple):
    """An hour of the page's clock, as far as it has passed; `latency` is `None` if nothing answered."""

    start: Instant
    runs: tuple[Minutes, ...]
    latency: Latency | None = None


class ShownService(NamedTuple):
    """One service as the page shows it.

    `figures` are those of the shown days, `days` the same window day by day, oldest first, today last; both are computed
    from one account. `month`: the month in progress, `last_day`: the last 24 hours, `hours`: the same hour by hour.
    `first`: the time of its first sample. `up_since`: since when it is measured as up, if that is long enough to call an
    open incident forgotten. `viewers`: the vantages that saw each outage, by its start, where there are several. `imported`: what other tools
    recorded before `first`, `imported_days` those of the shown days. `year`: `None` unless it began before them. `states`: of each second.
    """

    id: str
    name: LocalText
    rules: ServiceRules
    standing: Standing
    figures: Figures
    days: tuple[Day, ...]
    month: Figures
    last_day: Figures
    first: Instant | None
    checks: tuple[ShownCheck, ...] = ()
    hours: tuple[Hour, ...] = ()
    up_since: Instant | None = None
    viewers: Mapping[Instant, tuple[str, ...]] = {}
    imported: ImportedPast | None = None
    imported_days: Mapping[date, ImportedDay] = {}
    year: Year | None = None
    states: tuple[Stretch[Outcome], ...] = ()
    description: LocalText | None = None
    link: str | None = None
    from_here: str | None = None

    @property
    def problem_days(self) -> tuple[Day, ...]:
        """The days with problems, newest first."""
        return tuple(day for day in reversed(self.days) if day.status in PROBLEMS)

    @property
    def outages(self) -> tuple[ServiceOutage, ...]:
        """The outages of the shown days, newest first."""
        return tuple(
            ServiceOutage(self.id, outage, self._is_ongoing(outage))
            for outage in reversed(self.figures.outages)
        )

    def _is_ongoing(self, outage: Outage) -> bool:
        """Whether the outage lasts, by the newest sample; the seconds after it are not known yet."""
        newest = self.standing.newest
        return not outage.recovered and newest is not None and outage.start <= newest < outage.end


class Group(NamedTuple):
    """Services under one heading (`name` is `None` for those without), with the gravest status among them."""

    name: LocalText | None
    services: tuple[ShownService, ...]
    status: Status

    @property
    def open(self) -> bool:
        """Whether the group must not be folded: some service in it is not operational."""
        return any(service.standing.status is not Status.OPERATIONAL for service in self.services)


@dataclass(frozen=True)
class Page:
    """Everything that is shown at `now`.

    `data_end`: the time of the newest sample, `None` before the first. `stale_after_s`: the age from which the newest
    data no longer speak of the present. `notices`: the latest to begin first. `past`: those of the past 14 days on which
    something happened, newest first. `names`: the names of all services in `status.yml`, including those that are no
    longer shown. `months`: the stated months, and `archive`: the months of notices and outages, both newest first.
    `sealed`: the seals and the head. `mailing_list_url`: where customers sign up for news by e-mail, empty if they cannot.
    `vantages`: the names of the places that we check from.
    """

    settings: PageSettings
    sla: Sla
    support: Support | None
    now: Instant
    data_end: Instant | None
    stale_after_s: int
    banner: Banner
    groups: tuple[Group, ...]
    notices: tuple[ShownNotice, ...]
    past: tuple[PastDay, ...]
    names: Mapping[str, LocalText] = field(default_factory=dict)
    months: tuple[StatedMonth, ...] = ()
    mailing_list_url: str = ""
    archive: tuple[ArchiveMonth, ...] = ()
    vantages: Mapping[str, LocalText] = field(default_factory=dict)
    sealed: SealedPast | None = None
    upstream: tuple[LatestWord, ...] = ()

    @cached_property
    def statements(self) -> tuple[StatedMonth, ...]:
        """The stated months without superseded ones, the newest first."""
        return tuple(month for month in self.months if month.standing != "superseded")

    @cached_property
    def is_watched(self) -> bool:
        """Whether any service that is shown has a check."""
        return any(not service.standing.unwatched for service in self.services)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of all checks that are shown."""
        return frozenset(check.kind for service in self.services for check in service.checks)

    @cached_property
    def services(self) -> tuple[ShownService, ...]:
        """Every service, in the order in which it is shown."""
        return tuple(service for group in self.groups for service in group.services)

    @cached_property
    def imported(self) -> tuple[ImportedPast, ...]:
        """What other tools recorded of the services that are shown, where there is anything."""
        return tuple(service.imported for service in self.services if service.imported is not None)

    @property
    def shows_imported(self) -> bool:
        """Whether anything that other tools recorded is shown."""
        return any(month.imported is not None for month in self.archive)

    @property
    def is_compact(self) -> bool:
        """Whether each service takes one line, and groups fold."""
        if self.settings.density:
            return self.settings.density == "compact"
        return len(self.services) >= COMPACT_FROM

    @property
    def open(self) -> tuple[ShownNotice, ...]:
        """The notices that are open."""
        return tuple(shown_notice for shown_notice in self.notices if shown_notice.phase == "open")

    @property
    def upcoming(self) -> tuple[ShownNotice, ...]:
        """The announced maintenance, the next to begin first."""
        return tuple(
            shown_notice for shown_notice in reversed(self.notices) if shown_notice.phase == "upcoming"
        )

    def notice(self, stem: str) -> ShownNotice | None:
        """The notice with a stem, if it is shown."""
        return next((shown_notice for shown_notice in self.notices if shown_notice.notice.stem == stem), None)

    def service_name(self, service_id: str, language: str) -> str:
        """The name of a service in a language; its id if `status.yml` no longer names it."""
        return choose_text(self.names.get(service_id, {}), language) or service_id

    def vantage_name(self, vantage: str, language: str) -> str:
        """The name of a vantage in a language; as in the evidence where `status.yml` has none."""
        return choose_text(self.vantages.get(vantage, {}), language) or vantage

    def find_stated(self, month: StatedMonth, service_id: str) -> ServiceStatement | None:
        """The part of a stated month about a service, `None` if it did not exist in that month."""
        return self._stated[month.name].get(service_id)

    @cached_property
    def _stated(self) -> Mapping[str, Mapping[str, ServiceStatement]]:
        return {
            month.name: {stated.figures.service: stated for stated in month.statement.services}
            for month in self.months
        }

    def service(self, service_id: str) -> ShownService | None:
        """The service with an id, if it is shown."""
        return self._by_id.get(service_id)

    @cached_property
    def _by_id(self) -> Mapping[str, ShownService]:
        return {service.id: service for service in self.services}
