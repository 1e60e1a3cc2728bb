"""The folder `site/`: published whole or not at all.

The new site is laid down beside the old one, in `.site/`, and the two change places in one step of the file system:
whoever looks, or kills the build, at any moment finds the old site or the new one. A file that did not change is not
written again; the old and the new site share it. Where the file system cannot exchange two folders (`site/` is a
mount point, or an old network share), each file is replaced whole, pages last, and what is stale is removed after.
"""

import ctypes
import errno
import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from constat.errors import OutsideError
from outside.disk import replace_file

MARK = ".constat"
"""A file in every site of ours. A folder without it is somebody else's and is not replaced."""

EMPTY: Mapping[str, Path] = MappingProxyType({})

_MARK_TEXT = b"This folder is made by Constat and replaced as a whole. Put nothing of your own here.\n"
_WORK = ".site"
_EXCHANGE = 2
_AT_FDCWD = -100
_CANNOT = frozenset({errno.EXDEV, errno.EBUSY, errno.ENOSYS, errno.EINVAL, errno.EPERM, errno.EOPNOTSUPP})


def publish_site(root: Path, files: Mapping[str, bytes], copies: Mapping[str, Path] = EMPTY) -> None:
    """Make `site/` of a project hold exactly these files, by path; `copies` are copied from where they lie.

    Raises:
        OutsideError: the disk did not do it, or `site/` is not ours; the old site stands.

    """
    site = (root / "site").resolve()
    whole = {**files, MARK: _MARK_TEXT}
    _refuse_foreign(site)
    try:
        with _alone(root / _WORK) as work:
            stage = Path(tempfile.mkdtemp(dir=work, prefix="new-"))
            _lay(stage, site, whole)
            _copy(stage, copies)
            _put(stage, site, whole, copies)
    except OSError as error:
        raise OutsideError(f"{site} could not be written: {error.strerror}") from error


def _refuse_foreign(site: Path) -> None:
    if site.is_dir() and not (site / MARK).exists() and any(site.iterdir()):
        raise OutsideError(
            f"{site} holds files that Constat did not make, and would be replaced as a whole",
            tip="move it away, or empty it",
        )


@contextmanager
def _alone(work: Path) -> Iterator[Path]:
    """The folder to work in, for one build at a time; what a killed build left there is removed."""
    work.mkdir(parents=True, exist_ok=True)
    with (work / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _clear(work)
        yield work
        _clear(work)


def _clear(work: Path) -> None:
    for left in work.glob("new-*"):
        shutil.rmtree(left)


def _lay(stage: Path, site: Path, files: Mapping[str, bytes]) -> None:
    """Lay the new site down; a file that is the same as in the old one is the old one, linked."""
    stage.chmod(0o755)
    _make_folders(stage, files)
    for path, data in files.items():
        if not (_same(site / path, data) and _linked(site / path, stage / path)):
            (stage / path).write_bytes(data)


def _copy(stage: Path, copies: Mapping[str, Path]) -> None:
    """Copy files by linking: nothing of theirs is read. They are never changed in place."""
    _make_folders(stage, copies)
    for path, source in copies.items():
        if not _linked(source, stage / path):
            shutil.copyfile(source, stage / path)


def _make_folders(stage: Path, paths: Iterable[str]) -> None:
    for folder in sorted({path.rpartition("/")[0] for path in paths}):
        (stage / folder).mkdir(parents=True, exist_ok=True)


def _same(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def _linked(old: Path, new: Path) -> bool:
    try:
        os.link(old, new)
    except OSError:
        return False
    return True


def _put(stage: Path, site: Path, files: Mapping[str, bytes], copies: Mapping[str, Path]) -> None:
    """Let the new site take the place of the old one."""
    try:
        if site.exists():
            _exchange(stage, site)
        else:
            stage.rename(site)
    except OSError as error:
        if error.errno not in _CANNOT:
            raise
        _replace_one_by_one(site, {**{path: source.read_bytes() for path, source in copies.items()}, **files})


def _exchange(one: Path, other: Path) -> None:
    """Let two folders change places in one step (renameat2 of Linux, renamex_np of macOS)."""
    library = ctypes.CDLL(None, use_errno=True)
    ours, theirs = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin":
        failed = library.renamex_np(ours, theirs, _EXCHANGE)
    elif hasattr(library, "renameat2"):
        failed = library.renameat2(_AT_FDCWD, ours, _AT_FDCWD, theirs, _EXCHANGE)
    else:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if failed:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _replace_one_by_one(site: Path, files: Mapping[str, bytes]) -> None:
    """The next best: every file whole, what pages need before the pages, what is stale last."""
    for path in sorted(files, key=lambda path: (path.endswith(".html"), path)):
        if not _same(site / path, files[path]):
            replace_file(site / path, files[path])
    for there in sorted(site.rglob("*"), reverse=True):
        if there.is_dir():
            if not any(there.iterdir()):
                there.rmdir()
        elif there.relative_to(site).as_posix() not in files:
            there.unlink()
