"""The writing of the register's lines in exactly one spelling, so that unchanged content has equal bytes."""

import json
from decimal import Decimal
from typing import Any

from constat.interval import format_instant
from constat.model import (
    CheckRules,
    Correction,
    MaintenanceVersion,
    RecordedRules,
    RecordedText,
    ServiceRules,
)
from constat.text.canonical import encode_canonical


def write_rules(rules: ServiceRules) -> dict[str, Any]:
    """A service's rules as the register and statements have them; `since` and `retired` only if set."""
    fields: dict[str, Any] = {
        "interval_s": rules.interval_s,
        "target": plain(rules.target),
        "min_coverage": plain(rules.min_coverage),
        "require": rules.require,
        "maintenance": {
            "counts": rules.maintenance.counts,
            "notice_s": rules.maintenance.notice_s,
            "cap_s": rules.maintenance.cap_s,
        },
        "checks": {name: _write_check(check) for name, check in rules.checks.items()},
    }
    if rules.since is not None:
        fields["since"] = rules.since.isoformat()
    if rules.retired is not None:
        fields["retired"] = rules.retired.isoformat()
    return fields


def _write_check(check: CheckRules) -> dict[str, Any]:
    return {
        "affects": check.affects,
        "interval_s": check.interval_s,
        "quorum": check.quorum,
        "vantages": list(check.vantages),
    }


def write_service(recorded: RecordedRules) -> str:
    """The register's line for a service, without its LF."""
    rules = None if recorded.rules is None else write_rules(recorded.rules)
    return encode_canonical(
        {"at": format_instant(recorded.at), "kind": "service", "id": recorded.service, "rules": rules}
    )


def write_version(version: MaintenanceVersion) -> dict[str, Any]:
    """One version of a window as statements have it: the register's line without `kind` and `slug`."""
    return {
        "at": format_instant(version.at),
        "services": list(version.services),
        "starts": format_instant(version.starts),
        "ends": format_instant(version.ends),
        "cancelled": version.cancelled,
    }


def write_maintenance(version: MaintenanceVersion) -> str:
    """The register's line for one version of a window, without its LF."""
    fields = write_version(version)
    return encode_canonical({"at": fields.pop("at"), "kind": "maintenance", "slug": version.slug, **fields})


def write_correction_fields(correction: Correction) -> dict[str, Any]:
    """A correction as statements have it: the register's line without `kind`."""
    return {
        "at": format_instant(correction.at),
        "service": correction.service,
        "start": format_instant(correction.start),
        "end": format_instant(correction.end),
        "becomes": correction.becomes,
        "decided": correction.decided.isoformat(),
        "why": correction.why,
        "evidence": correction.evidence,
    }


def write_correction(correction: Correction) -> str:
    """The register's line for a correction, without its LF."""
    fields = write_correction_fields(correction)
    return encode_canonical({"at": fields.pop("at"), "kind": "correction", **fields})


def write_page(recorded: RecordedText) -> str:
    """The register's line for the page's time zone, without its LF."""
    return encode_canonical({"at": format_instant(recorded.at), "kind": "page", "timezone": recorded.text})


def write_support(recorded: RecordedText) -> str:
    """The register's line for the promise of support, without its LF."""
    return encode_canonical(
        {"at": format_instant(recorded.at), "kind": "support", **json.loads(recorded.text)}
    )


def plain(number: Decimal) -> str:
    """A decimal in its shortest plain spelling: `99`, `99.95`."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
