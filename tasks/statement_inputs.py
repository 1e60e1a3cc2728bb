"""The inputs of a statement: the day files of its month, the register and the tickets, each read once."""

from collections.abc import Iterable
from typing import NamedTuple
from zoneinfo import ZoneInfo

from constat.errors import OutsideError, Problem, UsageError
from constat.history import REGISTER, parse_day_path, utc_interval
from constat.interval import HOUR_S, Instant, Interval
from constat.model import Register
from constat.register import parse_register
from constat.statement import (
    StatementSources,
    find_zone,
    list_evidence_days,
    parse_month,
    promises_availability,
    read_tickets,
    select_month_tickets,
)
from constat.support import TICKETS
from outside import bounds
from outside.disk import read_file
from outside.evidence.derived import DerivedFiles
from outside.evidence.store import read_days
from tasks.project import Project


class GatheredInputs(NamedTuple):
    """The inputs of a statement, and the problems of the ticket rows that were left out."""

    zone: ZoneInfo
    window: Interval
    sources: StatementSources
    problems: tuple[Problem, ...]


def gather_inputs(project: Project, month: str, answers_until: Instant) -> GatheredInputs:
    """Read the inputs of the statement of a month.

    The zone is the recorded one, else the page's. Answers to tickets after `answers_until` do not count.

    Raises:
        UsageError: the month is invalid, or the register has no rules yet.
        OutsideError: a day file is missing.

    """
    register = _parse_register(project)
    if not register.services:
        raise UsageError("the register has no rules for any service", tip="record them first: constat check")
    zone, window = _find_window(project, register, month)
    derived = DerivedFiles(project.root / "history", zone, project.now, register.seals)
    paths = list_evidence_days(window, register)
    _require(derived, paths)
    tickets, problems = _read_tickets(project, register, (window, zone), answers_until)
    days = read_days(project.root, paths)
    sources = StatementSources(project.register_lines, days, tickets, derived.find_first_samples())
    return GatheredInputs(zone, window, sources, problems)


SEALED_BY_S = HOUR_S
"""How long after its end a UTC day is sealed and its month may be frozen, in seconds."""


def compute_freeze_time(project: Project, month: str) -> Instant:
    """Return the instant from which a month may be frozen: `freeze_after` past its end, but at least an hour past its last UTC day.

    Raises:
        UsageError: the month is invalid.

    """
    register = _parse_register(project)
    _, window = _find_window(project, register, month)
    last_day = parse_day_path(list_evidence_days(window, register)[-1])
    return max(window.end + project.config.sla.freeze_after_s, utc_interval(last_day).end + SEALED_BY_S)


def find_missing_seal(project: Project, month: str) -> str | None:
    """Return the last day file of a month if it must still be sealed before the month is frozen; else `None`.

    Nothing has to be sealed while the register has no seals, nor a day on which nothing was recorded.

    Raises:
        UsageError: the month is invalid.

    """
    register = _parse_register(project)
    _, window = _find_window(project, register, month)
    last_day = list_evidence_days(window, register)[-1]
    if not register.seals or any(seal.path == last_day for seal in register.seals):
        return None
    return last_day if read_days(project.root, [last_day]) else None


def is_promised(project: Project, month: str) -> bool:
    """Return whether the rules at the beginning of a month promise availability; true while the register has no rules at all."""
    register = _parse_register(project)
    zone, window = _find_window(project, register, month)
    return not register.services or promises_availability(register, window, zone, project.now)


def _parse_register(project: Project) -> Register:
    """Parse the register as a statement refers to it: complete lines only, without additions from `status.yml`."""
    return parse_register(project.register_lines, REGISTER, project.now)


def _find_window(project: Project, register: Register, month: str) -> tuple[ZoneInfo, Interval]:
    """Find the time zone of a month, and its interval in that zone.

    Raises:
        UsageError: the month is invalid.

    """
    parse_month(month, project.zone)
    zone = find_zone(register, month) or project.zone
    return zone, parse_month(month, zone)


def _require(derived: DerivedFiles, paths: Iterable[str]) -> None:
    """Refuse to freeze a month whose day files are not checked out, as in a sparse checkout.

    Raises:
        OutsideError: a day file is missing.

    """
    absent = sorted(derived.list_absent_day_files() & set(paths))
    if absent:
        raise OutsideError(
            f"history/{absent[0]} is missing, and the statement of the month rests on it",
            tip="check out the whole month of the history branch",
        )


def _read_tickets(
    project: Project, register: Register, month: tuple[Interval, ZoneInfo], answers_until: Instant
) -> tuple[bytes | None, tuple[Problem, ...]]:
    """Read the rows of `support/tickets.csv` that count in the month; `None` if there is no such file."""
    data = read_file(project.root, TICKETS, bounds.TICKETS)
    if data is None:
        return None, ()
    text = data.decode("utf-8", "replace")
    rows, problems = read_tickets(register, text, project.now)
    return select_month_tickets(register, rows, *month, answers_until), problems
