"""The disk: files replaced whole or not at all, lines appended whole."""

import fcntl
import os
import tempfile
from pathlib import Path

from constat.errors import OutsideError


def replace_file(path: Path, data: bytes, *, lasting: bool = True) -> None:
    """Write a file so that readers see the old content or the new, never a part, also after a power cut.

    What can be made again need not be `lasting`: then it is not waited for until it has reached the disk.

    Raises:
        OutsideError: the disk did not do it; the old content stands.

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
    """The bytes of a file, `None` where there is nothing. A pipe or a device is not waited for.

    Raises:
        OutsideError: it is no ordinary file, or the disk does not give it.

    """
    try:
        if path.is_file():
            return path.read_bytes()
    except OSError as error:
        raise OutsideError(f"{path} could not be read: {error.strerror}") from error
    if os.path.lexists(path):
        raise OutsideError(f"{path} is no ordinary file")
    return None


def append_lines(path: Path, text: str, *, header: str = "") -> None:
    """Append whole lines in one write, and wait until they are on the disk.

    A new file begins with `header`. A file whose last line was torn (no final LF) is given one first.

    Raises:
        OutsideError: the disk did not do it, or took only a part.

    """
    data = text.encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = _open_alone(path)
        try:
            data = _beginning(handle, header) + data
            if os.write(handle, data) != len(data):
                raise OutsideError(f"{path} took only a part of a line: is the disk full?")
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise OutsideError(f"{path} could not be appended to: {error.strerror}") from error


def replace_grown(path: Path, old: bytes, new: bytes) -> bool:
    """Replace a file that others append to, unless somebody did since it was read as `old`; whether it was replaced.

    Raises:
        OutsideError: the disk did not do it.

    """
    try:
        handle = _open_alone(path)
        try:
            unchanged = path.read_bytes() == old
            if unchanged:
                replace_file(path, new)
            return unchanged
        finally:
            os.close(handle)
    except OSError as error:
        raise OutsideError(f"{path} could not be replaced: {error.strerror}") from error


def _open_alone(path: Path) -> int:
    """Open a file to append to, and keep others of ours out until it is closed."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            if os.path.samestat(os.fstat(handle), os.stat(path)):  # noqa: PTH116 - beside its fstat
                return handle
        except FileNotFoundError:
            pass
        os.close(handle)  # it was replaced while we waited


def _beginning(handle: int, header: str) -> bytes:
    """What must stand before new lines: the header in a new file, an LF after a torn line."""
    size = os.fstat(handle).st_size
    if size == 0:
        return header.encode()
    return b"" if os.pread(handle, 1, size - 1) == b"\n" else b"\n"


def _sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
