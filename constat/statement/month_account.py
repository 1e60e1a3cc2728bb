"""The statement of a month, from the register and the evidence alone, never from `status.yml` or the notices."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from zoneinfo import ZoneInfo

from constat.availability import Account, build_account, compute_figures, compute_uncorrected
from constat.history import CheckId
from constat.interval import Instant, Interval, clip, month_interval
from constat.model import (
    AnnouncedWindow,
    Contract,
    Evidence,
    EvidenceFile,
    LevelFigures,
    MaintenanceVersion,
    PreviousStatement,
    Register,
    ServiceStatement,
    Statement,
    SupersededStatement,
    group_versions,
    split_register,
)


class FreezeSettings(NamedTuple):
    """The parts of a statement besides its figures: the time of freezing, the contract, the place in the chain."""

    at: Instant
    contract: Contract | None = None
    previous: PreviousStatement | None = None
    supersedes: SupersededStatement | None = None


@dataclass(frozen=True, slots=True)
class StatementInputs:
    """The inputs of a statement: the register, the evidence, the figures of support, and the files that they come from.

    `sampled`: the first sample of each check in these files. `late_rows`: how many rows of the month are late.
    `accounts`: those of services that are already built, from the same register and evidence and as of the same instant.
    """

    register: Register
    evidence: Evidence
    support: tuple[LevelFigures, ...]
    files: tuple[EvidenceFile, ...]
    sampled: Mapping[CheckId, Instant] = field(default_factory=dict)
    late_rows: int = 0
    accounts: Mapping[str, Account] = field(default_factory=dict)


def state_month(month: str, zone: ZoneInfo, inputs: StatementInputs, freezing: FreezeSettings) -> Statement:
    """State a month that is over, as known at `freezing.at`. The evidence must cover it."""
    window = month_interval(month, zone)
    known = _select_known(inputs.register, freezing.at)
    return Statement(
        month=month,
        timezone=zone.key,
        window=window,
        frozen_at=freezing.at,
        contract=freezing.contract,
        services=tuple(_state_services(known, inputs, window, zone, freezing.at)),
        support=inputs.support,
        maintenance=_list_announced(known.maintenance, window),
        corrections=tuple(line for line in known.corrections if _overlaps(line.window, window)),
        late_rows=inputs.late_rows,
        changes=tuple(line for line in known.services if line.at in window and line.at <= freezing.at),
        evidence=inputs.files,
        previous=freezing.previous,
        supersedes=freezing.supersedes,
    )


def _select_known(register: Register, now: Instant) -> Register:
    """The register without what was announced or corrected after now. All rules stay: the first also apply before they were recorded."""
    return Register(
        register.services,
        tuple(line for line in register.maintenance if line.at <= now),
        tuple(line for line in register.corrections if line.at <= now),
    )


def _state_services(
    register: Register, inputs: StatementInputs, window: Interval, zone: ZoneInfo, now: Instant
) -> Iterator[ServiceStatement]:
    """The services that existed during the month and were promised, in the order in which the register first names them."""
    evidence, accounts = inputs.evidence, inputs.accounts
    named = [line.service for line in register.services if line.rules is not None]
    of_service = split_register(register)
    for service in dict.fromkeys(named):
        account = accounts.get(service) or build_account(
            of_service(service), evidence.of_service(service), service, zone, now
        )
        promised = account.find_promise(window.start).target is not None
        if promised and account.begins is not None and account.clip_existence(window):
            yield _state_service(account, account.begins, window, now)


def _state_service(account: Account, begins: Instant, window: Interval, now: Instant) -> ServiceStatement:
    """One service, with the first samples of all checks that its rules ever named."""
    named = {check for _, _, rules in account.rules if rules is not None for check in rules.checks}
    return ServiceStatement(
        figures=compute_figures(account, window, now),
        uncorrected=compute_uncorrected(account, window, now),
        begins=begins,
        firsts={
            check: at for check, at in sorted(account.firsts.items()) if check in named and at < window.end
        },
        rules=account.find_promise(window.start),
    )


def _list_announced(versions: Iterable[MaintenanceVersion], window: Interval) -> tuple[AnnouncedWindow, ...]:
    return tuple(
        AnnouncedWindow(slug, published)
        for slug, published in group_versions(versions).items()
        if any(_overlaps(version.window, window) for version in published)
    )


def _overlaps(span: Interval, window: Interval) -> bool:
    return bool(clip((span,), window))
