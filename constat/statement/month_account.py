"""A month, stated: from the register and the evidence alone, never from `status.yml` or the notices."""

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
)


class FreezeSettings(NamedTuple):
    """What a statement says besides its figures: when it was frozen, the contract, its place in the chain."""

    at: Instant
    contract: Contract | None = None
    previous: PreviousStatement | None = None
    supersedes: SupersededStatement | None = None


@dataclass(frozen=True, slots=True)
class StatementInputs:
    """What a statement rests on: the register, the samples, what is said of support, and the files they are in.

    `seen`: the first sample of each check among the samples of these files.
    """

    register: Register
    evidence: Evidence
    support: tuple[LevelFigures, ...]
    files: tuple[EvidenceFile, ...]
    seen: Mapping[CheckId, Instant] = field(default_factory=dict)


def state_month(month: str, zone: ZoneInfo, grounds: StatementInputs, freezing: FreezeSettings) -> Statement:
    """State a month that is over, as it is known at `freezing.at`. The evidence must reach over it."""
    window = month_interval(month, zone)
    known = _known(grounds.register, freezing.at)
    return Statement(
        month=month,
        timezone=zone.key,
        window=window,
        frozen_at=freezing.at,
        contract=freezing.contract,
        services=tuple(_services(known, grounds.evidence, window, zone, freezing.at)),
        support=grounds.support,
        maintenance=_announced(known.maintenance, window),
        corrections=tuple(line for line in known.corrections if _meets(line.window, window)),
        evidence=grounds.files,
        previous=freezing.previous,
        supersedes=freezing.supersedes,
    )


def _known(register: Register, now: Instant) -> Register:
    """What was announced and corrected by now. Of rules, `account` knows: the first ones always held."""
    return Register(
        register.services,
        tuple(line for line in register.maintenance if line.at <= now),
        tuple(line for line in register.corrections if line.at <= now),
    )


def _services(
    register: Register, evidence: Evidence, window: Interval, zone: ZoneInfo, now: Instant
) -> Iterator[ServiceStatement]:
    """Every service that existed for a second of the month, in the order in which the register first names them."""
    promised = [line.service for line in register.services if line.rules is not None]
    for service in dict.fromkeys(promised):
        held = build_account(register, evidence, service, zone, now)
        if held.begins is not None and held.clip_existence(window):
            yield _service(held, held.begins, window, now)


def _service(held: Account, begins: Instant, window: Interval, now: Instant) -> ServiceStatement:
    """One service. Its first samples are those of every check that its rules ever named."""
    named = {check for _, _, rules in held.rules if rules is not None for check in rules.checks}
    return ServiceStatement(
        figures=compute_figures(held, window, now),
        uncorrected=compute_uncorrected(held, window, now),
        begins=begins,
        firsts={check: at for check, at in sorted(held.firsts.items()) if check in named and at < window.end},
        rules=held.find_promise(window.start),
    )


def _announced(versions: Iterable[MaintenanceVersion], window: Interval) -> tuple[AnnouncedWindow, ...]:
    return tuple(
        AnnouncedWindow(slug, published)
        for slug, published in group_versions(versions).items()
        if any(_meets(version.window, window) for version in published)
    )


def _meets(span: Interval, window: Interval) -> bool:
    return bool(clip((span,), window))
