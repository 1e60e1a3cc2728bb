"""The folder of another status page, perhaps a stranger's: regular files only, no link followed, sizes bounded."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from constat.errors import OutsideError
from outside.disk import read_file
from outside.opening import UnfitFileError, is_missing, list_files

MOST_FILES: Final = 200_000
MOST_BYTES: Final = 1 << 30
"""The most bytes of all files together."""
TEXT: Final = 4 << 20
"""The most bytes of one page or configuration."""


class SourceFolder:
    """The files below a folder, each read by its path; the bytes of all together are bounded."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._left = MOST_BYTES
        self.unfit: dict[str, str] = {}
        """Files that were not read, with the reason."""

    def list(self, folder: str) -> Iterator[str]:
        """Yield the regular files below a folder in this one, sorted; hidden ones and links are left out."""
        for number, path in enumerate(list_files(self.root, folder)):
            if number >= MOST_FILES:
                raise OutsideError(f"{self.root / folder} holds more than {MOST_FILES:,} files")
            yield path

    def read(self, path: str, bound: int = TEXT) -> bytes | None:
        """Read the bytes of a file; `None` if it is not there or not fit to be read, which is noted in `unfit`."""
        try:
            data = read_file(self.root, path, min(bound, self._left))
        except UnfitFileError as error:
            self.unfit[path] = error.why
            return None
        except OSError as error:
            if is_missing(error):
                return None
            raise
        self._left -= len(data or b"")
        return data

    def read_text(self, path: str) -> str | None:
        """Read the text of a file; bytes that are not UTF-8 are noted in `unfit`, and replaced."""
        data = self.read(path)
        if data is None:
            return None
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self.unfit[path] = (
                f"has bytes that are not UTF-8 (at {error.start:,}); read with U+FFFD in their place"
            )
            return data.decode("utf-8-sig", errors="replace")
