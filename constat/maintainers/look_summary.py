"""The result of a look, for the person who started it: the state of each service by the checks just made, in one line."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from constat.model import Config, Outcome, Sample, ServiceConfig

_ORDER = (Outcome.UP, Outcome.DEGRADED, Outcome.DOWN, Outcome.UNKNOWN)
"""The order in which a line names the states."""

_ALL = (Outcome.DOWN, Outcome.UNKNOWN, Outcome.DEGRADED, Outcome.UP)
_ANY = (Outcome.UP, Outcome.DEGRADED, Outcome.UNKNOWN, Outcome.DOWN)
"""The outcomes in the order in which they decide, where all checks are required, and where any is enough (rule 4)."""


class ServiceLook(NamedTuple):
    """The result of a look at a service; `reason`: that of the check that decided."""

    service: str
    outcome: Outcome
    reason: str = ""


def summarise_look(config: Config, samples: Iterable[Sample]) -> tuple[ServiceLook, ...]:
    """Summarise the newest sample of each check, by service; services without a check that counts are left out."""
    newest: dict[tuple[str, str], Sample] = {}
    for sample in samples:
        key = (sample.service, sample.check)
        if key not in newest or newest[key].at <= sample.at:
            newest[key] = sample
    looks = (_look_at(service, newest) for service in config.services)
    return tuple(look for look in looks if look)


def _look_at(service: ServiceConfig, newest: dict[tuple[str, str], Sample]) -> ServiceLook | None:
    seen = [
        newest[service.id, check.name]
        for check in service.checks
        if check.affects == "availability" and (service.id, check.name) in newest
    ]
    if not seen:
        return None
    order = _ANY if service.rules.require == "any" else _ALL
    decisive = min(seen, key=lambda sample: order.index(sample.outcome))
    return ServiceLook(service.id, decisive.outcome, decisive.reason)


def describe_look(looks: Iterable[ServiceLook]) -> str:
    """Describe what a look saw: `5 services up, 1 down (api: status 503)`; empty where nothing was looked at."""
    listed = tuple(looks)
    return ", ".join(_count_states(listed))


def _count_states(looks: tuple[ServiceLook, ...]) -> Iterator[str]:
    counts = Counter(look.outcome for look in looks)
    noun = " service" if len(looks) == 1 else " services"
    for outcome in _ORDER:
        if counts[outcome]:
            reasons = "; ".join(
                f"{look.service}: {look.reason or 'no reason given'}"
                for look in looks
                if look.outcome is outcome
            )
            named = "" if outcome is Outcome.UP else f" ({reasons})"
            yield f"{counts[outcome]}{noun} {outcome.value}{named}"
            noun = ""
