"""The writing of the register's lines in exactly one spelling, so that unchanged content has equal bytes."""

import json
from decimal import Decimal
from typing import Any

from constat.interval import format_instant
from constat.model import (
    CheckRules,
    Correction,
    MaintenanceVersion,
    RecordedPage,
    RecordedRules,
    RecordedText,
    ServiceRules,
)
from constat.register.hours_json import write_hours
from constat.text.canonical import encode_canonical


def write_rules(rules: ServiceRules) -> dict[str, Any]:
    """A service's rules as the register and statements have them; optional fields only if they are set."""
    fields: dict[str, Any] = {
        "interval_s": rules.interval_s,
        "target": None if rules.target is None else plain(rules.target),
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
    if rules.hours:
        fields["hours"] = [write_hours(hours) for hours in rules.hours]
    if rules.credits:
        fields["credits"] = [
            {"below": plain(credit.below), "percent": plain(credit.percent)} for credit in rules.credits
        ]
    return fields


def _write_check(check: CheckRules) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "affects": check.affects,
        "interval_s": check.interval_s,
        "quorum": check.quorum,
        "vantages": list(check.vantages),
    }
    if check.kind:
        fields |= {"kind": check.kind, "subject": check.subject}
    return fields


def write_change(recorded: RecordedRules) -> dict[str, Any]:
    """Rules that took effect, as statements have them; `null` for a service that is no longer watched."""
    rules = None if recorded.rules is None else write_rules(recorded.rules)
    return {"at": format_instant(recorded.at), "service": recorded.service, "rules": rules}


def write_service(recorded: RecordedRules) -> str:
    """The register's line for a service, without its LF."""
    fields = write_change(recorded)
    return encode_canonical(
        {"at": fields["at"], "kind": "service", "id": fields["service"], "rules": fields["rules"]}
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


def write_page(recorded: RecordedPage) -> str:
    """The register's line for the page, its time zone and its permanent name, without its LF."""
    name = {"id": recorded.id} if recorded.id else {}
    return encode_canonical(
        {"at": format_instant(recorded.at), "kind": "page", "timezone": recorded.timezone, **name}
    )


def write_support(recorded: RecordedText) -> str:
    """The register's line for the promise of support, without its LF."""
    return encode_canonical(
        {"at": format_instant(recorded.at), "kind": "support", **json.loads(recorded.text)}
    )


def plain(number: Decimal) -> str:
    """A decimal in its shortest plain spelling: `99`, `99.95`."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
