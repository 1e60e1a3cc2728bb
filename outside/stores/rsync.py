"""The store `rsync://`, a module of an rsync server.

A folder that holds files of somebody else is refused. Files are compared by their content, put beside the old ones, and moved into place at the end of each of two runs: first
everything but pages, then the pages; what the site no longer has is deleted at the very end. The password goes through the
environment of the program, never through its arguments.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence

from constat.errors import OutsideError, visible
from constat.model.stores import find_part
from outside.site.publishing import MARKER
from outside.stores.registry import Consignment, Stored

TIMEOUT_S = 120
"""How long the server may say nothing."""
CONNECT_S = 30
"""How long it may take to be reached."""
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
_ONLY_SAY = ("--dry-run", "--ignore-existing", "--delete")
"""Say which files are new there and which would be deleted: a module that lets nobody read says that too."""


def take(consignment: Consignment) -> Stored:
    """Make the module's folder hold exactly the files of the site.

    Raises:
        OutsideError: rsync is not installed, or says that something failed; or the folder is not ours.

    """
    program = shutil.which("rsync")
    if program is None:
        raise OutsideError("rsync is not installed", tip="install the package rsync")
    _refuse_foreign_folder(program, consignment)
    done = [
        *_run(program, _FILES_FIRST, consignment),
        *_run(program, _PAGES_AND_STALE_FILES, consignment),
    ]
    operations = [operation for operation, name in done if not name.endswith("/")]
    return Stored(operations.count(_WRITTEN), operations.count(_DELETED))


def _refuse_foreign_folder(program: str, consignment: Consignment) -> None:
    """Refuse a folder that lacks the marker of a site and holds files that would be deleted."""
    would = _run(program, _ONLY_SAY, consignment)
    foreign = next((name for operation, name in would if operation == _DELETED), None)
    if foreign is not None and (_WRITTEN, MARKER) in would:
        raise OutsideError(
            f"{consignment.address} holds {visible(foreign)}, which Constat did not make and would delete",
            tip="under publish, name a folder that is empty or not there yet",
        )


def _run(program: str, words: Sequence[str], consignment: Consignment) -> list[tuple[str, str]]:
    """Run rsync once; return what it did, with the name of each file or folder."""
    address = f"{consignment.address.rstrip('/')}/"
    environment = {"PATH": os.defpath, "LC_ALL": "C"}
    if consignment.password:
        environment["RSYNC_PASSWORD"] = consignment.password
    done = subprocess.run(  # noqa: S603 (no shell; the address has the shape that its store demands)
        [program, *_WORDS, *words, f"{consignment.site}/", address],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        host = find_part(consignment.address, "host")
        raise OutsideError(f"rsync to {host}: {visible(said[0]) if said else f'exit code {done.returncode}'}")
    lines = done.stdout.decode(errors="replace").splitlines()
    return [(operation, name) for operation, _, name in (line.partition(" ") for line in lines)]
