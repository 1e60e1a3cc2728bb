"""The seals and the head of a project, and whether its past still matches those that its site shows."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from constat.errors import EvidenceError, OutsideError, Problem
from constat.history import build_day_path
from constat.history.sealed_bytes import measure_bytes
from constat.interval import UTC_ZONE, local_date
from constat.model import Head, SealedPast
from constat.sealing.holding import Broken, find_broken_days, find_broken_heads, find_lost_seals
from constat.sealing.seals_document import MAX_SEALS_BYTES, SEALS_FILE, read_document
from outside.disk import is_file, read_chunks
from outside.evidence import troubles
from outside.github import Job
from outside.site.reader import Place, Site, SiteFolder, open_site
from tasks.project import Project

SITE = "site"
MOST_NAMED = 3
"""How many broken seals the refusal of a build names; `validate` names every one."""
RESTORE = "was the branch history rewritten? restore it (docs/operations.md), or see docs/verify.md"


def read_sealed_past(project: Project) -> SealedPast:
    """The seals of the register, and the head as of now.

    Raises:
        OutsideError: a file cannot be read.

    """
    lines = project.register_lines
    head = Head(lines.count(b"\n"), sha256(lines).hexdigest())
    path = build_day_path(local_date(project.now, UTC_ZONE))
    day = measure_bytes(read_chunks(project.root, f"history/{path}"))
    if day.bytes:
        head = head._replace(day_path=path, day_bytes=day.bytes, day_sha256=day.sha256)
    return SealedPast(project.recorded_register.seals, head)


def refuse_broken_past(project: Project, environment: Mapping[str, str], warn: Callable[[str], None]) -> None:
    """Check the project's past against the seals that its current site shows, before a new site replaces it.

    The current site is the folder `site/`; a job on GitHub, which begins without it, asks the page at its URL, if it can.

    Raises:
        EvidenceError: the past breaks a seal, or the head; the maintainers are told.
        OutsideError: a file cannot be read.

    """
    shown, place = _read_shown(project, environment, warn)
    if shown is None:
        return
    broken = list(map(str, _find_broken(project, shown, place)))
    if broken:
        text = f"{_describe_loss(place)}, so nothing is published: "
        alert = text + _name_first(broken, 1)
        troubles.note_trouble(project.root, project.config.monitor, project.now, alert)
        raise EvidenceError(text + _name_first(broken, MOST_NAMED), tip=RESTORE)


def _name_first(broken: Sequence[str], most: int) -> str:
    """Name the first of what is broken, and count the rest: a register that is lost breaks every seal there is."""
    more = f", and {len(broken) - most:,} more" if len(broken) > most else ""
    return f"{'; '.join(broken[:most])}{more}"


def find_broken_past(project: Project) -> Iterator[Problem]:
    """Find where the project's past no longer matches what the site in its folder shows: a build would refuse it."""
    if not is_file(project.root, f"{SITE}/{SEALS_FILE}"):
        return
    try:
        shown = read_shown(SiteFolder(project.root / SITE), SITE)
    except EvidenceError as error:
        yield Problem(f"{SITE}/{SEALS_FILE}", 0, 0, str(error), "build the site anew: remove this one")
        return
    for broken in _find_broken(project, shown, SITE) if shown else ():
        yield Problem("history", 0, 0, f"{_describe_loss(SITE)}: {broken}", RESTORE)


def _describe_loss(place: str) -> str:
    return f"the evidence no longer holds what {place} shows"


def _read_shown(
    project: Project, environment: Mapping[str, str], warn: Callable[[str], None]
) -> tuple[SealedPast | None, str]:
    """Return what the current site shows, `None` if it shows nothing yet, and the site's name for messages."""
    if is_file(project.root, f"{SITE}/{SEALS_FILE}"):
        return read_shown(SiteFolder(project.root / SITE), SITE), SITE
    url = project.config.page.url
    if not Job.of(environment).is_on_github:
        return None, url
    try:
        return read_shown(open_site(Place(url)), url), url
    except (OutsideError, EvidenceError) as error:
        warn(f"the new site was not checked against the seals that are published now: {error}")
        return None, url


def read_shown(site: Site, name: str) -> SealedPast | None:
    """The seals and the head that a site shows; `None` if it shows none.

    Raises:
        EvidenceError: the file is invalid.
        OutsideError: it cannot be read.

    """
    data = site.read(SEALS_FILE, MAX_SEALS_BYTES)
    return None if data is None else read_document(data, f"{name}/{SEALS_FILE}")


def _find_broken(project: Project, shown: SealedPast, place: str) -> Iterator[Broken]:
    """Find what no longer matches. Day files that have not changed since the site was built are not read again."""
    register, built_ns = project.register_lines, _read_mtime_ns(project.root / SITE / SEALS_FILE)

    def read_changed(path: str) -> Iterable[bytes] | None:
        file = project.root / "history" / path
        return None if _read_mtime_ns(file) < built_ns else read_day(project, path)

    yield from find_lost_seals(shown.seals, register)
    yield from find_broken_heads([(f"the head that {place} shows", shown.head)], register, read_changed)
    yield from find_broken_days(shown.seals, project.recorded_register.withdrawn, read_changed)


def read_day(project: Project, path: str) -> Iterable[bytes] | None:
    """Read a day file; `None` if it is not on this disk, as in a clone without the older ones."""
    return read_chunks(project.root, f"history/{path}") if is_file(project.root, f"history/{path}") else None


def _read_mtime_ns(file: Path) -> int:
    try:
        return file.stat(follow_symlinks=False).st_mtime_ns
    except OSError:
        return 0
