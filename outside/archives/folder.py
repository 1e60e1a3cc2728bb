"""The archive `dir:`, a folder on this machine with day files as in `history/`, `2025/11/2025-11-23.csv`, plain or gzipped."""

from collections.abc import Iterator

from constat.errors import OutsideError
from constat.model.archives import find_archive_part
from outside import bounds
from outside.archives.registry import Request
from outside.disk import read_file
from outside.site.reader import unpack


def read_days(request: Request) -> Iterator[tuple[str, bytes]]:
    """Yield the wanted day files that the folder has.

    Raises:
        OutsideError: there is no such folder, or a file cannot be read.
        EvidenceError: a file cannot be unpacked.

    """
    folder = (request.root / find_archive_part(request.address, "path")).resolve()
    if not folder.is_dir():
        raise OutsideError(f"there is no folder {folder}", tip="correct history.archive in status.yml")
    for path in request.paths:
        for name in (path, f"{path}.gz"):
            data = read_file(folder, name, bounds.DAY_FILE)
            if data is not None:
                yield path, unpack(data, name)
                break
