"""The register as it holds now, with what no line records yet."""

from collections.abc import Iterable

from constat.interval import Instant
from constat.model import Config, Notice, RecordedRules, Register
from constat.register.pending import find_new_versions


def build_effective_register(
    register: Register, config: Config, notices: Iterable[Notice], now: Instant
) -> Register:
    """The register, and for a service without any line the rules of `status.yml`, which then hold for all time.

    A version of an announced window that no line records counts as published now (DESIGN 4). A changed rule does not
    hold before it is recorded.
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
