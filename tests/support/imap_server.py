"""A real IMAP server (Debian's dovecot) on loopback, with one mailbox, running as the user who runs the tests."""

import getpass
import grp
import mailbox
import os
import pwd
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.free_ports import find_free_ports
from tests.support.required_programs import needs

_ATTEMPTS = 5
ACCOUNT, PASSWORD = "inbox", "s3cret/Pass+word"

CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {login_user}
first_valid_uid = 1
mail_location = maildir:{folder}/mail
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login cram-md5 scram-sha-256
auth_failure_delay = 0
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True)
class ImapServer:
    """The ports, plain (with STARTTLS) and with TLS, and the mailbox of a running server."""

    port: int
    tls_port: int
    folder: Path
    owner: tuple[int, int]

    @property
    def box(self) -> mailbox.Maildir:
        """The current content of the mailbox."""
        return mailbox.Maildir(self.folder)

    def deliver_as_spam(self, message: bytes | mailbox.MaildirMessage) -> None:
        """Put a message into the folder `Junk`."""
        self.box.add_folder("Junk").add(message)
        _give_to(self.folder, self.owner)

    def deliver(self, message: bytes | mailbox.MaildirMessage) -> None:
        """Put a message into the mailbox."""
        self.box.add(message)
        _give_to(self.folder, self.owner)


@contextmanager
def run_imap_server(certificate: tuple[str, str]) -> Iterator[ImapServer]:
    """Run dovecot. `certificate`: files of the chain and the key."""
    program = needs("dovecot", "dovecot-imapd")
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "home").mkdir()
        mailbox.Maildir(folder / "mail")
        _give_to(folder, _choose_owner())
        server, process = _start(program, folder, certificate)
        try:
            yield server
        finally:
            process.terminate()
            process.wait(10)


def _start(
    program: str, folder: Path, certificate: tuple[str, str]
) -> tuple[ImapServer, subprocess.Popen[bytes]]:
    """Start dovecot on free ports; try other ports if another program took one of them."""
    for _ in range(_ATTEMPTS):
        port, tls_port = find_free_ports(2)
        server = ImapServer(port, tls_port, folder / "mail", _choose_owner())
        (folder / "dovecot.conf").write_text(_build_configuration(folder, certificate, server))
        command = [program, "-F", "-c", str(folder / "dovecot.conf")]
        process = subprocess.Popen(command)  # noqa: S603 (our own server)
        if _wait_for_greeting(process, server.port):
            return server, process
        process.kill()
        process.wait(10)
    raise AssertionError((folder / "log").read_text())


def _choose_owner() -> tuple[int, int]:
    """Choose the user who owns the mail: dovecot refuses to use root."""
    nobody = pwd.getpwnam("nobody")
    return (os.getuid(), os.getgid()) if os.getuid() else (nobody.pw_uid, nobody.pw_gid)


def _give_to(folder: Path, owner: tuple[int, int]) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, *owner)


def _build_configuration(folder: Path, certificate: tuple[str, str], server: ImapServer) -> str:
    """Build the configuration. As root, dovecot needs another user for its login processes; an ordinary user can only use itself."""
    root = os.getuid() == 0
    user, group = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
    return CONFIGURATION.format(
        folder=folder,
        user="dovecot" if root else user,
        group="dovecot" if root else group,
        login_user="dovenull" if root else user,
        certificate=certificate[0],
        key=certificate[1],
        password=PASSWORD,
        uid=server.owner[0],
        gid=server.owner[1],
        port=server.port,
        tls_port=server.tls_port,
    )


def _wait_for_greeting(process: subprocess.Popen[bytes], port: int) -> bool:
    """Wait for the greeting; false if the program ended instead."""
    deadline = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                if connection.recv(100).startswith(b"* OK"):
                    return True
        except OSError:
            time.sleep(0.05)
    return False
