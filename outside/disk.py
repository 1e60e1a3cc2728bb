"""Reading and writing below a folder: no link is followed, files are replaced atomically, lines appended whole.

The only place that opens evidence and what people write. `root`: the folder of the project; `path`: relative to it.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from constat.errors import OutsideError
from outside.opening import UnfitFileError, get_status, is_missing, open_file, open_folder

_SLACK = 1 << 16
"""How much a file may grow while it is read."""

_CHUNK_BYTES = 1 << 18


def read_file(root: Path, path: str, bound: int) -> bytes | None:
    """Read the bytes of a file, `None` if it does not exist. `bound`: the most bytes that it may have.

    Raises:
        UnfitFileError: it is a link or behind one, not a regular file, or too large.
        OutsideError: it cannot be read.

    """
    folder, _, name = path.rpartition("/")
    try:
        with open_folder(root, folder) as parent:
            handle = open_file(parent, name, root / path, os.O_RDONLY)
            with os.fdopen(handle, "rb", buffering=0) as file:
                size = os.fstat(handle).st_size
                if size > bound:
                    raise UnfitFileError(root / path, f"has {size:,} bytes; more than {bound:,} are not read")
                return _read_whole(file.fileno(), size)
    except OSError as error:
        if is_missing(error):
            return None
        raise OutsideError(f"{root / path} could not be read: {error.strerror}") from error


def _read_whole(handle: int, size: int) -> bytes:
    chunks, left = [], size + _SLACK
    while left and (chunk := os.read(handle, left)):
        chunks.append(chunk)
        left -= len(chunk)
    return b"".join(chunks)


def is_file(root: Path, path: str) -> bool:
    """Whether there is a regular file, and not behind a link."""
    return get_status(root, path) is not None


def replace_file(root: Path, path: str, data: bytes, *, lasting: bool = True) -> None:
    """Replace a file atomically: readers see the old content or the new, never a part, even after a power cut.

    A link of that name is replaced by the file. Files that can be made again need not be `lasting`: they are not synced
    to the disk, and may be lost in a power cut.

    Raises:
        OutsideError: the file could not be written; the old content stays.

    """
    folder, _, name = path.rpartition("/")
    try:
        with open_folder(root, folder, make=True) as parent:
            _replace(parent, name, data, lasting=lasting)
    except OSError as error:
        raise OutsideError(f"{root / path} could not be written: {error.strerror}") from error


def _replace(folder: int, name: str, data: bytes, *, lasting: bool) -> None:
    """Write a file beside the old one, and rename it."""
    temporary = f".{name}.{secrets.token_hex(6)}"
    handle = os.open(
        temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600, dir_fd=folder
    )
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            if lasting:
                os.fsync(file.fileno())
        os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=folder)
        raise
    if lasting:
        os.fsync(folder)


def read_chunks(root: Path, path: str) -> Iterator[bytes]:
    """Yield the bytes of a file, chunk by chunk, so that one of any size takes little memory; nothing if it does not exist.

    Raises:
        UnfitFileError: it is a link or behind one, or not a regular file.
        OutsideError: it cannot be read.

    """
    folder, _, name = path.rpartition("/")
    try:
        with open_folder(root, folder) as parent:
            handle = open_file(parent, name, root / path, os.O_RDONLY)
        with os.fdopen(handle, "rb", buffering=0) as file:
            while chunk := file.read(_CHUNK_BYTES):
                yield chunk
    except OSError as error:
        if not is_missing(error):
            raise OutsideError(f"{root / path} could not be read: {error.strerror}") from error


def append_lines(root: Path, path: str, text: str, *, header: str = "") -> None:
    """Append whole lines in one write, synced to the disk before returning.

    A new file begins with `header`. If the last line of the file has no LF (a torn write), an LF is written first.

    Raises:
        OutsideError: the lines could not be written, or only in part; or the file is a link or not a regular file.

    """
    data = text.encode()
    folder, _, name = path.rpartition("/")
    try:
        with open_folder(root, folder, make=True) as parent:
            handle = _open_locked(parent, name, root / path)
            try:
                data = _build_prefix(handle, header) + data
                if os.write(handle, data) != len(data):
                    raise OutsideError(
                        f"only part of a line could be appended to {root / path}: is the disk full?"
                    )
                os.fsync(handle)
            finally:
                os.close(handle)
    except OSError as error:
        raise OutsideError(f"{root / path} could not be appended to: {error.strerror}") from error


def replace_grown(root: Path, path: str, old: bytes, new: bytes) -> bool:
    """Replace a file that others append to, unless its content is no longer `old`; return whether it was replaced.

    Raises:
        OutsideError: the file could not be replaced.

    """
    folder, _, name = path.rpartition("/")
    try:
        with open_folder(root, folder, make=True) as parent:
            handle = _open_locked(parent, name, root / path)
            try:
                unchanged = os.fstat(handle).st_size == len(old) and _read_whole(handle, len(old)) == old
                if unchanged:
                    _replace(parent, name, new, lasting=True)
                return unchanged
            finally:
                os.close(handle)
    except OSError as error:
        raise OutsideError(f"{root / path} could not be replaced: {error.strerror}") from error


def open_lock(root: Path, path: str) -> int:
    """Open a file that is only there to be locked, and create it if it is missing. The caller closes it.

    Raises:
        OutsideError: it cannot be opened.

    """
    folder, _, name = path.rpartition("/")
    try:
        with open_folder(root, folder, make=True) as parent:
            return open_file(parent, name, root / path, os.O_RDWR | os.O_CREAT)
    except OSError as error:
        raise OutsideError(f"{root / path} could not be opened: {error.strerror}") from error


def _open_locked(folder: int, name: str, path: Path) -> int:
    """Open a file for appending, and hold a lock on it until it is closed."""
    while True:
        handle = open_file(folder, name, path, os.O_RDWR | os.O_APPEND | os.O_CREAT)
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            now = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if os.path.samestat(os.fstat(handle), now):
                return handle
        except FileNotFoundError:
            pass
        os.close(handle)  # the file was replaced while we waited for its lock


def _build_prefix(handle: int, header: str) -> bytes:
    """Build the bytes to write before new lines: the header in a new file, an LF after a torn line."""
    size = os.fstat(handle).st_size
    if size == 0:
        return header.encode()
    return b"" if os.pread(handle, 1, size - 1) == b"\n" else b"\n"
