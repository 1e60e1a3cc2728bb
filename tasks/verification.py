"""One frozen month, verified from where its evidence lies: a project's `history/`, or a published site.

Each is a plain function of plain values, so that several months can be verified by several processes.
"""

from pathlib import Path

from constat.errors import EvidenceError, OutsideError
from constat.history import DAY_FILE
from constat.model import Statement
from constat.register import parse
from constat.statement import REGISTER, Found, MonthReport, evidence_days, tickets_path, verify_month
from outside.evidence.statements import frozen_months, kept_tickets
from outside.evidence.store import read_days, read_register_lines
from outside.site.reader import SiteFolder, differing_place, published_evidence, published_month, site_at


def verify_here(root: Path, month: str) -> MonthReport:
    """Verify a month of a project against its `history/`, and its `site/` where there is one."""
    frozen = next(each for each in frozen_months(root) if each.month == month)
    try:
        found = found_here(root, frozen.current.statement)
        report = verify_month(frozen.current.data, frozen.current.path, found)
        differing = list(differing_place(SiteFolder(root / "site"), frozen, found))
    except (EvidenceError, OutsideError) as error:
        return _unverified(month, error)
    troubles = (*report.troubles, *(f"site/{trouble}" for trouble in differing))
    return MonthReport(month, report.rows, troubles, report.notes, report.firsts)


def verify_published(place: str, month: str) -> MonthReport:
    """Verify a month from the published files alone."""
    site = site_at(place)
    try:
        frozen = published_month(site, month)
        if frozen is None:
            return MonthReport(month, (), (f"the statement of {month} is not published",), (), {})
        found = published_evidence(site, frozen.current.statement)
        return verify_month(frozen.current.data, frozen.current.path, found)
    except (EvidenceError, OutsideError) as error:
        return _unverified(month, error)


def found_here(root: Path, statement: Statement) -> Found:
    """What a project holds of the evidence of a month: what the statement names, and what it should have named."""
    register = read_register_lines(root)
    expected = evidence_days(statement.window, parse(register, REGISTER))
    named = [file.path for file in statement.evidence if DAY_FILE.fullmatch(file.path)]
    files = read_days(root, sorted({*named, *expected}))
    if register:
        files[REGISTER] = register
    tickets = kept_tickets(root, statement.month)
    if tickets is not None:
        files[tickets_path(statement.month)] = tickets
    return Found(files, complete=True)


def _unverified(month: str, error: Exception) -> MonthReport:
    return MonthReport(month, (), (str(error),), (), {})
