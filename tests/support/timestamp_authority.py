"""An authority for time stamps (RFC 3161) on loopback: openssl answers, by this machine's clock."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from tests.support.http_threads import run_http_server

_CONFIG = """\
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:true
[signer]
extendedKeyUsage = critical, timeStamping
[tsa]
serial = {folder}/serial
signer_cert = {folder}/signer.pem
signer_key = {folder}/signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
"""


class TimestampAuthority:
    """Its keys and certificates in a folder: `ca` is the file that it is trusted by."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder))
        self.ca = folder / "ca.pem"
        self.asked = 0
        self._lock = threading.Lock()
        config = ["-config", str(folder / "tsa.cnf")]
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"]
        own = ["-keyout", str(folder / "ca.key"), "-out", str(self.ca), "-subj", "/CN=Clock House Root"]
        self._openssl("req", "-x509", *config, *key, *own, "-extensions", "root")
        signer = [
            "-keyout",
            str(folder / "signer.key"),
            "-out",
            str(folder / "signer.pem"),
            "-subj",
            "/CN=Clock House",
        ]
        by = ["-CA", str(self.ca), "-CAkey", str(folder / "ca.key"), "-extensions", "signer"]
        self._openssl("req", "-x509", *config, *key, *signer, *by)

    def answer(self, query: bytes) -> bytes:
        """The answer to a request for a time stamp."""
        with self._lock:  # openssl counts in a file
            self.asked += 1
            (self._folder / "query").write_bytes(query)
            section = ["-config", str(self._folder / "tsa.cnf"), "-section", "tsa"]
            self._openssl(
                "ts",
                "-reply",
                *section,
                "-queryfile",
                str(self._folder / "query"),
                "-out",
                str(self._folder / "reply"),
            )
            return (self._folder / "reply").read_bytes()

    def accepts(self, data: Path, answer: Path) -> bool:
        """Whether openssl itself takes an answer for a time stamp of a file."""
        words = ["-data", str(data), "-in", str(answer), "-CAfile", str(self.ca)]
        done = subprocess.run(["openssl", "ts", "-verify", *words], capture_output=True, check=False)  # noqa: S603, S607 -- our own words
        return done.returncode == 0

    def _openssl(self, *words: str) -> None:
        subprocess.run(["openssl", *words], check=True, capture_output=True)  # noqa: S603, S607 -- our own words


@contextmanager
def serve_authority(authority: TimestampAuthority) -> Iterator[str]:
    """Serve it; yields its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/timestamp-query"
            answer = authority.answer(query)
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with run_http_server(Handler) as server:
        yield f"http://127.0.0.1:{server.server_port}/tsr"
