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


def read_days(request: Request, clock: Callable[[], float] = time.monotonic) -> Iterator[tuple[str, bytes]]:
    """Yield the wanted day files that the bucket has.

    Raises:
        OutsideError: it refused, does not answer in time, or an object is too large.
        UsageError: the library is not installed, or there is no key.
        EvidenceError: a file cannot be unpacked.

    """
    ends = clock() + DEADLINE_S
    store = open_bucket(request.address, request.bucket)
    with translate_errors(request.bucket.find_host(request.address)):
        sizes = _list_sizes(store, request)
        for path in request.paths:
            if clock() > ends:
                raise OutsideError(f"not finished after {DEADLINE_S} s; what is missing is read next time")
            name = next((name for name in list_day_file_names(path) if name in sizes), None)
            if name is not None:
                yield path, _read(store, name, sizes[name], path)


def _list_sizes(store: "S3Store", request: Request) -> dict[str, int]:
    """List the objects of the wanted years, with their sizes."""
    import obstore  # noqa: PLC0415 -- an extra, and only needed here

    names = {name for path in request.paths for name in list_day_file_names(path)}
    years = {name.rsplit("/", 2)[0] for name in names}
    pages = (page for year in sorted(years) for page in obstore.list(store, year))
    return {meta["path"]: meta["size"] for page in pages for meta in page}


def _read(store: "S3Store", name: str, size: int, path: str) -> bytes:
    import obstore  # noqa: PLC0415 -- an extra, and only needed here

    if size > bounds.DAY_FILE:
        raise OutsideError(f"{name} has {size} bytes, more than a day file may have")
    return unpack(bytes(obstore.get(store, name).bytes()), path)
