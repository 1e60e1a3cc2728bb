"""The store `rsync://`, a module of an rsync server.

A folder that holds somebody else's files is refused. Files are compared by their content, put beside the old ones, and
moved into place at the end of each of two runs: first everything but pages, then the pages; what the site no longer has
is deleted at the very end. The password goes through the environment of the program, never through its arguments.
"""

from collections.abc import Sequence

from constat.errors import OutsideError, visible
from constat.model.stores import find_part
from outside.rsync_program import DEADLINE_S, Rsync, find_rsync
from outside.site.publishing import MARKER
from outside.stores.registry import Consignment, Stored

_WORDS = (
    "--recursive",
    "--checksum",
    "--delay-updates",
    "--chmod=D755,F644",
    "--out-format=%o %n",
)
_WRITTEN, _DELETED = "send", "del."
_FILES_FIRST = ("--exclude=*.html",)
_PAGES_AND_STALE_FILES = ("--delete-after",)
_ONLY_REPORT = ("--dry-run", "--ignore-existing", "--delete")
"""Report which files are new there and which would be deleted: even a module that nobody may read reports that."""


def take(consignment: Consignment, deadline_s: float = DEADLINE_S) -> Stored:
    """Make the module's folder hold exactly the files of the site.

    Raises:
        OutsideError: rsync is not installed, says that something failed, or is not done in time; or the folder is not ours.

    """
    again = "the next upload goes on where this one ended: constat upload"
    rsync = find_rsync(find_part(consignment.address, "host"), consignment.password, again, deadline_s)
    _refuse_foreign_folder(rsync, consignment)
    done = [*_run(rsync, consignment, _FILES_FIRST), *_run(rsync, consignment, _PAGES_AND_STALE_FILES)]
    operations = [operation for operation, name in done if not name.endswith("/")]
    return Stored(operations.count(_WRITTEN), operations.count(_DELETED))


def _refuse_foreign_folder(rsync: Rsync, consignment: Consignment) -> None:
    """Refuse a folder that lacks the marker of a site and holds files that would be deleted."""
    planned = _run(rsync, consignment, _ONLY_REPORT)
    foreign = next((name for operation, name in planned if operation == _DELETED), None)
    if foreign is not None and (_WRITTEN, MARKER) in planned:
        raise OutsideError(
            f"{consignment.address} holds {visible(foreign)}, which Constat did not make and would delete",
            tip="under publish, name a folder that is empty or not there yet",
        )


def _run(rsync: Rsync, consignment: Consignment, words: Sequence[str]) -> list[tuple[str, str]]:
    """Run rsync once; return what it did, with the name of each file or folder."""
    ends = (f"{consignment.site}/", f"{consignment.address.rstrip('/')}/")
    lines = rsync.run([*_WORDS, *words, *ends])
    return [(operation, name) for operation, _, name in (line.partition(" ") for line in lines)]
