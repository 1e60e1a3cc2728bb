"""The store `rsync://`, a module of an rsync server.

Files are compared by their content, put beside the old ones, and moved into place at the end of each of two runs: first
everything but pages, then the pages; what the site no longer has is deleted at the very end. The password goes through the
environment of the program, never through its arguments.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence

from constat.errors import OutsideError
from constat.model.stores import find_part
from outside.stores.registry import Consignment, Stored

TIMEOUT_S = 120
"""How long the server may say nothing."""
_WORDS = (
    "--recursive",
    "--checksum",
    "--delay-updates",
    "--chmod=D755,F644",
    "--out-format=%o %n",
    f"--timeout={TIMEOUT_S}",
)
_WRITTEN, _DELETED = "send", "del."
_FILES_FIRST = ("--exclude=*.html",)
_PAGES_AND_STALE_FILES = ("--delete-after",)


def take(consignment: Consignment) -> Stored:
    """Make the module's folder hold exactly the files of the site.

    Raises:
        OutsideError: rsync is not installed, or says that something failed.

    """
    program = shutil.which("rsync")
    if program is None:
        raise OutsideError("rsync is not installed", tip="install the package rsync")
    done = [
        *_run(program, _FILES_FIRST, consignment),
        *_run(program, _PAGES_AND_STALE_FILES, consignment),
    ]
    operations = [operation for operation, name in done if not name.endswith("/")]
    return Stored(operations.count(_WRITTEN), operations.count(_DELETED))


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
        raise OutsideError(f"rsync to {host}: {said[0] if said else f'exit code {done.returncode}'}")
    lines = done.stdout.decode(errors="replace").splitlines()
    return [(operation, name) for operation, _, name in (line.partition(" ") for line in lines)]
