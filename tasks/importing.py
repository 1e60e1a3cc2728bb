"""Bring services, notices and what was measured over from another status page, into a project.

Three rules hold: nothing is lost (the report lists what cannot be imported), nothing is invented, and the same input gives
the same files, except that whatever people have edited since is left alone.
"""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple, cast

from constat.config import load_config
from constat.config.fields.network_fields import parse_url
from constat.errors import InputError, OutsideError, UsageError
from constat.interval import Instant
from constat.model import Config
from constat.moving.assigning import Assigned, Existing, assign, list_unknown
from constat.moving.composing import ServiceNames
from constat.moving.model import SOURCE_TITLES, Finding, Moved, ReadRequest, SourceName
from constat.moving.new_settings import build_additions, guess_page, report_page
from constat.moving.report import REDIRECTS, REPORT, put_report, write_redirects, write_report
from constat.moving.settings_text import CannotCompleteError, complete_settings, write_settings
from constat.moving.state import STATE, SourceState, digest, read_state, write_state
from outside import bounds
from outside.disk import read_file, replace_file
from outside.project import files
from tasks.imported_checks import keep_valid_checks
from tasks.imported_evidence import plan_evidence
from tasks.imported_notices import Held, NoticePlan, plan_notices
from tasks.kind_table import KindTable

READERS: Final[Mapping[SourceName, str]] = {
    "cstate": "tasks.moving_cstate",
    "upptime": "outside.moving.upptime",
    "statuspage": "tasks.moving_statuspage",
    "kuma": "outside.moving.kuma",
}
"""The module of each source: `read(request) -> Moved` brings it into the common shape. It is loaded when it is used."""


class ImportRequest(NamedTuple):
    """What to import, and where to. `maps`: a name of the source -> the id of `status.yml` that it means."""

    source: SourceName
    reading: ReadRequest
    root: Path
    maps: Mapping[str, str]
    dry_run: bool = False


class Imported(NamedTuple):
    """What an import did, or would do: files by path that it changes, and its report.

    `kept`: paths of files that people edited or removed since, which were left alone.
    """

    written: Mapping[str, bytes]
    kept: tuple[str, ...]
    report: str
    services: int
    notices: int
    findings: int


def read_source(source: SourceName, request: ReadRequest) -> Moved:
    """Read all that a source holds.

    Raises:
        UsageError: the place holds no such source.
        OutsideError: it cannot be read.

    """
    return cast("Moved", import_module(READERS[source]).read(request))


def import_source(request: ImportRequest) -> Imported:
    """Import a source into a project, which is made where there is none.

    Raises:
        UsageError: the place holds no such source, or `status.yml` cannot be completed.
        InputError: the project's `status.yml` is invalid.
        OutsideError: something cannot be read or written.

    """
    moved = keep_valid_checks(read_source(request.source, request.reading))
    project = _Target(request.root, request.reading.now)
    imported = _plan(moved, project, request.maps)
    if not request.dry_run:
        for path, data in imported.written.items():
            replace_file(request.root, path, data, lasting=False)
    return imported


class _Target:
    """The project that is imported into, as it is on the disk."""

    def __init__(self, root: Path, now: Instant) -> None:
        self.root = root
        self.now = now
        self.kinds = KindTable.of_project(root, root)
        self.settings = files.read_text(root, files.SETTINGS)
        self.config = None if self.settings is None else parse_settings(self.settings, self.kinds)
        self.notices = files.read_notices(root)
        self.states = self._read_states()

    def read(self, path: str) -> bytes | None:
        """The bytes of a file of the project, `None` if there is none."""
        return read_file(self.root, path, bounds.PICTURE)

    def read_evidence(self, path: str) -> bytes | None:
        """The bytes of a file of `history/imported/`, `None` if there is none."""
        return read_file(self.root, path, bounds.IMPORTED)

    def _read_states(self) -> dict[str, SourceState]:
        try:
            return read_state(read_file(self.root, STATE, bounds.DERIVED))
        except ValueError as error:
            tip = "put the file back from git, or take it away: then an import knows its own notices no more"
            raise UsageError(f"{STATE}: {error}", tip=tip) from None

    def list_existing(self) -> Existing:
        """The services that the project has."""
        services = self.config.services if self.config else ()
        by_name = {text.casefold(): each.id for each in services for text in each.name.values()}
        return Existing({each.id for each in services}, by_name)


def parse_settings(text: str, kinds: KindTable) -> Config:
    """Parse a `status.yml`.

    Raises:
        InputError: it is invalid.

    """
    return load_config(text, files.SETTINGS, kinds.names, kinds.load)


def _plan(moved: Moved, target: _Target, maps: Mapping[str, str]) -> Imported:
    """Plan every file that changes."""
    key = _find_key(moved, target.states)
    moved = _fit_addresses(moved)
    state = target.states.get(key, SourceState())
    assigned = assign(moved, target.list_existing(), state.services, maps)
    settings, config = _complete(moved, target, assigned)
    known = {service.id for service in config.services}
    names = ServiceNames.of({name: chosen for name, chosen in assigned.names.items() if chosen in known})
    notices = plan_notices(moved, Held(target.notices, state), names, config, target.now)
    pictures, kept_pictures = _plan_pictures(moved, target, state)
    evidence = plan_evidence(moved, assigned.ids, target.read_evidence, target.now)
    findings = [*_gather_findings(moved, assigned, notices, kept_pictures), *evidence.findings]
    changed = {**pictures, **notices.changed, **evidence.changed}
    new_state = SourceState(
        {**state.services, **assigned.ids},
        dict(notices.state),
        {
            **state.pictures,
            **{name: digest(data) for name, data in moved.pictures.items() if name not in kept_pictures},
        },
    )
    report = write_report(_name_source(moved), _count(moved, notices), findings)
    changed |= {files.SETTINGS: settings.encode()}
    changed |= _plan_reports(moved, target, notices, config, report)
    changed |= {STATE: write_state({**target.states, key: new_state})}
    written = {path: data for path, data in changed.items() if target.read(path) != data}
    kept = (*notices.kept, *(f"{files.FILES}{name}" for name in kept_pictures))
    return Imported(written, kept, report, len(assigned.ids), len(notices.state), len(findings))


def _find_key(moved: Moved, states: Mapping[str, SourceState]) -> str:
    """Return the key of a source in the record. Documents that do not name their page belong to the only recorded page, if there is one."""
    exact = f"{moved.source} {moved.base_url or moved.title}".strip()
    same_source = [key for key in states if key.partition(" ")[0] == moved.source]
    if exact in states or not same_source:
        return exact
    if exact == moved.source and len(same_source) == 1:
        return same_source[0]
    return moved.source if moved.source in states else exact


def _fit_addresses(moved: Moved) -> Moved:
    """Leave out addresses that status.yml would refuse, and report them."""
    findings = list(moved.findings)
    services = [each if _is_url(each.link) else each._replace(link="") for each in moved.services]
    for service in moved.services:
        if service.link and not _is_url(service.link):
            found = f"the link {service.link} of the service {service.name}, which is not a web address"
            findings.append(Finding(moved.source, found, "not imported"))
    base_url = moved.base_url if _is_url(moved.base_url) else ""
    if moved.base_url and not base_url:
        findings.append(
            Finding(moved.source, f"the address {moved.base_url}", "not imported: it is not a web address")
        )
    return moved._replace(services=services, base_url=base_url, findings=findings)


def _is_url(text: str) -> bool:
    try:
        parse_url(text)
    except ValueError:
        return False
    return True


def _name_source(moved: Moved) -> str:
    title = " ".join((moved.title or moved.base_url).split())
    return f"{SOURCE_TITLES[moved.source]}: {title}" if title else SOURCE_TITLES[moved.source]


def _complete(moved: Moved, target: _Target, assigned: Assigned) -> tuple[str, Config]:
    """Write or complete `status.yml`; return its text, and the configuration it describes."""
    additions = build_additions(moved, assigned, target.settings or "")
    if target.settings is None:
        text = write_settings(guess_page(moved, target.root.resolve().name), additions)
    else:
        try:
            text = complete_settings(target.settings, additions)
        except CannotCompleteError as error:
            tip = "write each entry on a line of its own, below the name of the section; then import again"
            raise UsageError(f"status.yml: {error.section}: is written on one line", tip=tip) from None
    try:
        return text, parse_settings(text, target.kinds)
    except InputError as error:
        raise OutsideError(f"what was read makes no valid status.yml: {error}") from error


def _plan_pictures(
    moved: Moved, target: _Target, state: SourceState
) -> tuple[dict[str, bytes], frozenset[str]]:
    """Plan the pictures: those to write, and the names of those that people replaced or removed since."""
    changed: dict[str, bytes] = {}
    kept = set()
    for name, data in moved.pictures.items():
        path = f"{files.FILES}{name}"
        held, recorded = target.read(path), state.pictures.get(name)
        if recorded is None or (held is not None and digest(held) == recorded):
            changed[path] = data
        elif held != data:
            kept.add(name)
    return changed, frozenset(kept)


def _gather_findings(
    moved: Moved, assigned: Assigned, notices: NoticePlan, kept_pictures: frozenset[str]
) -> list[Finding]:
    kept = [
        Finding(f"{files.FILES}{name}", "edited or removed here since it was imported", "left alone")
        for name in sorted(kept_pictures)
    ]
    unknown = list_unknown(moved, notices.unknown_names)
    return [*report_page(moved), *moved.findings, *assigned.findings, *unknown, *notices.findings, *kept]


def _count(moved: Moved, notices: NoticePlan) -> list[str]:
    incidents = sum(notice.kind == "incident" for notice in moved.notices)
    counts = [
        f"services: {len(moved.services)}",
        f"notices: {len(moved.notices)} ({incidents} incidents, {len(moved.notices) - incidents} maintenance)",
    ]
    counts += [f"rows of {each.name}: {len(each.rows)}" for each in moved.evidence]
    if moved.pictures:
        counts.append(f"pictures: {len(moved.pictures)}")
    if notices.kept:
        counts.append(f"left alone, since they were edited or removed here: {len(notices.kept)}")
    return counts


def _plan_reports(
    moved: Moved, target: _Target, notices: NoticePlan, config: Config, report: str
) -> dict[str, bytes]:
    """Plan the report and the redirects, keeping those of other sources."""
    existing = (target.read(REPORT) or b"").decode(errors="replace")
    planned = {REPORT: put_report(existing, report).encode()}
    lines = write_redirects({**moved.redirects, **notices.redirects}, config.page.url)
    existing_lines = (target.read(REDIRECTS) or b"").decode(errors="replace")
    all_lines = sorted({*existing_lines.splitlines(), *lines.splitlines()})
    if all_lines:
        planned[REDIRECTS] = ("\n".join(all_lines) + "\n").encode()
    return planned
