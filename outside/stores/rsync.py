"""The store `rsync://`, a module of an rsync server.

A folder that holds somebody else's files is refused. Files are compared by their content, put beside the old ones, and
moved into place at the end of each of two runs: first everything but pages, then the pages; what the site no longer has
is deleted at the very end. The password goes through the environment of the program, never through its arguments.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from typing import NamedTuple

from constat.errors import OutsideError, visible
from constat.model.stores import find_part
from outside.site.publishing import MARKER
from outside.stores.registry import Consignment, Stored

TIMEOUT_S = 120
"""How long the server may be silent."""
CONNECT_S = 30
"""How long connecting may take."""
DEADLINE_S = 900
"""How long an upload may take in all, even if the server keeps answering."""
_WORDS = (
    "--recursive",
    "--checksum",
    "--delay-updates",
    "--chmod=D755,F644",
    "--out-format=%o %n",
    f"--timeout={TIMEOUT_S}",
    f"--contimeout={CONNECT_S}",
)
_WRITTEN, _DELETED = "send", "del."
_FILES_FIRST = ("--exclude=*.html",)
_PAGES_AND_STALE_FILES = ("--delete-after",)
_ONLY_REPORT = ("--dry-run", "--ignore-existing", "--delete")
"""Report which files are new there and which would be deleted: even a module that nobody may read reports that."""


class _Rsync(NamedTuple):
    """The program, what it sends where, and by when all of its runs must be done."""

    program: str
    consignment: Consignment
    ends: float
    deadline_s: float


def take(consignment: Consignment, deadline_s: float = DEADLINE_S) -> Stored:
    """Make the module's folder hold exactly the files of the site.

    Raises:
        OutsideError: rsync is not installed, says that something failed, or is not done in time; or the folder is not ours.

    """
    program = shutil.which("rsync")
    if program is None:
        raise OutsideError("rsync is not installed", tip="install the package rsync")
    rsync = _Rsync(program, consignment, time.monotonic() + deadline_s, deadline_s)
    _refuse_foreign_folder(rsync)
    done = [*_run(rsync, _FILES_FIRST), *_run(rsync, _PAGES_AND_STALE_FILES)]
    operations = [operation for operation, name in done if not name.endswith("/")]
    return Stored(operations.count(_WRITTEN), operations.count(_DELETED))


def _refuse_foreign_folder(rsync: _Rsync) -> None:
    """Refuse a folder that lacks the marker of a site and holds files that would be deleted."""
    planned = _run(rsync, _ONLY_REPORT)
    foreign = next((name for operation, name in planned if operation == _DELETED), None)
    if foreign is not None and (_WRITTEN, MARKER) in planned:
        raise OutsideError(
            f"{rsync.consignment.address} holds {visible(foreign)}, which Constat did not make and would delete",
            tip="under publish, name a folder that is empty or not there yet",
        )


def _run(rsync: _Rsync, words: Sequence[str]) -> list[tuple[str, str]]:
    """Run rsync once; return what it did, with the name of each file or folder."""
    consignment = rsync.consignment
    environment = {"PATH": os.defpath, "LC_ALL": "C"}
    if consignment.password:
        environment["RSYNC_PASSWORD"] = consignment.password
    host = find_part(consignment.address, "host")
    try:
        done = subprocess.run(  # noqa: S603 (no shell; the address has the shape that its store demands)
            [rsync.program, *_WORDS, *words, f"{consignment.site}/", f"{consignment.address.rstrip('/')}/"],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=max(0, rsync.ends - time.monotonic()),
        )
    except subprocess.TimeoutExpired:
        raise OutsideError(
            f"rsync to {host}: not finished after {rsync.deadline_s:g} s",
            tip="the next upload goes on where this one ended: constat upload",
        ) from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise OutsideError(f"rsync to {host}: {visible(said[0]) if said else f'exit code {done.returncode}'}")
    lines = done.stdout.decode(errors="replace").splitlines()
    return [(operation, name) for operation, _, name in (line.partition(" ") for line in lines)]
