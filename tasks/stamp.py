"""Ask an outside authority for time stamps of the newest seal and of each statement that has none yet."""

import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from constat.errors import ConstatError, EvidenceError, OutsideError, UsageError
from constat.sealing.stamps import STAMPS, Stampable, describe_statement, list_stampable_seals
from outside.branch.branches import list_published
from outside.branch.clone import build_folder_filter
from outside.branch.git import Git
from outside.disk import replace_file
from outside.opening import list_files
from outside.site.stamps import read_certificates
from outside.timestamps import request_stamp
from tasks.project import Project

MOST_AT_ONCE = 20
"""How many time stamps are asked for in one go: a page that adopts them late may have years of statements."""


class StampResult(NamedTuple):
    """How many time stamps were kept, and why no more were."""

    kept: int
    troubles: tuple[str, ...] = ()


def stamp_past(project: Project, clone: Git | None = None) -> StampResult:
    """Ask for what lacks a time stamp, and keep each answer below `history/stamps/`; without an authority, do nothing.

    The first failure ends the round: nothing waits for an authority, and the next push asks again. `clone`: git in the
    clone, whose branch may have time stamps that this disk lacks.

    Raises:
        OutsideError: git or the disk failed.

    """
    authority = project.config.monitor.timestamp
    if authority is None:
        return StampResult(0)
    kept = 0
    for stampable in _list_lacking(project, clone)[:MOST_AT_ONCE]:
        try:
            answer = request_stamp(authority.url, read_roots(project), stampable.data)
        except (OutsideError, EvidenceError, UsageError) as error:
            return StampResult(kept, (f"no time stamp of {stampable.name}: {error}",))
        replace_file(project.root, f"history/{stampable.path}", answer)
        kept += 1
    return StampResult(kept)


def stamp_meanwhile(project: Project, report_trouble: Callable[[str], None]) -> threading.Thread:
    """Run `stamp_past` in a thread beside a round of checks, so that the round need not wait; the program ends after it."""

    def stamp() -> None:
        try:
            troubles = stamp_past(project.reopen(project.now)).troubles
        except ConstatError as error:
            troubles = (str(error),)
        for trouble in troubles:
            report_trouble(trouble)

    thread = threading.Thread(target=stamp, name="time stamps")
    thread.start()
    return thread


def list_stampable(project: Project) -> Iterator[Stampable]:
    """The newest seal of the register, and the statements on this disk, newest first."""
    yield from list_stampable_seals(project.recorded_register.seals[-1:], project.register_lines)
    for frozen in reversed(project.frozen_months):
        with suppress(EvidenceError):  # an unreadable one is reported elsewhere
            statement = frozen.current
            yield describe_statement(statement.statement, statement.path, statement.data)


def read_roots(project: Project) -> bytes:
    """Read the certificates by which the project's authority is trusted, in PEM.

    Raises:
        OutsideError: there is none.

    """
    authority = project.config.monitor.timestamp
    if authority is None:
        raise OutsideError("no authority is named", tip="name it in status.yml: monitor.timestamp")
    return _require_certificates(project.root, authority.ca)


def read_given_certificates(file: Path) -> bytes:
    """Read the certificates of a file that a reader names, in PEM.

    Raises:
        OutsideError: there is none.

    """
    return _require_certificates(file.parent.resolve(), file.name)


def _require_certificates(folder: Path, path: str) -> bytes:
    pem = read_certificates(folder, path)
    if not pem:
        raise OutsideError(
            f"{folder / path} holds no certificate",
            tip="put there the authority's root certificate, in PEM: -----BEGIN CERTIFICATE-----",
        )
    return pem


def _list_lacking(project: Project, clone: Git | None) -> list[Stampable]:
    """List what has a time stamp neither on this disk nor at the tip of the branch."""
    kept: Collection[str] = set(list_files(project.root / "history", STAMPS))
    lacking = [stampable for stampable in list_stampable(project) if stampable.path not in kept]
    if not lacking or clone is None:
        return lacking
    published = list_published(clone, build_folder_filter([stampable.path for stampable in lacking]))
    return [stampable for stampable in lacking if stampable.path not in published]
