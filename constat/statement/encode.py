"""The writing of a statement as JSON with exactly one spelling, so that equal statements have equal bytes."""

from fractions import Fraction
from typing import Any

from constat.availability import format_percent, format_share
from constat.interval import format_instant
from constat.model import (
    AnnouncedWindow,
    Availability,
    Budget,
    Contract,
    CreditDue,
    EvidenceFile,
    Figures,
    LevelFigures,
    Outage,
    PreviousStatement,
    ServiceStatement,
    Statement,
    SupersededStatement,
    Verdict,
)
from constat.register.line_writer import (
    plain,
    write_change,
    write_correction_fields,
    write_rules,
    write_version,
)
from constat.text.canonical import encode_canonical

SCHEMA = 1
FINAL = "final"


def encode_statement(statement: Statement) -> bytes:
    """The bytes of a statement: one line with its keys in a fixed order, and a final line break."""
    return encode_canonical(build_content(statement)).encode() + b"\n"


def build_content(statement: Statement) -> dict[str, Any]:
    """A statement as plain values, in the order in which they are written: that of its bytes."""
    return {
        "schema": SCHEMA,
        "status": FINAL,
        "month": statement.month,
        "timezone": statement.timezone,
        "start": format_instant(statement.window.start),
        "end": format_instant(statement.window.end),
        "frozen_at": format_instant(statement.frozen_at),
        "contract": _write_contract(statement.contract),
        "services": [_write_service(service) for service in statement.services],
        "support": [_write_level(level) for level in statement.support],
        "maintenance": [_write_window(window) for window in statement.maintenance],
        "corrections": [write_correction_fields(line) for line in statement.corrections],
        "late_rows": statement.late_rows,
        "changes": [write_change(line) for line in statement.changes],
        "evidence": [_write_file(file) for file in statement.evidence],
        "previous": _write_previous(statement.previous),
        "supersedes": _write_superseded(statement.supersedes),
    }


def _write_contract(contract: Contract | None) -> dict[str, str] | None:
    return None if contract is None else {"version": contract.version, "url": contract.url}


def _write_service(stated: ServiceStatement) -> dict[str, Any]:
    figures = stated.figures
    before = stated.uncorrected
    return {
        "id": figures.service,
        "target": None if figures.target is None else format_share(Fraction(figures.target)),
        "counts": figures.counts,
        "seconds": figures.seconds.by_name(),
        "maintenance": figures.maintenance.by_name(),
        "all": _write_shares(figures.all, figures.verdict_all),
        "without_maintenance": _write_shares(figures.without_maintenance, figures.verdict_without),
        "verdict": figures.verdict,
        "budget": _write_budget(figures.budget),
        "checks": _write_checks(figures),
        "longest_gap_s": figures.longest_gap_s,
        "credit": _write_credit(figures.credit),
        "late_s": figures.late_s,
        "outages": [_write_outage(outage) for outage in figures.outages],
        "uncorrected": None
        if before is None
        else {"seconds": before.seconds.by_name(), "availability": format_percent(before.availability)},
        "first": {
            "service": format_instant(stated.begins),
            "checks": {check: format_instant(at) for check, at in stated.firsts.items()},
        },
        "rules": write_rules(stated.rules),
    }


def _write_shares(shares: Availability, verdict: Verdict | None) -> dict[str, str | None]:
    return {
        "availability": format_percent(shares.availability),
        "lower": format_percent(shares.lower),
        "upper": format_percent(shares.upper),
        "coverage": format_percent(shares.coverage),
        "verdict": verdict,
    }


def _write_checks(figures: Figures) -> dict[str, Any]:
    vantages = {name: count._asdict() for name, count in figures.vantages.items()}
    return {"expected": figures.expected, "made": figures.made, "vantages": vantages}


def _write_credit(credit: CreditDue | None) -> dict[str, str | None] | None:
    if credit is None:
        return None
    return {
        "observed": None if credit.observed is None else plain(credit.observed),
        "certain": None if credit.certain is None else plain(credit.certain),
    }


def _write_budget(budget: Budget | None) -> dict[str, int] | None:
    if budget is None:
        return None
    return {
        "allowed_s": budget.allowed_s,
        "spent_s": budget.spent_s,
        "left_s": budget.left_s,
        "unknown_s": budget.unknown_s,
    }


def _write_outage(outage: Outage) -> dict[str, Any]:
    return {
        "start": format_instant(outage.start),
        "end": format_instant(outage.end),
        "seconds": outage.seconds,
        "maintenance_s": outage.maintenance_s,
        "reason": outage.reason,
    }


def _write_level(level: LevelFigures) -> dict[str, Any]:
    return {
        "level": level.level,
        "target": level.target,
        "tickets": level.tickets,
        "late": level.late,
        "in_time": format_percent(level.in_time),
        "median_s": level.median_s,
        "longest_s": level.longest_s,
        "verdict": level.verdict,
    }


def _write_window(window: AnnouncedWindow) -> dict[str, Any]:
    return {"slug": window.slug, "versions": [write_version(version) for version in window.versions]}


def _write_file(file: EvidenceFile) -> dict[str, Any]:
    if file.lines is not None:
        return {"path": file.path, "lines": file.lines, "sha256": file.sha256}
    if file.bytes is None:
        return {"path": file.path, "sha256": file.sha256}
    sealed = None if file.sealed is None else format_instant(file.sealed)
    return {"path": file.path, "bytes": file.bytes, "sha256": file.sha256, "sealed": sealed}


def _write_previous(previous: PreviousStatement | None) -> dict[str, str] | None:
    return None if previous is None else {"month": previous.month, "sha256": previous.sha256}


def _write_superseded(old: SupersededStatement | None) -> dict[str, str] | None:
    return None if old is None else {"path": old.path, "sha256": old.sha256, "why": old.why}
