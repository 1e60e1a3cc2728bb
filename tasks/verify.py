"""Verify frozen months: recompute each from its evidence, check their chain, and the first samples they name."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from datetime import date
from functools import partial
from multiprocessing import get_context
from typing import NamedTuple

from constat import register
from constat.errors import ConstatError, EvidenceError, UsageError
from constat.history import CheckId, build_day_path, parse_day
from constat.interval import Instant, format_instant
from constat.model import Statement
from constat.sealing.kept_seals import Kept
from constat.statement import MonthReport, check_chain, check_firsts, month_before
from outside.evidence.statements import Frozen
from outside.evidence.store import read_days
from outside.site.paths import build_statement_path
from outside.site.reader import (
    MAX_STATEMENT_BYTES,
    Place,
    Site,
    open_site,
    read_published_month,
)
from tasks import side_by_side, verify_month
from tasks.project import Project
from tasks.record import list_pending_lines
from tasks.verify_chain import check_project_chain, check_published_chain, list_superseded
from tasks.verify_seals import verify_project_past, verify_site_past
from tasks.verify_stamps import verify_project_stamps, verify_site_stamps

MAX_MONTHS = 240
"""How many published months are read at most: those of twenty years."""
LOOK_BACK = 6
"""How many months back to search for the newest published statement."""

Progress = Callable[[int, int], None]
"""A function called after each month with the number of verified months and the total."""


class VerificationReport(NamedTuple):
    """The result of a verification. `troubles`: everything that does not verify. `notes`: remarks that fail nothing."""

    months: tuple[MonthReport, ...]
    troubles: tuple[str, ...]
    notes: tuple[str, ...]


class Anchors(NamedTuple):
    """What a reader trusts that does not come from the publisher.

    `kept`: what a witness kept of the page. `roots`: the certificates, in PEM, that an authority of time stamps is
    trusted by; without them, those that the site publishes.
    """

    kept: Sequence[Kept] = ()
    roots: bytes | None = None


def verify_project(
    project: Project, month: str | None, progress: Progress, kept: Sequence[Kept] = ()
) -> VerificationReport:
    """Verify every frozen month of a project, or one, against its `history/` and its `site/`, and its past as a whole.

    `kept`: what a witness kept of the page.

    Raises:
        UsageError: the month is not frozen.

    """
    chain = project.frozen_months
    chosen = [frozen.month for frozen in chain if month in (None, frozen.month)]
    if month is not None and not chosen:
        tip = f"freeze it: constat statement {month}"
        if chain and month < chain[0].month:
            tip = f"the chain of statements begins with {chain[0].month}"
        raise UsageError(f"{month} is not frozen", tip=tip)
    reports = _verify_months(
        partial(verify_month.verify_kept_month, project.root, project.now), chosen, progress
    )
    is_complete = month is None and all(report.rows for report in reports)
    contradicted = _find_contradicted_firsts(project, chain, reports) if is_complete else ()
    past = verify_project_past(project, kept)
    links = _check_links(chain)
    missing = check_project_chain(project) if month is None else ()
    stamps = verify_project_stamps(project)
    notes = (*past.notes, *stamps.notes, *list_superseded(chain), *_describe_unrecorded(project))
    return _sum_up(reports, [*links, *past.troubles, *stamps.troubles], [*contradicted, *missing], notes)


def verify_site(
    place: Place,
    month: str | None,
    now: Instant,
    progress: Progress,
    anchors: Anchors | None = None,
) -> VerificationReport:
    """Verify every month that a site publishes, or one, from its own files alone, and its past as a whole.

    Raises:
        UsageError: the site publishes no statement.
        OutsideError: the site cannot be read.

    """
    site = open_site(place)
    chain, broken = _read_chain(site, month, now)
    if not chain and not broken:
        raise UsageError(
            f"{place.location} publishes no statement", tip="name a month: verify 2026-10 --evidence ..."
        )
    chosen = [frozen.month for frozen in chain if month in (None, frozen.month)]
    reports = _verify_months(partial(verify_month.verify_published_month, place, now), chosen, progress)
    kept, roots = anchors or Anchors()
    past = verify_site_past(open_site(place), _list_statements(chain), kept, now)
    missing = check_published_chain(site, chain, now) if month is None and not broken else ()
    stamps = verify_site_stamps(open_site(place), chain, roots, now)
    before = [*broken, *_check_links(chain), *past.troubles, *stamps.troubles]
    return _sum_up(reports, before, missing, (*past.notes, *stamps.notes, *list_superseded(chain)))


def _list_statements(chain: Iterable[Frozen]) -> Iterator[Statement]:
    """The statements of a chain that can be read."""
    for frozen in chain:
        with suppress(EvidenceError):
            yield frozen.current.statement


def _sum_up(
    reports: Sequence[MonthReport],
    before: Iterable[str],
    after: Iterable[str] = (),
    notes: Iterable[str] = (),
) -> VerificationReport:
    """Combine the reports of several months; `before` and `after` are troubles that belong to no single month."""
    troubles = [*before, *(trouble for report in reports for trouble in report.troubles), *after]
    remarks = [*(note for report in reports for note in report.notes), *notes]
    return VerificationReport(tuple(reports), tuple(dict.fromkeys(troubles)), tuple(dict.fromkeys(remarks)))


def _read_chain(site: Site, month: str | None, now: Instant) -> tuple[list[Frozen], list[str]]:
    """Read the chain of published months, oldest first, and why it cannot be read any further.

    With a month, only that one and the one before it are read.
    """
    chain: list[Frozen] = []
    next_month = month or _find_newest_month(site, now)
    while next_month is not None and not (month and len(chain) > 1):
        if len(chain) == MAX_MONTHS:
            return chain[::-1], [
                f"the chain is longer than {MAX_MONTHS} months: the older ones were not read"
            ]
        try:
            frozen = read_published_month(site, next_month)
            previous = frozen.current.statement.previous if frozen else None
        except EvidenceError as error:
            return chain[::-1], [str(error)]
        if frozen is None:
            break
        chain.append(frozen)
        next_month = previous.month if previous and previous.month < frozen.month else None
    return chain[::-1], []


def _find_newest_month(site: Site, now: Instant) -> str | None:
    month = format_instant(now)[:7]
    for _ in range(LOOK_BACK):
        if site.read(build_statement_path(month), MAX_STATEMENT_BYTES) is not None:
            return month
        month = month_before(month)
    return None


def _verify_months(
    verify: Callable[..., MonthReport], months: Sequence[str], progress: Progress
) -> list[MonthReport]:
    """Verify months in parallel, with one process per core; return their reports in order.

    The days of a single month are read in parallel.
    """
    workers = min(len(months), os.cpu_count() or 1)
    if workers <= 1:
        verify_one = partial(verify, spread=side_by_side.spread_days)
        return list(_report_progress(map(verify_one, months), len(months), progress))
    context = get_context("forkserver")
    context.set_forkserver_preload([verify_month.__name__])
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        return list(_report_progress(pool.map(verify, months), len(months), progress))


def _report_progress(reports: Iterable[MonthReport], count: int, progress: Progress) -> Iterator[MonthReport]:
    for number, report in enumerate(reports, start=1):
        progress(number, count)
        yield report


def _check_links(chain: Sequence[Frozen]) -> list[str]:
    """List everything that breaks the chain of statements."""
    try:
        return list(check_chain([frozen.link for frozen in chain]))
    except EvidenceError as error:
        return [str(error)]


def _find_contradicted_firsts(
    project: Project, chain: Sequence[Frozen], reports: Sequence[MonthReport]
) -> Iterator[str]:
    """Find first samples that the day files of other months contradict."""
    links = [frozen.link for frozen in chain]
    yield from check_firsts(links, {report.month: report.firsts for report in reports})
    named = {
        ((service.figures.service, check), at)
        for link in links
        for service in link.statement.services
        for check, at in service.firsts.items()
    }
    for check, at in sorted(named):
        path = build_day_path(date.fromisoformat(format_instant(at)[:10]))
        if not _may_hold_sample(project, path, check, at):
            yield f"{path} has no sample of {'/'.join(check)} at {format_instant(at)}, claimed to be its first"


def _may_hold_sample(project: Project, path: str, check: CheckId, at: Instant) -> bool:
    """Return whether a day file has a sample of a check, or is missing and therefore may have it."""
    data = read_days(project.root, [path]).get(path)
    if data is None:
        return True
    series = parse_day(data, path, project.now).series
    return any((row.service, row.check) == check and at in row.times for row in series)


def _describe_unrecorded(project: Project) -> Iterator[str]:
    """Describe where `status.yml`, a notice or a correction differs from the register."""
    try:
        _ = project.config
    except ConstatError as error:
        yield f"status.yml cannot be read, so it was not compared with the register: {error}"
        return
    for line in list_pending_lines(project).lines:
        yield f"status.yml or a notice differs from the register; not recorded yet: {register.describe_line(line)}"
