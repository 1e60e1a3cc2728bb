"""Opens files below a folder without following links: what a link leads to is neither part of the project nor evidence.

The folder itself may be reached through links. Below it every component is opened by itself, relative to the one above
it, so nothing can be exchanged for a link in between.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from constat.errors import OutsideError

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_BELOW = os.O_NOFOLLOW | os.O_CLOEXEC
_NO_SUCH = frozenset({errno.ENOENT, errno.ENOTDIR})


class UnfitFileError(OutsideError):
    """A file that exists, but is not read: `why` says what is wrong with it, `hint` what to do."""

    def __init__(self, path: Path, why: str, hint: str = "") -> None:
        super().__init__(f"{path} {why}", tip=hint)
        self.why = why
        self.hint = hint


@contextmanager
def open_folder(root: Path, path: str, *, make: bool = False) -> Iterator[int]:
    """Open a folder below `root`, and close it at the end. `make`: create what is missing of it.

    Raises:
        UnfitFileError: it is a link, or behind one.
        OSError: it cannot be opened.

    """
    if make:
        root.mkdir(parents=True, exist_ok=True)
    handle = os.open(root, _FOLDER)
    try:
        passed = root
        for name in _split(path):
            passed /= name
            below = _enter(handle, name, passed, make=make)
            os.close(handle)
            handle = below
        yield handle
    finally:
        os.close(handle)


def _split(path: str) -> tuple[str, ...]:
    parts = PurePosixPath(path).parts
    if ".." in parts or path.startswith("/"):
        raise OutsideError(f"{path} leads out of its folder")
    return parts


def _enter(folder: int, name: str, path: Path, *, make: bool) -> int:
    """Open a folder in an open folder; `path` is for messages."""
    if make:
        with suppress(FileExistsError):
            os.mkdir(name, dir_fd=folder)
    try:
        return os.open(name, _FOLDER | _BELOW, dir_fd=folder)
    except OSError as error:
        _refuse_link(folder, name, path)
        raise error from None


def _refuse_link(folder: int, name: str, path: Path) -> None:
    """Raise `UnfitFileError` if the name is that of a link."""
    try:
        is_link = stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    except OSError:
        return
    if is_link:
        raise UnfitFileError(path, "is a link, which is not followed", "put there what it leads to")


def open_file(folder: int, name: str, path: Path, flags: int, mode: int = 0o644) -> int:
    """Open a regular file in an open folder; `path` is for messages. A pipe or a device is refused, and never waited for.

    Raises:
        UnfitFileError: it is a link, or not a regular file.
        OSError: it cannot be opened.

    """
    try:
        handle = os.open(name, flags | _BELOW | os.O_NONBLOCK, mode, dir_fd=folder)
    except OSError as error:
        _refuse_link(folder, name, path)
        if error.errno in (errno.EISDIR, errno.ENXIO):
            raise UnfitFileError(path, "is not a regular file") from None
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise UnfitFileError(path, "is not a regular file")
    return handle


def get_status(root: Path, path: str) -> os.stat_result | None:
    """Get the status of a regular file below `root`; `None` if there is none, or it is behind a link."""
    folder, _, name = path.rpartition("/")
    try:
        with open_folder(root, folder) as handle:
            status = os.stat(name, dir_fd=handle, follow_symlinks=False)
    except (OSError, UnfitFileError):
        return None
    return status if stat.S_ISREG(status.st_mode) else None


def is_missing(error: OSError) -> bool:
    """Whether an error says that a file, or a folder on its way, does not exist."""
    return error.errno in _NO_SUCH


def list_files(root: Path, folder: str) -> Iterator[str]:
    """List every regular file below a folder that is neither hidden nor behind a link, sorted, by path below `root`."""
    return (path for path, is_link in _walk(root, folder) if not is_link and (root / path).is_file())


def list_links(root: Path, folder: str) -> Iterator[str]:
    """List every link at a folder or below it that is not hidden, whatever it leads to, by path below `root`."""
    return (path for path, is_link in _walk(root, folder) if is_link)


def _walk(root: Path, folder: str) -> Iterator[tuple[str, bool]]:
    """Yield every file and every link below a folder, with whether it is a link. Links are not entered."""
    for above in reversed((PurePosixPath(folder), *PurePosixPath(folder).parents[:-1])):
        if (root / above).is_symlink():
            yield str(above), True
            return
    for parent, folders, names in os.walk(root / folder):
        entries = [Path(parent, name) for name in (*folders, *names) if not name.startswith(".")]
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for entry in sorted(entries):
            if entry.is_symlink() or entry.name in names:
                yield entry.relative_to(root).as_posix(), entry.is_symlink()
