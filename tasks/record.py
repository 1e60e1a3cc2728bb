"""What the project newly promises and announces, recorded in its register before anything else is done."""

from pathlib import Path

from constat import notices
from constat.errors import InputError, Problem, without_notes
from constat.interval import Instant
from constat.model import Config, Correction, Notice, Register
from constat.register import corrections, find_pending_lines
from outside.evidence.store import append_register, read_register
from outside.project.files import NOTICES, SETTINGS, read_notices, read_text

CORRECTIONS = "corrections.yml"


def record_pending_lines(
    root: Path, config: Config, now: Instant
) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """Append to the register what it lacks; the lines, and what is wrong with notices and corrections.

    A notice that is wrong is left out, and where `corrections.yml` is wrong nothing is taken back.

    Raises:
        OutsideError: a file could not be read, or the register not be written.

    """
    lines, problems = list_pending_lines(root, config, now)
    append_register(root, lines)
    return lines, problems


def list_pending_lines(
    root: Path, config: Config, now: Instant
) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """What the register lacks, without recording it.

    Raises:
        OutsideError: a file could not be read.

    """
    register = read_register(root)
    announced, notice_problems = _notices(root, config, now)
    decided, correction_problems = _corrections(root, config, register, now)
    lines = find_pending_lines(register, config, announced, decided, now)
    return lines, without_notes((*notice_problems, *correction_problems))


def _notices(root: Path, config: Config, now: Instant) -> tuple[tuple[Notice, ...], tuple[Problem, ...]]:
    files = {
        f"{NOTICES}/{name.removeprefix(f'{NOTICES}/')}": data for name, data in read_notices(root).items()
    }
    return notices.parse_notices(files, notices.NoticeContext.of_config(config, now))


def _corrections(
    root: Path, config: Config, register: Register, now: Instant
) -> tuple[tuple[Correction, ...], tuple[Problem, ...]]:
    try:
        text = read_text(root, CORRECTIONS) or ""
    except InputError as error:
        return _with_recorded((), register), error.problems
    known = {service.id for service in config.services} | {line.service for line in register.services}
    decided, problems = corrections.parse_corrections(text, CORRECTIONS, sorted(known), now)
    if not problems:
        return decided, ()
    return _with_recorded(decided, register), problems


def _with_recorded(decided: tuple[Correction, ...], register: Register) -> tuple[Correction, ...]:
    """What can be read of the file, and what is recorded already: a slip of the pen withdraws nothing."""
    kept = {(line.service, line.start, line.end): line for line in register.corrections}
    kept |= {(line.service, line.start, line.end): line for line in decided}
    return tuple(line for line in kept.values() if line.becomes is not None)


def read_file_states(root: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, time and size of every file that decides what is looked at and recorded: it differs when one changed."""
    found = []
    for path in (root / SETTINGS, root / CORRECTIONS, *sorted((root / NOTICES).glob("*.md"))):
        try:
            status = path.stat()
        except OSError:
            continue  # it is not there, or not any more
        found.append((path.name, status.st_mtime_ns, status.st_size))
    return tuple(found)
