"""All that a template, a feed or an interface may see: one immutable `Page`, in no particular language.

Words, dates and numbers are made of it later, once for each language; answers (which service is worst, what the
banner is about, which outage a notice explains) are given here and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from constat.interval import Instant
from constat.model import (
    Affects,
    Day,
    Figures,
    Latency,
    LocalText,
    Outage,
    Outcome,
    PageSettings,
    ServiceRules,
    Sla,
    Standing,
    Statement,
    Status,
    Support,
    choose_text,
)
from constat.page.shown_notice import ServiceOutage, ShownNotice

FaultKind = Literal["outage", "degraded", "reported", "overrun", "maintenance", "recovered", "unchecked"]
"""Why a service is named in the banner. `reported`: our team says so, our checks do not see it."""

BannerKind = Literal[
    "first_day",
    "blind",
    "all_down",
    "outage",
    "degraded",
    "reported",
    "overrun",
    "maintenance",
    "recovered",
    "partly_checked",
    "all_well",
]
"""The case of the banner's headline. `blind`: we knew, and know nothing now; `first_day`: we never looked yet."""

PROBLEMS = frozenset({Status.OUTAGE, Status.DEGRADED})
"""What makes a day a day with problems."""

UNFOLDED_SERVICES = 12
"""As many services are all shown at once."""


class Fault(NamedTuple):
    """One service in the banner, and why.

    `since`: when it began; of `recovered`, when it ended. `until`: the announced end of a maintenance.
    `seconds`: how long a recovered outage lasted. `notice`: the stem of the open notice that names the service.
    """

    kind: FaultKind
    service: str
    since: Instant | None = None
    until: Instant | None = None
    seconds: int = 0
    notice: str | None = None


class Banner(NamedTuple):
    """The answer to "is it me?" (rule 16).

    `faults`: what the headline is about; `also`: what else must be said, gravest first. `working`: how many services
    are seen to work, of `total`. `since`: of `blind`, the newest sample. `unexplained`: something is measured to be
    wrong and no notice speaks of it yet.
    """

    kind: BannerKind
    status: Status
    faults: tuple[Fault, ...]
    also: tuple[Fault, ...]
    working: int
    total: int
    since: Instant | None = None
    unexplained: bool = False


class Minutes(NamedTuple):
    """Minutes of an hour that had one status: `first` counts from 0."""

    first: int
    length: int
    status: Status


class Hour(NamedTuple):
    """An hour of the page's clock, as far as it has passed; `latency` is `None` where nothing answered."""

    start: Instant
    runs: tuple[Minutes, ...]
    latency: Latency | None = None


class LatestResult(NamedTuple):
    """What one look at a check saw."""

    at: Instant
    outcome: Outcome
    reason: str


class ShownCheck(NamedTuple):
    """What may be told of a check. `subject`: what is watched, without path, port or credentials; `newest`: its last look."""

    name: str
    kind: str
    subject: str
    interval_s: int
    affects: Affects
    newest: LatestResult | None = None


class ShownService(NamedTuple):
    """One service as the page shows it.

    `figures` is its account over the shown days, `days` the same window day by day, oldest first, today last; both
    come from one account. `month` is the month in progress, `last_day` the last 24 hours. `first`: its first sample ever. `hours`: the last 24.
    `up_since`: since when it is measured up, if that is long enough to call an open incident forgotten.
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

    @property
    def problem_days(self) -> tuple[Day, ...]:
        """The days with problems, newest first."""
        return tuple(day for day in reversed(self.days) if day.status in PROBLEMS)

    @property
    def outages(self) -> tuple[ServiceOutage, ...]:
        """The outages of the shown days, newest first."""
        return tuple(
            ServiceOutage(self.id, outage, self._goes_on(outage)) for outage in reversed(self.figures.outages)
        )

    def _goes_on(self, outage: Outage) -> bool:
        """Whether the newest sample still says so; nothing is known yet of the seconds after the last that speaks."""
        newest = self.standing.newest
        return not outage.recovered and newest is not None and outage.start <= newest < outage.end


class Group(NamedTuple):
    """Services under one heading (`name` is `None` for those without), with the gravest status among them."""

    name: LocalText | None
    services: tuple[ShownService, ...]
    status: Status

    @property
    def open(self) -> bool:
        """Whether it must not be folded: something in it is not simply working."""
        return any(service.standing.status is not Status.OPERATIONAL for service in self.services)


class PastDay(NamedTuple):
    """What happened on one of the past days: notices that began on it, and outages that no notice explains."""

    date: date
    notices: tuple[ShownNotice, ...]
    outages: tuple[ServiceOutage, ...]


class ArchiveMonth(NamedTuple):
    """A month of notices and outages: its days on which something began, newest first, and the months beside it."""

    name: str
    days: tuple[PastDay, ...]
    before: str | None
    after: str | None


class FrozenStatement(NamedTuple):
    """A statement as it lies in `history/statements/`: `name` is `2026-10`, of a superseded one `2026-10.1`."""

    name: str
    statement: Statement
    sha256: str


class StatedMonth(NamedTuple):
    """The account of a month as it is shown, provisional (counted now, `sha256` is `None`), final or superseded.

    `name` is its address. `newer`, `older`: the names of the statement that replaced it and of the one it replaced.
    """

    name: str
    standing: Literal["provisional", "final", "superseded"]
    statement: Statement
    sha256: str | None = None
    newer: str | None = None
    older: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that is shown, at `now`.

    `data_end`: the newest sample of all, `None` before the first. `stale_after_s`: older than that, the newest data
    no longer speak of the present. `notices`: all of them, the latest to begin first. `past`: the past 14 days,
    newest first, only days on which something happened. `names`: of every service that `status.yml` names, also of
    those that are not shown any more. `months`: every stated month, `archive`: what happened month by month; the
    newest first. `mailing_list_url`: where customers sign up for news by e-mail, empty where they cannot.
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

    @property
    def statements(self) -> tuple[StatedMonth, ...]:
        """The stated months without those that were superseded, the newest first."""
        return tuple(month for month in self.months if month.standing != "superseded")

    @property
    def services(self) -> tuple[ShownService, ...]:
        """Every service, in the order in which it is shown."""
        return tuple(service for group in self.groups for service in group.services)

    @property
    def folds(self) -> bool:
        """Whether there are so many services that groups fold."""
        return len(self.services) > UNFOLDED_SERVICES

    @property
    def open(self) -> tuple[ShownNotice, ...]:
        """What is going on."""
        return tuple(shown for shown in self.notices if shown.phase == "open")

    @property
    def upcoming(self) -> tuple[ShownNotice, ...]:
        """What is announced, the next to begin first."""
        return tuple(shown for shown in reversed(self.notices) if shown.phase == "upcoming")

    def notice(self, stem: str) -> ShownNotice | None:
        """The notice of a stem, where it is shown."""
        return next((shown for shown in self.notices if shown.notice.stem == stem), None)

    def service_name(self, service_id: str, language: str) -> str:
        """What customers call a service in a language; its id where `status.yml` no longer names it."""
        return choose_text(self.names.get(service_id, {}), language) or service_id

    def service(self, service_id: str) -> ShownService | None:
        """The service of an id, where it is shown."""
        return next((service for service in self.services if service.id == service_id), None)
