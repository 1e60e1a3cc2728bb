"""Verify the past as a whole: its seals, what a witness kept, and the files that a site should still hold."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from constat.history import DAY_FILE, REGISTER, parse_day_path
from constat.interval import Instant
from constat.model import Register, Seal, Statement
from constat.register import parse_register
from constat.sealing.holding import (
    ReadDay,
    find_broken_days,
    find_broken_registers,
    list_withdrawals,
)
from constat.sealing.kept_seals import Kept, find_broken_evidence
from outside import bounds
from outside.site.packing import PUBLISHED_MONTHS, find_first_published_day
from outside.site.paths import build_evidence_path
from outside.site.reader import Site, read_evidence_file
from tasks.project import Project
from tasks.sealed_past import read_day


class PastReport(NamedTuple):
    """What breaks the past, and remarks on it that fail nothing."""

    troubles: tuple[str, ...]
    notes: tuple[str, ...]


def verify_project_past(project: Project, kept: Sequence[Kept]) -> PastReport:
    """Check a project's evidence against its own seals, and against what a witness kept.

    Raises:
        OutsideError: a file cannot be read.

    """
    absent: list[str] = []

    def read(path: str) -> Iterable[bytes] | None:
        chunks = read_day(project, path)
        if chunks is None:
            absent.append(path)
        return chunks

    lines = project.register_lines
    register = parse_register(lines, REGISTER, project.now)
    troubles = [*_find_troubles(lines, register, kept, read)]
    notes = [*list_withdrawals(register), *_describe_absent(absent, "on this disk")]
    return PastReport(tuple(dict.fromkeys(troubles)), tuple(notes))


def verify_site_past(
    site: Site, statements: Iterable[Statement], kept: Sequence[Kept], now: Instant
) -> PastReport:
    """Check what a site publishes against its own seals, and against what a witness kept.

    A day file of the months that a site must hold counts as missing if a seal or a statement names it.

    Raises:
        EvidenceError: a file cannot be unpacked.
        OutsideError: the site cannot be read.

    """
    lines = site.read(build_evidence_path(REGISTER), bounds.REGISTER)
    if lines is None:
        return PastReport((f"{build_evidence_path(REGISTER)} is missing",), ())
    register = parse_register(lines, REGISTER, now)
    present: dict[str, bool] = {}

    def read(path: str) -> Iterable[bytes] | None:
        data = read_evidence_file(site, path)
        present[path] = data is not None
        return None if data is None else [data]

    troubles = [*_find_troubles(lines, register, kept, read)]
    named = {file.path for statement in statements for file in statement.evidence}
    for path in sorted(path for path in named - present.keys() if DAY_FILE.fullmatch(path)):
        if _is_held(path, now):
            read(path)
    gone = sorted(path for path, is_there in present.items() if not is_there)
    troubles += [
        f"{build_evidence_path(path)} is missing, and a site holds the day files of {PUBLISHED_MONTHS} months"
        for path in gone
        if _is_held(path, now)
    ]
    old = [path for path in gone if not _is_held(path, now)]
    notes = [*list_withdrawals(register), *_describe_absent(old, "published any more")]
    return PastReport(tuple(dict.fromkeys(troubles)), tuple(notes))


def _find_troubles(lines: bytes, register: Register, kept: Sequence[Kept], read: ReadDay) -> Iterator[str]:
    seals: tuple[Seal, ...] = register.seals
    yield from map(str, find_broken_registers(seals, lines))
    yield from map(str, find_broken_days(seals, register.withdrawn, read))
    for broken in find_broken_evidence(kept, lines, register.withdrawn, read):
        yield f"{broken}: somebody kept it"


def _describe_absent(paths: Iterable[str], where: str) -> Iterator[str]:
    absent = sorted(set(paths))
    if absent:
        span = absent[0] if len(absent) == 1 else f"{absent[0]} to {absent[-1]}"
        yield f"{len(absent)} sealed files are not {where} ({span}): their seals were not checked"


def _is_held(path: str, now: Instant) -> bool:
    return parse_day_path(path) >= find_first_published_day(now)
