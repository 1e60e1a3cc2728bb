"""The folder `history/imported/`: what other tools measured, as it was imported (rule 20)."""

from pathlib import Path

from constat.errors import OutsideError
from constat.imported.imported_files import FOLDER, NAME
from constat.model import SkippedRows
from outside import bounds
from outside.disk import read_file
from outside.opening import list_files

MOST_FILES = 1000
"""How many files of the folder are read: each import makes two, and there are few imports."""


def read_imported_files(root: Path) -> tuple[dict[str, bytes], tuple[SkippedRows, ...]]:
    """Read the files of the folder by name; one that cannot be read is left out, and named with the reason."""
    files: dict[str, bytes] = {}
    skipped: list[SkippedRows] = []
    for name in _list_names(root)[:MOST_FILES]:
        try:
            data = read_file(root, f"history/{FOLDER}/{name}", bounds.IMPORTED)
        except OutsideError as error:
            skipped.append(SkippedRows(f"history/{FOLDER}/{name}", 0, 0, f"it is left out: {error}"))
        else:
            files.update({} if data is None else {name: data})
    return files, tuple(skipped)


def _list_names(root: Path) -> list[str]:
    """List the names of the regular files directly in the folder that have the name of an imported file."""
    paths = (path.rpartition("/") for path in list_files(root, f"history/{FOLDER}"))
    return sorted(name for folder, _, name in paths if folder == f"history/{FOLDER}" and NAME.fullmatch(name))
