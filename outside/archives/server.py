"""The archive `rsync://`, a folder of an rsync server with day files laid out as in `history/`, plain or gzipped, or of a page.

Only the wanted files are asked for, a month or so at a time, and they pass through a folder that is removed at the end.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from constat.model.archives import find_archive_part
from outside import bounds
from outside.archives.registry import Request
from outside.disk import read_file
from outside.rsync_program import find_rsync
from outside.site.paths import list_day_file_names
from outside.site.reader import unpack

_AT_ONCE = 31
_WORDS = (
    "--recursive",
    "--prune-empty-dirs",
    "--include-from=-",
    "--exclude=*",
    f"--max-size={bounds.DAY_FILE}",
)
"""Filters name the files: not every server finds what `--files-from` names below a folder of a module."""


def read_days(request: Request) -> Iterator[tuple[str, bytes]]:
    """Yield the wanted day files that the server has.

    Raises:
        OutsideError: rsync is not installed, says that something failed, or is not done in time.
        EvidenceError: a file cannot be unpacked.

    """
    host = find_archive_part(request.address, "host")
    rsync = find_rsync(host, request.password, "the next command brings the rest")
    for start in range(0, len(request.paths), _AT_ONCE):
        paths = request.paths[start : start + _AT_ONCE]
        with TemporaryDirectory(prefix="constat-archive-") as folder:
            words = (*_WORDS, f"{request.address.rstrip('/')}/", f"{folder}/")
            rsync.run(words, _list_filters(paths).encode())
            yield from _read(Path(folder), paths)


def _list_filters(paths: Sequence[str]) -> str:
    """List the files that may be sent, and the folders that lead to them."""
    names = [name for path in paths for name in list_day_file_names(path)]
    folders = {f"{folder}/" for name in names for folder in Path(name).parents if folder != Path()}
    return "".join(f"/{name}\n" for name in (*sorted(folders), *names))


def _read(folder: Path, paths: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    for path in paths:
        for name in list_day_file_names(path):
            data = read_file(folder, name, bounds.DAY_FILE)
            if data is not None:
                yield path, unpack(data, name)
                break
