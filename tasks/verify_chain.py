"""Verify the chain of statements as a whole, that no month before or after it is missing, and list superseded statements."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from constat.errors import EvidenceError, InputError
from constat.history import REGISTER
from constat.interval import DAY_S, Instant, format_instant, month_interval, month_of
from constat.model import Statement
from constat.register import parse_register
from constat.statement import (
    build_content,
    check_statement,
    find_differences,
    month_after,
    month_before,
    parse_zone,
    promises_availability,
)
from outside import bounds
from outside.evidence.statements import Frozen
from outside.site.paths import build_evidence_path
from outside.site.reader import Site, read_published_month
from tasks.freeze import list_due_months
from tasks.project import Project
from tasks.statement_inputs import compute_freeze_time, is_promised

_GRACE_S = 2 * DAY_S
"""How long after its due time a statement may be missing: the job that freezes it may have been late."""
_MOST_FIGURES = 5

Promised = Callable[[str], bool]
"""A function that returns whether availability was promised when a month began: the first such month begins the chain."""


def check_project_chain(project: Project) -> Iterator[str]:
    """Find what is missing from a project's chain, and where its statements contradict each other."""
    chain = project.frozen_months
    if not chain:
        return
    yield from _check_all(chain, lambda month: is_promised(project, month))
    try:
        late = project.at(project.now - _GRACE_S)
    except InputError:  # without status.yml no month can be due; that it cannot be read is reported elsewhere
        return
    for month in list_due_months(late):
        due = format_instant(compute_freeze_time(project, month))
        yield f"the statement of {month} is missing: it was due on {due}"


def check_published_chain(site: Site, chain: Sequence[Frozen], now: Instant) -> Iterator[str]:
    """Find what is missing from a published chain, and where its statements contradict each other.

    Raises:
        OutsideError: the site cannot be read.

    """
    if not chain:
        return
    yield from _check_all(chain, _read_promise(site, chain[0], now))
    before = month_before(chain[0].month)
    with_before = read_published_month(site, before)
    if with_before is not None:
        yield f"{chain[0].month} names no previous statement, and there is one of {before}"
    newest = chain[-1].versions[0].statement
    took_s = newest.frozen_at - newest.window.end
    month, zone = month_after(newest.month), parse_zone(newest.timezone)
    while (due := month_interval(month, zone).end + took_s) + _GRACE_S <= now:
        yield f"the statement of {month} is missing: as {newest.month} was frozen, it was due on {format_instant(due)}"
        month = month_after(month)


def _read_promise(site: Site, first: Frozen, now: Instant) -> Promised:
    """Read the promises from a published register; without one, assume a promise for every month."""
    zone = parse_zone(first.versions[0].statement.timezone)
    lines = site.read(build_evidence_path(REGISTER), bounds.REGISTER)
    register = parse_register(lines or b"", REGISTER, now)
    if not register.services:
        return lambda _month: True
    return lambda month: promises_availability(register, month_interval(month, zone), zone, now)


def _check_all(chain: Iterable[Frozen], was_promised: Promised) -> Iterator[str]:
    previous: Statement | None = None
    for frozen in chain:
        try:
            statement = frozen.current.statement
            yield from check_statement(frozen.current.data, frozen.current.path)
        except EvidenceError as error:
            yield str(error)
            previous = None
            continue
        if previous is not None:
            yield from _check_neighbours(previous, statement)
        elif statement.previous is None:
            yield from _check_beginning(statement, was_promised)
        previous = statement


def _check_neighbours(before: Statement, statement: Statement) -> Iterator[str]:
    if before.window.end != statement.window.start:
        yield f"{statement.month} does not begin where {before.month} ends"


def _check_beginning(statement: Statement, was_promised: Promised) -> Iterator[str]:
    """Check that nothing was promised before the first statement of a chain."""
    begun = [service.begins for service in statement.services if service.begins < statement.window.start]
    month = month_of(min(begun), parse_zone(statement.timezone)) if begun else statement.month
    while month < statement.month:
        if was_promised(month):
            yield (
                f"{statement.month} names no previous statement, and availability was promised and looked at in {month}: "
                "the statements before it are missing"
            )
            return
        month = month_after(month)


def list_superseded(chain: Iterable[Frozen]) -> Iterator[str]:
    """List each statement that another one superseded, why, and the figures that changed."""
    for frozen in chain:
        try:
            versions = [version.statement for version in frozen.versions]
        except EvidenceError:
            continue  # it is reported elsewhere
        for old, new in pairwise(versions):
            why = new.supersedes.why if new.supersedes else "without a reason"
            yield f"{new.month}: a statement was superseded ({why}): {_describe_changes(old, new)}"


def _describe_changes(old: Statement, new: Statement) -> str:
    before, after = build_content(old), build_content(new)
    keys = ("services", "support")
    differences = find_differences({key: before[key] for key in keys}, {key: after[key] for key in keys})
    first = "; ".join(map(str, differences[:_MOST_FIGURES]))
    more = f"; and {len(differences) - _MOST_FIGURES} more" if len(differences) > _MOST_FIGURES else ""
    return f"{first}{more}" if differences else "no figure changed"
