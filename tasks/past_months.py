"""The months before the shown days, for a year at a glance: read from kept files, or counted once and then kept."""

from collections.abc import Mapping
from datetime import timedelta

from constat.availability import PastMonth, keep_for_year, sum_up_month
from constat.errors import EvidenceError
from constat.interval import Interval, days_of, local_date, month_interval
from constat.page import SHOWN_DAYS
from constat.page.past_months import (
    KeptMonth,
    build_month_path,
    decode_past_month,
    describe_basis,
    encode_past_month,
)
from constat.page.year import LONGEST_OUTAGES, list_past_months
from outside.evidence.kept_months import keep_month, read_kept_month
from tasks.project import Project


def read_past_months(project: Project) -> Mapping[str, tuple[PastMonth, ...]]:
    """Read the months of the year that lie before the shown days, oldest first, by service.

    Raises:
        OutsideError: a day file exists but cannot be read.

    """
    today = local_date(project.now, project.zone)
    first_shown = today - timedelta(days=SHOWN_DAYS - 1)
    earliest = min(project.derived.get_index().days, default=today)
    months = [
        _read_month(project, name)
        for name in list_past_months(today, first_shown, project.zone)
        if days_of(month_interval(name, project.zone), project.zone)[-1] >= earliest
    ]
    return {
        service: tuple(month[service].past for month in months if service in month)
        for service in project.service_ids
    }


def _read_month(project: Project, name: str) -> Mapping[str, KeptMonth]:
    """Read one month of every service; what was not kept, or rests on other evidence by now, is counted again."""
    month = month_interval(name, project.zone)
    find_basis = describe_basis(
        project.register, project.derived.get_index(), month, days_of(month, project.zone)
    )
    path = build_month_path(name)
    try:
        stored = decode_past_month(read_kept_month(project.root, path))
    except ValueError:
        stored = {}
    kept: dict[str, KeptMonth] = {}
    for service in project.service_ids:
        basis = find_basis(service)
        kept_month = stored.get(service)
        is_current = kept_month is not None and kept_month.basis == basis
        past = kept_month.past if kept_month and is_current else _count_month(project, service, month)
        if past is not None:
            kept[service] = KeptMonth(basis, past)
    if kept != stored:
        keep_month(project.root, path, encode_past_month(kept))
    return kept


def _count_month(project: Project, service: str, month: Interval) -> PastMonth | None:
    """Count a month of one service from its days; `None` for a service that the register does not know."""
    try:
        account = project.account(service, month)
    except EvidenceError:
        return None
    counted = sum_up_month(account, month, project.evidence(month))
    return counted._replace(outages=keep_for_year(counted.outages, month, LONGEST_OUTAGES))
