"""The folder `site/`, replaced atomically.

The new site is staged beside the old one, in `.site/`, and the two folders are exchanged in one step of the file system:
a reader sees the old site or the new one, even if the build is killed. Files that did not change are hard links to those
of the old site. If the file system cannot exchange two folders (`site/` is a mount point or an old network share), each
file is replaced atomically, pages after the files that they need, and stale files are removed last.
"""

import ctypes
import errno
import fcntl
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from constat.errors import OutsideError
from outside.disk import open_lock, read_file, replace_file

MARKER = ".constat"
"""A file in every site that we made. A folder without it belongs to somebody else and is not replaced."""

_MARKER_TEXT = b"This folder is made by Constat and replaced as a whole. Put nothing of your own here.\n"
_WORK_FOLDER = ".site"
_EXCHANGE = 2
"""RENAME_EXCHANGE of Linux and RENAME_SWAP of macOS."""
_AT_FDCWD = -100
_NO_EXCHANGE = frozenset(
    {errno.EXDEV, errno.EBUSY, errno.ENOSYS, errno.EINVAL, errno.EPERM, errno.EOPNOTSUPP}
)


@contextmanager
def open_stage(root: Path) -> "Iterator[Stage]":
    """Begin a new site of a project, which replaces the old one when all of it is written.

    Raises:
        OutsideError: the site could not be written, or `site/` is not ours; the old site stays, as after any other error.

    """
    site = (root / "site").resolve()
    refuse_foreign_folder(site)
    with _translate_errors(site), _lock_work_folder(root / _WORK_FOLDER) as work:
        stage = Stage(Path(tempfile.mkdtemp(dir=work, prefix="new-")), site)
        yield stage
        stage.write(MARKER, _MARKER_TEXT)
        _open_to_all(stage.folder)
        _replace_site(stage.folder, site)


@contextmanager
def _translate_errors(site: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutsideError(f"{site} could not be written: {error.strerror}") from error


class Stage:
    """A new site that is being written. Forks of this process may write to it, too."""

    def __init__(self, folder: Path, site: Path) -> None:
        self.folder = folder
        self._site = site if site.is_dir() else None
        self._made = {""}

    def write(self, path: str, data: bytes) -> None:
        """Write a file; one that equals that of the old site is linked to it.

        Raises:
            OSError: it could not be written.

        """
        self._make_folder(path)
        if (
            self._site
            and _has_content(self._site, path, data)
            and _link(self._site / path, self.folder / path)
        ):
            return
        new = self.folder / path
        try:
            _write_new(new, data)
        except FileExistsError:
            # Left by a fork of this process that failed: maybe a link, which must not be written to.
            new.unlink()
            _write_new(new, data)

    def copy(self, copies: Mapping[str, Path]) -> None:
        """Add files that are on the disk, by hard links if possible. That is safe: neither copy is ever changed in place.

        Raises:
            OSError: one could not be written.

        """
        for path, source in copies.items():
            self._make_folder(path)
            if not _link(source, self.folder / path):
                shutil.copyfile(source, self.folder / path)

    def _make_folder(self, path: str) -> None:
        folder = path.rpartition("/")[0]
        if folder not in self._made:
            (self.folder / folder).mkdir(parents=True, exist_ok=True)
            self._made.add(folder)


def _write_new(new: Path, data: bytes) -> None:
    with new.open("xb", buffering=0) as file:
        file.write(data)


def refuse_foreign_folder(site: Path) -> None:
    """Refuse to replace a folder that is not ours.

    Raises:
        OutsideError: it holds files, but not a site of ours.

    """
    if site.is_dir() and not (site / MARKER).exists() and any(site.iterdir()):
        raise OutsideError(
            f"{site} holds files that Constat did not make, and replacing it would delete them",
            tip="move the folder away, or empty it",
        )


@contextmanager
def _lock_work_folder(work: Path) -> Iterator[Path]:
    """Hold the lock of the work folder, for one build at a time. Stages that a killed build left there are removed."""
    lock = open_lock(work.parent, f"{work.name}/lock")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _remove_stages(work)
        try:
            yield work
        finally:
            _remove_stages(work)
    finally:
        os.close(lock)


def _remove_stages(work: Path) -> None:
    for stage in work.glob("new-*"):
        shutil.rmtree(stage)


def _has_content(site: Path, path: str, data: bytes) -> bool:
    try:
        return (site / path).stat().st_size == len(data) and read_file(site, path, len(data)) == data
    except (OSError, OutsideError):
        return False


def _link(old: Path, new: Path) -> bool:
    """Make `new` a hard link to `old`; `False` if the file system refuses."""
    try:
        os.link(old, new)
    except OSError:
        return False
    return True


def _replace_site(stage: Path, site: Path) -> None:
    """Put the new site in place of the old one."""
    try:
        if site.exists():
            _exchange(stage, site)
        else:
            stage.rename(site)
    except OSError as error:
        if error.errno not in _NO_EXCHANGE:
            raise
        replace_one_by_one(site, _StagedFiles(stage))


class _StagedFiles(Mapping[str, bytes]):
    """The files of a stage by path, each read when it is asked for: all of them may be more than the memory holds."""

    def __init__(self, stage: Path) -> None:
        self._files = {
            file.relative_to(stage).as_posix(): file for file in stage.rglob("*") if file.is_file()
        }

    def __getitem__(self, path: str) -> bytes:
        return self._files[path].read_bytes()

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


def _exchange(first: Path, second: Path) -> None:
    """Exchange two folders in one step (renameat2 of Linux, renamex_np of macOS)."""
    library = ctypes.CDLL(None, use_errno=True)
    old, new = os.fsencode(first), os.fsencode(second)
    if sys.platform == "darwin":
        failed = library.renamex_np(old, new, _EXCHANGE)
    elif hasattr(library, "renameat2"):
        failed = library.renameat2(_AT_FDCWD, old, _AT_FDCWD, new, _EXCHANGE)
    else:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if failed:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _open_to_all(folder: Path) -> None:
    """Let everybody read a site, whatever the umask: a web server may run as another user than the job."""
    for parent, _, names in os.walk(folder):
        for path, mode in ((Path(parent), 0o755), *((Path(parent, name), 0o644) for name in names)):
            if stat.S_IMODE(path.stat().st_mode) != mode:
                with suppress(PermissionError):  # the folder itself, if somebody else mounted it
                    path.chmod(mode)


def replace_one_by_one(site: Path, files: Mapping[str, bytes]) -> tuple[int, int]:
    """Replace every file atomically, pages after the files that they need, and remove stale files last.

    Return how many were written, because they are new or have changed, and how many were removed.

    Raises:
        OSError: a file could not be removed.
        OutsideError: a file could not be written.

    """
    changed = [path for path, data in files.items() if not _has_content(site, path, data)]
    for path in sorted(changed, key=lambda path: (path.endswith(".html"), path)):
        replace_file(site, path, files[path])
    removed = 0
    for path_on_disk in sorted(site.rglob("*"), reverse=True):
        if path_on_disk.is_dir() and not path_on_disk.is_symlink():
            if not any(path_on_disk.iterdir()):
                path_on_disk.rmdir()
        elif path_on_disk.relative_to(site).as_posix() not in files:
            path_on_disk.unlink()
            removed += 1
    _open_to_all(site)
    return len(changed), removed
