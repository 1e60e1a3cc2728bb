"""Writing to the disk: files are replaced atomically, lines appended whole."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from constat.errors import OutsideError

_CHUNK_BYTES = 1 << 18


def replace_file(path: Path, data: bytes, *, lasting: bool = True) -> None:
    """Replace a file atomically: readers see the old content or the new, never a part, even after a power cut.

    Files that can be made again need not be `lasting`: they are not synced to the disk, and may be lost in a power cut.

    Raises:
        OutsideError: the file could not be written; the old content stands.

    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fchmod(file.fileno(), 0o644)
                if lasting:
                    os.fsync(file.fileno())
            os.replace(name, path)  # noqa: PTH105 - the path of a temporary file is text
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        if lasting:
            _sync_folder(path.parent)
    except OSError as error:
        raise OutsideError(f"{path} could not be written: {error.strerror}") from error


def read_file(path: Path) -> bytes | None:
    """The bytes of a file, `None` if it does not exist. A pipe or a device is refused: it could block for ever.

    Raises:
        OutsideError: the path is not a regular file, or cannot be read.

    """
    try:
        if path.is_file():
            return path.read_bytes()
    except OSError as error:
        raise OutsideError(f"{path} could not be read: {error.strerror}") from error
    if os.path.lexists(path):
        raise OutsideError(f"{path} is not a regular file")
    return None


def read_chunks(path: Path) -> Iterator[bytes]:
    """The bytes of a regular file, chunk by chunk: a file of any size takes little memory.

    Raises:
        OutsideError: the file does not exist, is not a regular file, or cannot be read.

    """
    if not path.is_file():
        raise OutsideError(f"{path} is not a regular file")
    try:
        with path.open("rb", buffering=0) as file:
            while chunk := file.read(_CHUNK_BYTES):
                yield chunk
    except OSError as error:
        raise OutsideError(f"{path} could not be read: {error.strerror}") from error


def append_lines(path: Path, text: str, *, header: str = "") -> None:
    """Append whole lines in one write, synced to the disk before returning.

    A new file begins with `header`. If the last line of the file has no LF (a torn write), an LF is written first.

    Raises:
        OutsideError: the lines could not be written, or only in part.

    """
    data = text.encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = _open_locked(path)
        try:
            data = _build_prefix(handle, header) + data
            if os.write(handle, data) != len(data):
                raise OutsideError(f"only part of a line could be appended to {path}: is the disk full?")
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise OutsideError(f"{path} could not be appended to: {error.strerror}") from error


def replace_grown(path: Path, old: bytes, new: bytes) -> bool:
    """Replace a file that others append to, unless its content is no longer `old`; return whether it was replaced.

    Raises:
        OutsideError: the file could not be replaced.

    """
    try:
        handle = _open_locked(path)
        try:
            unchanged = path.read_bytes() == old
            if unchanged:
                replace_file(path, new)
            return unchanged
        finally:
            os.close(handle)
    except OSError as error:
        raise OutsideError(f"{path} could not be replaced: {error.strerror}") from error


def _open_locked(path: Path) -> int:
    """Open a file for appending, and hold a lock on it until it is closed."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            if os.path.samestat(os.fstat(handle), os.stat(path)):  # noqa: PTH116 - beside its fstat
                return handle
        except FileNotFoundError:
            pass
        os.close(handle)  # the file was replaced while we waited for its lock


def _build_prefix(handle: int, header: str) -> bytes:
    """The bytes to write before new lines: the header in a new file, an LF after a torn line."""
    size = os.fstat(handle).st_size
    if size == 0:
        return header.encode()
    return b"" if os.pread(handle, 1, size - 1) == b"\n" else b"\n"


def _sync_folder(folder: Path) -> None:
    """Sync a folder, so that a rename in it survives a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
