"""The scope of a run: the targets of its vantage, the policy that it follows, and the targets that are due."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from checks.confirming import ProbeTarget
from checks.registry import warm_up
from checks.runner import Policy
from checks.secrets import Secrets
from constat.interval import Instant
from constat.model import Config, Evidence


def select_targets(config: Config, vantage: str, only: str | None = None) -> tuple[ProbeTarget, ...]:
    """Select the checks that we make at a vantage, of one service or of all, and load the libraries that they need."""
    targets = tuple(
        ProbeTarget(service.id, check)
        for service in config.services
        if only in (None, service.id)
        for check in service.checks
        if vantage in check.vantages and not check.via
    )
    warm_up(target.check.kind for target in targets)
    return targets


def build_policy(
    config: Config,
    vantage: str,
    root: Path,
    environment: Mapping[str, str],
    log: Callable[[str], None],
) -> Policy:
    """Build the policy of a run from a vantage; of the environment, only the declared secrets are taken."""
    place = config.monitor.describe_vantage(vantage)
    return Policy(
        vantage=vantage,
        workers=config.monitor.workers,
        canaries=place.canaries,
        blocked=place.blocked,
        secrets=Secrets.of(config.secrets, environment),
        root=root,
        log=log,
    )


def find_longest_interval(targets: Sequence[ProbeTarget]) -> int:
    """Find the longest interval in seconds; 0 without targets."""
    return max((target.check.interval_s for target in targets), default=0)


def select_due(
    targets: Sequence[ProbeTarget], evidence: Evidence, vantage: str, now: Instant
) -> tuple[ProbeTarget, ...]:
    """Select the targets without a sample of this vantage in their current slot."""
    newest = {
        (check.service, check.check): check.newest for check in evidence.observed if check.vantage == vantage
    }
    return tuple(
        target
        for target in targets
        if newest.get((target.service, target.check.name), -1) // target.check.interval_s
        < now // target.check.interval_s
    )
