"""Bring the day files of archived years back to this disk, where everything else reads them.

Only days that the register has sealed are asked for, and each is checked against its seals before it is kept: an archive
can lose a day, but not change one.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from constat.errors import ConstatError, EvidenceError, OutsideError
from constat.history import parse_day_path
from constat.interval import UTC_ZONE, Interval, local_date
from constat.model.archives import find_archive
from constat.sealing.holding import find_broken_days
from outside.archives.registry import Request, load_archive
from outside.disk import is_file, replace_file
from tasks.evidence_branch import add_token
from tasks.project import Project


class BroughtDays(NamedTuple):
    """How many day files were brought, and what went wrong with the rest."""

    days: int = 0
    troubles: tuple[str, ...] = ()


def bring_archived_days(
    project: Project, environment: Mapping[str, str], window: Interval | None = None
) -> BroughtDays:
    """Bring the sealed days of a window, or of all time, that an archive has and this disk lacks.

    A failing archive raises nothing: whatever needs its days reports by itself that they are missing.

    Raises:
        OutsideError: the disk failed.

    """
    count, troubles = 0, list[str]()
    for year, address in _read_archives(project).items():
        paths = _list_missing(project, year, window)
        if not paths:
            continue
        request = Request(address, paths, project.root, add_token(environment))
        brought, failures = _bring(project, request)
        count += brought
        troubles += [f"the archive of {year}, {address}: {failure}" for failure in failures]
    if count:
        project.forget_evidence()
    return BroughtDays(count, tuple(troubles))


def _read_archives(project: Project) -> Mapping[str, str]:
    """The archives by year; none where `status.yml` cannot be read, which is reported elsewhere."""
    try:
        return project.config.history.archive
    except ConstatError:
        return {}


def _list_missing(project: Project, year: str, window: Interval | None) -> list[str]:
    """The sealed days of a year that are not on this disk, oldest first."""
    sealed = {seal.path for seal in project.recorded_register.seals if seal.path.startswith(f"{year}/")}
    return [
        path
        for path in sorted(sealed)
        if _reaches(path, window) and not is_file(project.root, f"history/{path}")
    ]


def _reaches(path: str, window: Interval | None) -> bool:
    if window is None:
        return True
    day = parse_day_path(path)
    return local_date(window.start, UTC_ZONE) <= day <= local_date(window.end, UTC_ZONE)


def _bring(project: Project, request: Request) -> tuple[int, list[str]]:
    """Keep the files that an archive has; return their number, and what was wrong."""
    kept, troubles = 0, list[str]()
    try:
        for path, data in load_archive(find_archive(request.address) or "").read_days(request):
            broken = list(_find_broken(project, path, data))
            troubles += broken
            if not broken:
                replace_file(project.root, f"history/{path}", data[: _count_sealed_bytes(project, path)])
                kept += 1
    except (EvidenceError, OutsideError) as error:
        return kept, [*troubles, str(error)]
    if kept + len(troubles) < len(request.paths):
        troubles.append(f"sealed days that are not there: {len(request.paths) - kept - len(troubles)}")
    return kept, troubles


def _count_sealed_bytes(project: Project, path: str) -> int:
    """Count the bytes that the register seals: any that follow them in an archive may have been added by anybody."""
    register = project.recorded_register
    sizes = {seal.line: seal.bytes for seal in register.seals if seal.path == path}
    sizes |= {line.line: line.bytes for line in register.withdrawn if line.path == path}
    return sizes[max(sizes)]


def _find_broken(project: Project, path: str, data: bytes) -> Iterator[str]:
    register = project.recorded_register
    seals = [seal for seal in register.seals if seal.path == path]
    yield from map(str, find_broken_days(seals, register.withdrawn, lambda _: [data]))
