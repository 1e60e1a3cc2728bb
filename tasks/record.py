"""Record pending lines: new promises and announcements go into the register before any look."""

from collections.abc import Callable
from typing import NamedTuple

from constat.errors import InputError, Problem, without_notes
from constat.model import Correction, Register
from constat.register import corrections_file, find_pending_lines
from constat.register.corrections_file import CORRECTIONS
from outside.project.files import read_text
from tasks.project import Project


class PendingLines(NamedTuple):
    """Lines that the register lacks, and the problems of the notices and corrections from which such lines come."""

    lines: tuple[str, ...]
    problems: tuple[Problem, ...]


def record_pending_lines(project: Project, confirm_clock: Callable[[], bool] = lambda: True) -> PendingLines:
    """Append the pending lines to the register, unless `confirm_clock` says that the clock cannot be trusted.

    An invalid notice is left out, and an invalid `corrections.yml` withdraws nothing.

    Raises:
        OutsideError: a file cannot be read, or the register cannot be written.

    """
    pending = list_pending_lines(project)
    if not pending.lines:
        return pending
    if not confirm_clock():
        return pending._replace(lines=())
    project.append_register(pending.lines)
    return pending


def list_pending_lines(project: Project) -> PendingLines:
    """List the pending lines without recording them.

    Raises:
        OutsideError: a file cannot be read.

    """
    announced, notice_problems = project.parse_notices(project.notice_files, project.now)
    decided, correction_problems = _read_corrections(project)
    lines = find_pending_lines(project.recorded_register, project.config, announced, decided, project.now)
    return PendingLines(lines, without_notes((*notice_problems, *correction_problems)))


def _read_corrections(project: Project) -> tuple[tuple[Correction, ...], tuple[Problem, ...]]:
    register = project.recorded_register
    try:
        text = read_text(project.root, CORRECTIONS) or ""
    except InputError as error:
        return _with_recorded((), register), error.problems
    known = {*project.service_ids, *(line.service for line in register.services)}
    decided, problems = corrections_file.parse_corrections(text, CORRECTIONS, sorted(known), project.now)
    if not problems:
        return decided, ()
    return _with_recorded(decided, register), problems


def _with_recorded(decided: tuple[Correction, ...], register: Register) -> tuple[Correction, ...]:
    """Add the recorded corrections to those that could be read, so that a typo in the file withdraws none."""
    kept = {(line.service, line.start, line.end): line for line in register.corrections}
    kept |= {(line.service, line.start, line.end): line for line in decided}
    return tuple(line for line in kept.values() if line.becomes is not None)
