"""The archive `s3://bucket/prefix`: day files laid out as in `history/`, plain or gzipped, or as a page publishes them.

Which objects there are is listed first: a bucket may answer for a missing one as for a forbidden one.
"""

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from constat.errors import OutsideError
from outside import bounds
from outside.archives.registry import Request
from outside.buckets import open_bucket, translate_errors
from outside.site.paths import list_day_file_names
from outside.site.reader import unpack

if TYPE_CHECKING:
    from obstore.store import S3Store

DEADLINE_S = 900
"""How long one command reads from an archive. What has come by then is kept; the next command reads the rest."""
_PIECE_BYTES = 1 << 20


def read_days(request: Request, clock: Callable[[], float] = time.monotonic) -> Iterator[tuple[str, bytes]]:
    """Yield the wanted day files that the bucket has.

    Raises:
        OutsideError: it refused, does not answer in time, or an object is too large, or larger than it was listed.
        UsageError: the library is not installed, or there is no key.
        EvidenceError: a file cannot be unpacked.

    """
    ends = clock() + DEADLINE_S

    def require_time() -> None:
        if clock() > ends:
            raise OutsideError(f"not finished after {DEADLINE_S} s; what is missing is read next time")

    store = open_bucket(request.address, request.bucket)
    with translate_errors(request.bucket.find_host(request.address)):
        sizes = _list_sizes(store, request, require_time)
        for path in request.paths:
            require_time()
            name = next((name for name in list_day_file_names(path) if name in sizes), None)
            if name is not None:
                yield path, _read(store, name, sizes[name], path)


def _list_sizes(store: "S3Store", request: Request, require_time: Callable[[], None]) -> dict[str, int]:
    """List the wanted objects that there are, with their sizes. A list may go on for ever."""
    import obstore  # noqa: PLC0415 -- an extra, and only needed here

    names = {name for path in request.paths for name in list_day_file_names(path)}
    sizes: dict[str, int] = {}
    for year in sorted({name.rsplit("/", 2)[0] for name in names}):
        for page in obstore.list(store, year):
            require_time()
            sizes.update((meta["path"], meta["size"]) for meta in page if meta["path"] in names)
    return sizes


def _read(store: "S3Store", name: str, size: int, path: str) -> bytes:
    import obstore  # noqa: PLC0415 -- an extra, and only needed here

    if size > bounds.DAY_FILE:
        raise OutsideError(f"{name} has {size} bytes, more than a day file may have")
    pieces, left = [], size
    for piece in obstore.get(store, name).stream(min_chunk_size=_PIECE_BYTES):
        pieces.append(bytes(piece))
        left -= len(piece)
        if left < 0:
            raise OutsideError(f"{name} is larger than the {size} bytes that the bucket lists")
    return unpack(b"".join(pieces), path)
