"""A real PostgreSQL on loopback, in a folder of its own, as whoever runs the tests (and as `postgres` for root, which it refuses)."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

from tests.support.tcp_speakers import hold_closed_port

PASSWORD = "hunter2-4711-xyz"
_ACCOUNTS = f"""
SET password_encryption = 'scram-sha-256'; CREATE ROLE scram LOGIN PASSWORD '{PASSWORD}'; CREATE ROLE plain LOGIN PASSWORD '{PASSWORD}';
SET password_encryption = 'md5'; CREATE ROLE md5 LOGIN PASSWORD '{PASSWORD}';
CREATE TABLE orders (id integer); INSERT INTO orders VALUES (1), (2), (3); GRANT SELECT ON orders TO scram;
"""  # noqa: S608 (our own words)
_ACCESS = """
host all scram 127.0.0.1/32 scram-sha-256
host all md5 127.0.0.1/32 md5
host all plain 127.0.0.1/32 password
host all postgres 127.0.0.1/32 trust
"""


def _find_programs() -> Path:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = folders[-1] if folders else shutil.which("initdb")
    if found is None:
        pytest.skip("needs initdb: apt-get install postgresql")
    return Path(found).parent


def _as_user(command: Sequence[str]) -> list[str]:
    groups = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    return [*(groups if os.geteuid() == 0 else []), *command]


@contextmanager
def run_postgres() -> Iterator[tuple[int, Path]]:
    """Start a server with the accounts `scram`, `md5` and `plain`, and TLS; its port and the authority of its certificate."""
    programs = _find_programs()
    with tempfile.TemporaryDirectory(prefix="constat-postgres-") as made:
        folder = Path(made)
        authority = _write_certificates(folder)
        if os.geteuid() == 0:
            for path in (folder, *folder.iterdir()):
                shutil.chown(path, "postgres", "postgres")
        data = str(folder / "data")
        _run(
            [
                str(programs / "initdb"),
                "-D",
                data,
                "-U",
                "postgres",
                "--auth=trust",
                "--no-sync",
                "-E",
                "UTF8",
            ]
        )
        (folder / "data" / "pg_hba.conf").write_text(_ACCESS, encoding="ascii")
        with _start(programs, folder) as port:
            yield port, authority


def _write_certificates(folder: Path) -> Path:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    own = authority.issue_cert("127.0.0.1")
    own.private_key_pem.write_to_path(str(folder / "key.pem"))
    (folder / "key.pem").chmod(0o600)
    own.cert_chain_pems[0].write_to_path(str(folder / "own.pem"))
    return folder / "ca.pem"


@contextmanager
def _start(programs: Path, folder: Path) -> Iterator[int]:
    with hold_closed_port() as port:
        pass
    tls = {"ssl": "on", "ssl_cert_file": folder / "own.pem", "ssl_key_file": folder / "key.pem"}
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "fsync": "off",
        **tls,
    }
    words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    command = _as_user([str(programs / "postgres"), "-D", str(folder / "data"), *words])
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:  # noqa: S603 (our own words)
        _fill(programs, port)
        yield port
        server.send_signal(signal.SIGINT)  # which does not wait for those who are still signed in


def _fill(programs: Path, port: int) -> None:
    """Wait for the server, and make the accounts."""
    where = ["-h", "127.0.0.1", "-p", str(port), "-U", "postgres", "-d", "postgres"]
    until = time.monotonic() + 20
    while subprocess.run([str(programs / "pg_isready"), *where], capture_output=True, check=False).returncode:  # noqa: S603 (our own words)
        assert time.monotonic() < until, "the server must start"
        time.sleep(0.05)
    command = [str(programs / "psql"), *where, "-q", "-v", "ON_ERROR_STOP=1", "-c", _ACCOUNTS]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 (our own words)


def _run(command: Sequence[str]) -> None:
    subprocess.run(_as_user(command), check=True, capture_output=True, cwd="/")  # noqa: S603 (our own words)
