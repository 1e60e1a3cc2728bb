"""The section `sla` of `status.yml`, as it is written and as it is resolved."""

from dataclasses import dataclass
from typing import Annotated

from constat.config.fields import Duration, DurationOrZero, Flag, Percentage, Text, Url, about
from constat.interval import DAY_S
from constat.model import settings
from constat.model.rules import MaintenanceRules


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


def resolve_sla(sla: Sla) -> settings.Sla:
    """Resolve the promise for every service that does not state its own."""
    everything_counts = MaintenanceRules(counts=True, notice_s=0, cap_s=None)
    return settings.Sla(
        contract=_resolve_contract(sla.contract) if sla.contract else None,
        target=sla.target,
        min_coverage=sla.target if sla.min_coverage is None else sla.min_coverage,
        maintenance=resolve_maintenance(sla.maintenance, everything_counts),
        freeze_after_s=sla.freeze_after,
    )


def _resolve_contract(contract: Contract) -> settings.Contract:
    return settings.Contract(version=contract.version, url=contract.url)


def resolve_maintenance(maintenance: Maintenance, otherwise: MaintenanceRules) -> MaintenanceRules:
    """Resolve what announced maintenance means; `otherwise` gives what is not written."""
    return MaintenanceRules(
        counts=otherwise.counts if maintenance.counts is None else maintenance.counts,
        notice_s=otherwise.notice_s if maintenance.notice is None else maintenance.notice,
        cap_s=otherwise.cap_s if maintenance.monthly_cap is None else maintenance.monthly_cap,
    )
