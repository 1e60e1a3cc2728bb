"""The store `s3://bucket/prefix`: an S3 bucket, of Amazon or of anybody who speaks its protocol.

Objects are compared by their MD5, which is their ETag, and written with the headers that the site's own `_headers` asks
for: first everything but pages, then the pages; what the site no longer has is deleted last. A prefix that holds somebody
else's objects is refused. An object that only one upload can create keeps a second one from running at the same time.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import md5
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from constat.errors import OutsideError, visible
from constat.interval import Instant, format_instant
from constat.render.served_headers import find_headers
from outside import bounds
from outside.buckets import REQUEST_S, open_bucket, translate_errors
from outside.disk import read_file
from outside.site.publishing import MARKER
from outside.stores.registry import Consignment, Stored

if TYPE_CHECKING:
    from obstore.store import S3Store

DEADLINE_S = 900
"""How long an upload may take in all."""
LOCK = ".constat-upload"
"""The object that an upload creates first and deletes last."""
LOCK_S = DEADLINE_S + 300
"""An older lock was left by an upload that was killed."""
_AT_ONCE = 8


class Limits(NamedTuple):
    """How long one request, and its repetitions, may take; how long the whole upload may take; and the clock for that."""

    request_s: float = REQUEST_S
    deadline_s: float = DEADLINE_S
    clock: Callable[[], float] = time.monotonic


LIMITS = Limits()


class _Object(NamedTuple):
    """An object in the bucket: its MD5 in hex, unless the server means something else by its ETag; when it was written."""

    etag: str
    written: Instant


class _Upload(NamedTuple):
    """One upload: the bucket below its prefix, the host's name for messages, and by when it must be done."""

    store: "S3Store"
    host: str
    limits: Limits
    ends: float


def take(consignment: Consignment, limits: Limits = LIMITS) -> Stored:
    """Make the bucket hold exactly the files of the site below the prefix.

    Raises:
        OutsideError: it refused, did not answer in time, holds somebody else's objects, or another upload is running.
        UsageError: the library is not installed, or there is no key.

    """
    ends = limits.clock() + limits.deadline_s
    address, bucket = consignment.address, consignment.bucket
    store = open_bucket(address, bucket, limits.request_s)
    upload = _Upload(store, bucket.find_host(address), limits, ends)
    with translate_errors(upload.host):
        before = _list(upload)
        _refuse_foreign(consignment.address, before)
        with _lock(upload, consignment, before):
            return _replace(upload, consignment.site, _list(upload))


def _list(upload: _Upload) -> dict[str, _Object]:
    """List every object below the prefix, by its path there."""
    import obstore  # noqa: PLC0415 -- an extra

    return {
        meta["path"]: _Object((meta["e_tag"] or "").strip('"'), int(meta["last_modified"].timestamp()))
        for page in obstore.list(upload.store)
        for meta in page
    }


def _refuse_foreign(address: str, objects: Mapping[str, _Object]) -> None:
    """Refuse a prefix that lacks the marker of a site and holds objects that would be deleted."""
    foreign = next((path for path in objects if path != LOCK), None)
    if foreign is not None and MARKER not in objects:
        raise OutsideError(
            f"{address} holds {visible(foreign)}, which Constat did not make and would delete",
            tip="under publish, name a prefix that is empty: s3://bucket/status",
        )


@contextmanager
def _lock(upload: _Upload, consignment: Consignment, objects: Mapping[str, _Object]) -> Iterator[None]:
    """Hold the lock of the prefix. A server that cannot refuse to overwrite an object gives no lock."""
    import obstore  # noqa: PLC0415 -- an extra
    from obstore.exceptions import AlreadyExistsError, NotSupportedError  # noqa: PLC0415 -- an extra

    lock = objects.get(LOCK)
    if lock is not None and consignment.now - lock.written > LOCK_S:
        obstore.delete(upload.store, LOCK)
    try:
        obstore.put(upload.store, LOCK, b"An upload is running.\n", mode="create")
    except AlreadyExistsError:
        since = f" since {format_instant(lock.written)}" if lock else ""
        raise OutsideError(
            f"another upload to {consignment.address} is running{since}",
            tip=f"wait for it; one that was killed is forgotten after {LOCK_S // 60} minutes",
        ) from None
    except NotSupportedError:
        yield
        return
    try:
        yield
    finally:
        obstore.delete(upload.store, LOCK)


def _replace(upload: _Upload, site: Path, objects: Mapping[str, _Object]) -> Stored:
    """Write what is new or changed, pages last; then delete what the site no longer has."""
    import obstore  # noqa: PLC0415 -- an extra

    rules = (read_file(site, "_headers", bounds.SITE_FILE) or b"").decode()
    paths = sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())

    def put_if_changed(path: str) -> bool:
        data = read_file(site, path, bounds.SITE_FILE) or b""
        known = objects.get(path)
        if known is not None and known.etag == md5(data, usedforsecurity=False).hexdigest():
            return False
        _require_time(upload)
        obstore.put(upload.store, path, data, attributes=find_headers(path, rules), use_multipart=False)
        return True

    files = [path for path in paths if path != MARKER and not path.endswith(".html")]
    pages = [path for path in paths if path.endswith(".html")]
    marker = [MARKER] if MARKER in paths else []
    # The marker comes first, so that a first upload that is cut short is known as ours.
    written = sum(_count_done(put_if_changed, group) for group in (marker, files, pages))
    stale = sorted(objects.keys() - set(paths) - {LOCK})
    if stale:
        _require_time(upload)
        obstore.delete(upload.store, stale)
    return Stored(written, len(stale))


def _count_done(do: Callable[[str], bool], paths: Iterable[str]) -> int:
    """Call a function for each path, several at once; return how often it returned true. The first error stops them."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        try:
            return sum(pool.map(do, paths))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _require_time(upload: _Upload) -> None:
    if upload.limits.clock() > upload.ends:
        raise OutsideError(
            f"S3 at {upload.host}: not finished after {upload.limits.deadline_s:g} s",
            tip="the next one goes on where this one ended: constat upload",
        )
