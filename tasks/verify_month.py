"""Verify one frozen month from its evidence: in a project's `history/`, or on a published site.

These are plain functions of plain values, in a module with few imports, since every worker process loads it.
"""

from functools import partial
from pathlib import Path

from constat.errors import EvidenceError, OutsideError
from constat.history import DAY_FILE, REGISTER
from constat.interval import DAY_S, Instant
from constat.model import Statement
from constat.register import parse_register
from constat.spreading import Spread, do_one_by_one
from constat.statement import EvidenceFiles, MonthReport, build_tickets_path, list_evidence_days, verify_month
from constat.statement.month_days import recompute_days
from outside.evidence.statements import read_frozen_months, read_kept_tickets
from outside.evidence.store import read_days, read_register_lines
from outside.site.reader import (
    Place,
    Site,
    SiteFolder,
    compare_site,
    open_site,
    read_evidence,
    read_published_month,
)
from outside.site.shown import check_shown_days, check_shown_month

DAYS_SHOWN_S = 92 * DAY_S
"""`/api/history/` holds ninety days: it shows nothing of a month that ended longer ago."""


def verify_kept_month(root: Path, now: Instant, month: str, spread: Spread = do_one_by_one) -> MonthReport:
    """Verify a month of a project against its `history/`, and its `site/` where there is one.

    `spread`: how its days are read.
    """
    frozen = next(frozen for frozen in read_frozen_months(root) if frozen.month == month)
    try:
        evidence = collect_evidence(root, frozen.current.statement)
        report = verify_month(frozen.current.data, frozen.current.path, evidence, spread)
        site = SiteFolder(root / "site")
        differing = list(compare_site(site, frozen, evidence))
        shown = check_shown_month(site, frozen.current.statement)
        days = _check_days(site, frozen.current.statement, evidence, now)
    except (EvidenceError, OutsideError) as error:
        return _unverified(month, error)
    published = [f"site/{trouble}" for trouble in (*differing, *shown.troubles, *days)]
    return report._replace(troubles=(*report.troubles, *published))


def verify_published_month(
    place: Place, now: Instant, month: str, spread: Spread = do_one_by_one
) -> MonthReport:
    """Verify a month from the published files alone; `spread`: how its days are read."""
    site = open_site(place)
    try:
        frozen = read_published_month(site, month)
        if frozen is None:
            return MonthReport(month, (), (f"the statement of {month} is not published",), (), {})
        evidence = read_evidence(site, frozen.current.statement)
        report = verify_month(frozen.current.data, frozen.current.path, evidence, spread)
        shown = check_shown_month(site, frozen.current.statement)
        days = _check_days(site, frozen.current.statement, evidence, now) if report.firsts else ()
    except (EvidenceError, OutsideError) as error:
        return _unverified(month, error)
    return report._replace(
        troubles=(*report.troubles, *shown.troubles, *days), notes=(*report.notes, *shown.notes)
    )


def _check_days(site: Site, statement: Statement, evidence: EvidenceFiles, now: Instant) -> tuple[str, ...]:
    """Find where the days that a site publishes for programs differ from those computed from the evidence."""
    if statement.window.end < now - DAYS_SHOWN_S:
        return ()
    try:
        services = [service.figures.service for service in statement.services]
        recompute = partial(recompute_days, statement, evidence, now)
        return tuple(check_shown_days(site, services, recompute))
    except EvidenceError:
        return ()  # the register has no rules; then the month itself does not verify either, and says why
    except OutsideError as error:
        return (str(error),)


def collect_evidence(root: Path, statement: Statement) -> EvidenceFiles:
    """Collect a project's evidence of a month: the files that the statement names, and those it should have named."""
    register = read_register_lines(root)
    recorded = parse_register(register, REGISTER, statement.frozen_at)
    expected = list_evidence_days(statement.window, recorded)
    named = [file.path for file in statement.evidence if DAY_FILE.fullmatch(file.path)]
    files = read_days(root, sorted({*named, *expected}))
    if register:
        files[REGISTER] = register
    tickets = read_kept_tickets(root, statement.month)
    if tickets is not None:
        files[build_tickets_path(statement.month)] = tickets
    return EvidenceFiles(files, complete=True)


def _unverified(month: str, error: Exception) -> MonthReport:
    return MonthReport(month, (), (str(error),), (), {})
