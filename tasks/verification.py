"""One frozen month, verified from where its evidence lies: a project's `history/`, or a published site.

Each is a plain function of plain values, so that several months can be verified by several processes.
"""

from pathlib import Path

from constat.errors import EvidenceError, OutsideError
from constat.history import DAY_FILE
from constat.model import Statement
from constat.register import REGISTER, parse_register
from constat.statement import Found, MonthReport, list_evidence_days, tickets_path, verify_month
from outside.evidence.statements import read_frozen_months, read_kept_tickets
from outside.evidence.store import read_days, read_register_lines
from outside.site.reader import SiteFolder, compare_site, open_site, read_evidence, read_month


def verify_here(root: Path, month: str) -> MonthReport:
    """Verify a month of a project against its `history/`, and its `site/` where there is one."""
    frozen = next(each for each in read_frozen_months(root) if each.month == month)
    try:
        found = collect_evidence(root, frozen.current.statement)
        report = verify_month(frozen.current.data, frozen.current.path, found)
        differing = list(compare_site(SiteFolder(root / "site"), frozen, found))
    except (EvidenceError, OutsideError) as error:
        return _unverified(month, error)
    troubles = (*report.troubles, *(f"site/{trouble}" for trouble in differing))
    return MonthReport(month, report.rows, troubles, report.notes, report.firsts)


def verify_published(place: str, month: str) -> MonthReport:
    """Verify a month from the published files alone."""
    site = open_site(place)
    try:
        frozen = read_month(site, month)
        if frozen is None:
            return MonthReport(month, (), (f"the statement of {month} is not published",), (), {})
        found = read_evidence(site, frozen.current.statement)
        return verify_month(frozen.current.data, frozen.current.path, found)
    except (EvidenceError, OutsideError) as error:
        return _unverified(month, error)


def collect_evidence(root: Path, statement: Statement) -> Found:
    """What a project holds of the evidence of a month: what the statement names, and what it should have named."""
    register = read_register_lines(root)
    expected = list_evidence_days(statement.window, parse_register(register, REGISTER))
    named = [file.path for file in statement.evidence if DAY_FILE.fullmatch(file.path)]
    files = read_days(root, sorted({*named, *expected}))
    if register:
        files[REGISTER] = register
    tickets = read_kept_tickets(root, statement.month)
    if tickets is not None:
        files[tickets_path(statement.month)] = tickets
    return Found(files, complete=True)


def _unverified(month: str, error: Exception) -> MonthReport:
    return MonthReport(month, (), (str(error),), (), {})
