"""What a run looks at: the targets of `status.yml` that are its own, how it looks at them, and which are due."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from checks.confirming import Target
from checks.registry import warm_up
from checks.runner import Policy
from checks.secrets import Secrets
from constat.interval import Instant
from constat.model import Config, Evidence


def select_targets(config: Config, vantage: str, only: str | None = None) -> tuple[Target, ...]:
    """The checks that a vantage makes, of one service or of all; the libraries that they need are loaded."""
    wanted = tuple(
        Target(service.id, check)
        for service in config.services
        if only in (None, service.id)
        for check in service.checks
        if vantage in check.vantages
    )
    warm_up(target.check.kind for target in wanted)
    return wanted


def build_policy(  # noqa: PLR0913 (a project and a place to look from, and what the command line adds)
    config: Config,
    vantage: str,
    root: Path,
    environment: Mapping[str, str],
    log: Callable[[str], None],
    *,
    allow_exec: bool = False,
) -> Policy:
    """How a run looks from a vantage; of the environment only the declared secrets are taken, and what programs need."""
    return Policy(
        vantage=vantage,
        workers=config.monitor.workers,
        canaries=config.monitor.canaries,
        blocked=config.monitor.blocked,
        secrets=Secrets.of(config.secrets, environment),
        root=root,
        programs=environment if allow_exec else None,
        log=log,
    )


def find_longest_interval(targets: Sequence[Target]) -> int:
    """Seconds; 0 where there is no target."""
    return max((target.check.interval_s for target in targets), default=0)


def select_due(
    targets: Sequence[Target], evidence: Evidence, vantage: str, now: Instant
) -> tuple[Target, ...]:
    """The targets without a sample of this vantage in their current slot."""
    newest = {
        (seen.service, seen.check): seen.newest for seen in evidence.observed if seen.vantage == vantage
    }
    return tuple(
        target
        for target in targets
        if newest.get((target.service, target.check.name), -1) // target.check.interval_s
        < now // target.check.interval_s
    )
