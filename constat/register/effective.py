"""The register in effect: its lines, and what they do not record yet."""

from collections.abc import Iterable

from constat.interval import Instant
from constat.model import Config, Notice, RecordedRules, Register
from constat.register.pending import find_new_versions


def build_effective_register(
    register: Register, config: Config, notices: Iterable[Notice], now: Instant
) -> Register:
    """The register, with the rules of `status.yml` for all time for a service that has no line yet.

    A version of an announced window that no line records counts as published now. A changed rule has no effect before it
    is recorded.
    """
    known = {recorded.service for recorded in register.services}
    unrecorded = tuple(
        RecordedRules(now, service.id, service.rules)
        for service in config.services
        if service.id not in known
    )
    pending = (version._replace(recorded=False) for version in find_new_versions(register, notices, now))
    return register._replace(
        services=(*register.services, *unrecorded),
        maintenance=(*register.maintenance, *pending),
    )
