"""Validate the checks that an importer made from another tool's; one that breaks our rules is left out and reported."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from checks.registry import KINDS, load_kind
from constat.config import load_config
from constat.errors import InputError
from constat.moving.model import Finding, Moved, MovedSecret, MovedService
from constat.moving.settings_text import Additions, NewPage, NewService, write_settings

_PAGE: Final = NewPage("page", "Page", "https://status.example/", "en", "UTC")


def keep_valid_checks(moved: Moved) -> Moved:
    """Leave out each check that `status.yml` would refuse, reporting why, and each secret that no remaining check uses."""
    findings: list[Finding] = []
    services = [_keep_valid(service, moved.secrets, findings) for service in moved.services]
    secrets = _list_sent(moved.secrets, [check for service in services for check in service.checks])
    return moved._replace(services=services, secrets=secrets, findings=[*moved.findings, *findings])


def _list_sent(secrets: Sequence[MovedSecret], checks: Sequence[Mapping[str, Any]]) -> list[MovedSecret]:
    sent = repr(checks)
    return [secret for secret in secrets if f"${{{secret.name}}}" in sent]


def _keep_valid(
    service: MovedService, secrets: Sequence[MovedSecret], findings: list[Finding]
) -> MovedService:
    kept = []
    for check in service.checks:
        fault = _find_fault(check, service.options, secrets)
        if fault:
            findings.append(
                Finding(f"service {service.key}", f"a check that is invalid here: {fault}", "left out")
            )
        else:
            kept.append(check)
    return service._replace(checks=kept)


def _find_fault(check: Mapping[str, Any], options: Mapping[str, Any], secrets: Sequence[MovedSecret]) -> str:
    """Say why a check of a service with these options is refused; an empty string if it is valid."""
    service = NewService("service", "Service", checks=[check], options=options)
    try:
        additions = Additions([service], _list_sent(secrets, [check]))
        load_config(write_settings(_PAGE, additions), "status.yml", KINDS, load_kind)
    except InputError as error:
        return error.problems[0].message
    return ""
