"""An rsync server on loopback that asks for a password: Debian's rsync as a daemon."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.support.free_ports import find_free_port

USER, PASSWORD = "status", "correct horse"
_CONFIGURATION = """\
port = {port}
address = 127.0.0.1
use chroot = no
uid = {uid}
gid = {gid}
log file = {folder}/log
[pages]
path = {folder}/pages
read only = no
auth users = {user}
secrets file = {folder}/secrets
"""


@contextmanager
def run_rsync_server(folder: Path) -> Iterator[str]:
    """Serve `pages/` of a folder as the module `pages`; yields its address, with the user."""
    program = shutil.which("rsync")
    assert program
    (folder / "pages").mkdir(parents=True)
    secrets = folder / "secrets"
    secrets.write_text(f"{USER}:{PASSWORD}\n", encoding="utf-8")
    secrets.chmod(0o600)
    port = find_free_port()
    text = _CONFIGURATION.format(port=port, uid=os.getuid(), gid=os.getgid(), folder=folder, user=USER)
    (folder / "rsyncd.conf").write_text(text, encoding="utf-8")
    words = [program, "--daemon", "--no-detach", f"--config={folder}/rsyncd.conf"]
    with subprocess.Popen(words, stdin=subprocess.DEVNULL) as daemon:  # noqa: S603 (our own words)
        try:
            _wait_for(port)
            yield f"rsync://{USER}@127.0.0.1:{port}/pages"
        finally:
            daemon.terminate()


def _wait_for(port: int) -> None:
    """Wait until the server answers."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise TimeoutError("the rsync server does not answer")
