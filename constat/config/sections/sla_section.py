"""The section `sla` of `status.yml`, as it is written and as it is resolved."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from constat.config.fields import (
    ClockTime,
    Day,
    Duration,
    DurationOrZero,
    Flag,
    OpeningTime,
    Percentage,
    Text,
    Url,
    Weekdays,
    Zone,
    about,
)
from constat.interval import DAY_S
from constat.model import Hours, rules, settings
from constat.model.rules import MaintenanceRules

MIN_COVERAGE_WITHOUT_TARGET = Decimal(90)
"""In percent: with less observed, a page prints bounds instead of a figure, where no target says how much we may miss."""


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
        about("The maximum maintenance per month that counts as announced (default: no limit)."),
    ] = None


@dataclass(frozen=True, slots=True)
class AgreedHours:
    """Hours of the week for which a service is promised."""

    days: Annotated[Weekdays, about("The days of the week: mon-fri, or a list.")]
    from_: Annotated[OpeningTime, about("When they begin.")]
    to: Annotated[ClockTime, about("When they end; earlier than `from` means on the next day.")]
    zone: Annotated[Zone, about("The time zone of these hours: a fixed offset or a named zone.")]
    holidays: Annotated[tuple[Day, ...], about("Days on which these hours do not begin.")] = ()


@dataclass(frozen=True, slots=True)
class Credit:
    """One row of a table of credits."""

    below: Annotated[Percentage, about("The credit is due if the availability of a month is below this.")]
    percent: Annotated[Percentage, about("The credit, in percent of what the month costs.")]


@dataclass(frozen=True, slots=True)
class Contract:
    """The contract that the promises come from."""

    version: Annotated[Text, about("The version of the contract, as statements name it.")]
    url: Annotated[Url, about("Where the contract can be read.")]


@dataclass(frozen=True, slots=True)
class Sla:
    """The promise for every service that does not state its own."""

    target: Annotated[
        Percentage | None,
        about(
            "The promised availability, in percent of each month. Without one there is neither a verdict nor a statement."
        ),
    ] = None
    contract: Annotated[Contract | None, about("The contract that the promises come from.")] = None
    min_coverage: Annotated[
        Percentage | None,
        about(
            "The share of a month that must be observed for a verdict (default: the target, or 90 without one)."
        ),
    ] = None
    maintenance: Annotated[Maintenance, about("What announced maintenance means for the promise.")] = (
        Maintenance()
    )
    freeze_after: Annotated[
        Duration, about("How long after a month's end its statement is frozen (default 3d).")
    ] = 3 * DAY_S
    hours: Annotated[
        tuple[AgreedHours, ...],
        about("The hours for which availability is promised; time outside them is not part of any figure."),
    ] = ()
    credits: Annotated[
        tuple[Credit, ...], about("What is owed if a month falls short, as stated in statements.")
    ] = ()


def resolve_sla(sla: Sla) -> settings.Sla:
    """Resolve the promise for every service that does not state its own."""
    everything_counts = MaintenanceRules(counts=True, notice_s=0, cap_s=None)
    return settings.Sla(
        contract=_resolve_contract(sla.contract) if sla.contract else None,
        target=sla.target,
        min_coverage=sla.min_coverage or sla.target or MIN_COVERAGE_WITHOUT_TARGET,
        maintenance=resolve_maintenance(sla.maintenance, everything_counts),
        freeze_after_s=sla.freeze_after,
        hours=resolve_hours(sla.hours),
        credits=resolve_credits(sla.credits),
    )


def resolve_hours(hours: tuple[AgreedHours, ...]) -> tuple[Hours, ...]:
    """Resolve agreed hours: those of a region that has no name."""
    return tuple(Hours("", one.days, one.from_, one.to, one.zone, one.holidays) for one in hours)


def resolve_credits(table: tuple[Credit, ...]) -> tuple[rules.Credit, ...]:
    """Resolve a table of credits."""
    return tuple(rules.Credit(credit.below, credit.percent) for credit in table)


def _resolve_contract(contract: Contract) -> settings.Contract:
    return settings.Contract(version=contract.version, url=contract.url)


def resolve_maintenance(maintenance: Maintenance, otherwise: MaintenanceRules) -> MaintenanceRules:
    """Resolve what announced maintenance means; `otherwise` gives what is not written."""
    return MaintenanceRules(
        counts=otherwise.counts if maintenance.counts is None else maintenance.counts,
        notice_s=otherwise.notice_s if maintenance.notice is None else maintenance.notice,
        cap_s=otherwise.cap_s if maintenance.monthly_cap is None else maintenance.monthly_cap,
    )
