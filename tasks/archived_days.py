"""Bring the day files of archived years back to this disk, where everything else reads them.

Only days that the register has sealed are asked for, and each is checked against its seals before it is kept: an archive
can lose a day, but not change one.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from checks.reasons import Trouble
from checks.secrets import Secrets
from constat.errors import ConstatError
from constat.history import parse_day_path
from constat.history.merge import find_missing_rows
from constat.interval import UTC_ZONE, Interval, local_date
from constat.model.archives import find_archive
from constat.sealing.holding import find_broken_days
from outside import bounds
from outside.archives.registry import Request, load_archive
from outside.disk import read_file, replace_file, replace_grown
from outside.opening import get_status
from tasks.evidence_branch import add_token
from tasks.project import Project
from tasks.store_access import open_store_access


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
        brought, failures = _bring(project, address, paths, environment)
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
    """The sealed days of a year that are not on this disk, oldest first, or of which it holds only what came later."""
    sealed = {seal.path for seal in project.recorded_register.seals if seal.path.startswith(f"{year}/")}
    return [path for path in sorted(sealed) if _reaches(path, window) and _is_missing(project, path)]


def _is_missing(project: Project, path: str) -> bool:
    status = get_status(project.root, f"history/{path}")
    return status is None or status.st_size < _count_sealed_bytes(project, path)


def _reaches(path: str, window: Interval | None) -> bool:
    if window is None:
        return True
    day = parse_day_path(path)
    return local_date(window.start, UTC_ZONE) <= day <= local_date(window.end, UTC_ZONE)


def _bring(
    project: Project, address: str, paths: Sequence[str], environment: Mapping[str, str]
) -> tuple[int, list[str]]:
    """Keep the files that an archive has; return their number, and what was wrong."""
    kept, troubles = 0, list[str]()
    secrets = Secrets.of(project.config.secrets, environment)
    try:
        access = open_store_access(project.config.history, address, secrets, environment)
        request = Request(address, paths, project.root, add_token(environment), *access)
        for path, data in load_archive(find_archive(address) or "").read_days(request):
            broken = list(_find_broken(project, path, data))
            troubles += broken
            if not broken:
                _keep(project, path, data[: _count_sealed_bytes(project, path)])
                kept += 1
    except (ConstatError, Trouble) as error:
        return kept, [*troubles, secrets.redact(str(error))]
    if kept + len(troubles) < len(paths):
        troubles.append(f"sealed days that are not there: {len(paths) - kept - len(troubles)}")
    return kept, troubles


def _keep(project: Project, path: str, data: bytes) -> None:
    """Write a day file, and after it the rows that this disk alone had: they came after the year was moved away."""
    name = f"history/{path}"
    ours = read_file(project.root, name, bounds.DAY_FILE)
    if ours is None:
        replace_file(project.root, name, data)
    else:
        replace_grown(project.root, name, ours, data + find_missing_rows(ours, data))


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
