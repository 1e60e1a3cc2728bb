"""Seal the day files of days that are over: from the tip of the branch if `history/` is a clone of it, else from the folder.

A seal must hold for ever, so it covers only bytes and lines that nobody can reorder any more. In a clone, these are what
the tip of the branch holds: a push may still put other writers' rows before ours.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from constat.errors import OutsideError
from constat.history import DAY_FILE, REGISTER, build_day_path
from constat.history.sealed_bytes import measure_bytes
from constat.interval import UTC_ZONE, local_date
from constat.model import Seal
from constat.register import parse_register, write_seal
from constat.sealing import build_seals, list_due_paths
from constat.statement import take_whole_lines
from outside.branch.append import list_changed_evidence
from outside.branch.git import Git
from outside.branch.tip import open_tip
from outside.disk import read_chunks
from outside.evidence.folders import list_day_files
from tasks.project import Project

ConfirmClock = Callable[[], bool]
"""A function that returns whether the clock can be trusted, and reports by itself why not; called before sealing."""


class _Source(Protocol):
    """Where the sealed bytes are read from."""

    def read_lines(self) -> bytes:
        """The whole lines of the register."""

    def read_day(self, path: str) -> Iterable[bytes]:
        """The content of a day file, in chunks."""


def is_clone(root: Path) -> bool:
    """Whether the evidence of a project is a clone of its branch: then only a push may seal."""
    return (root / "history" / ".git").exists()


def seal_folder(project: Project, confirm_clock: ConfirmClock) -> tuple[Seal, ...]:
    """Seal what is due if `history/` is no clone, and return the new seals; in a clone, do nothing.

    Raises:
        OutsideError: a file cannot be read, or the register cannot be written.

    """
    if is_clone(project.root):
        return ()
    return _seal(project, lambda _: _FolderSource(project), confirm_clock)


def seal_tip(project: Project, clone: Git, confirm_clock: ConfirmClock) -> tuple[Seal, ...]:
    """Append due seals of what the tip holds to the register of a clone; a push must follow.

    Raises:
        OutsideError: git failed, a file cannot be read, or the register cannot be written.

    """
    return _seal(project, lambda paths: _TipSource(clone, paths), confirm_clock)


def require_pushed(project: Project, environment: Mapping[str, str]) -> None:
    """Refuse to freeze while a clone holds what the branch does not: a push may still put other writers' rows before ours.

    Rows of the running day, which no statement rests on, may wait.

    Raises:
        OutsideError: the register, or a day file of a day that is over, was not pushed as it is; or git failed.

    """
    if not is_clone(project.root):
        return
    running = build_day_path(local_date(project.now, UTC_ZONE))
    changed = list_changed_evidence(Git(project.root / "history", environment))
    unpushed = [path for path in changed if path == REGISTER or (DAY_FILE.fullmatch(path) and path < running)]
    if unpushed:
        raise OutsideError(
            f"history/{unpushed[0]} holds what the branch does not, and a statement may rest on it",
            tip="push it first: constat push",
        )


def _seal(
    project: Project, open_source: Callable[[Sequence[str]], _Source], confirm_clock: ConfirmClock
) -> tuple[Seal, ...]:
    sizes = {path: stat.size for path, stat in list_day_files(project.root / "history").items()}
    due = list(list_due_paths(sizes, project.recorded_register, project.now))
    if not due or not confirm_clock():
        return ()
    source = open_source(due)
    lines = source.read_lines()
    register = parse_register(lines, REGISTER, project.now)
    measured = [(path, measure_bytes(source.read_day(path))) for path in due]
    present = [(path, day) for path, day in measured if day.bytes]  # an archived year's branch holds no days
    seals = tuple(build_seals(present, register, lines, project.now))
    project.append_register(map(write_seal, seals))
    return seals


class _FolderSource:
    """The files on the disk."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def read_lines(self) -> bytes:
        return self._project.register_lines

    def read_day(self, path: str) -> Iterator[bytes]:
        return read_chunks(self._project.root, f"history/{path}")


class _TipSource:
    """The files at the tip of the branch."""

    def __init__(self, clone: Git, paths: Iterable[str]) -> None:
        self._tip = open_tip(clone, paths)

    def read_lines(self) -> bytes:
        return take_whole_lines(self._tip.read(REGISTER))

    def read_day(self, path: str) -> Iterator[bytes]:
        yield self._tip.read(path)
