"""Reading a published site from the web: hosts that misbehave cause errors, and sizes are limited."""

import gzip
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer

import pytest
import trustme

from constat.errors import OutsideError
from outside.site.reader import unpack
from outside.web.access import Access
from outside.web.origin import Origin
from tests.support.frozen_project import freeze_all, publish_records, run, write_frozen_project
from tests.support.http_threads import run_http_server
from verbs import verify

MOST = 1 << 20


class _Site(BaseHTTPRequestHandler):
    """Serves a folder as a static host does, with a few paths that misbehave."""

    folder = Path()

    def do_GET(self) -> None:
        if self.path == "/broken":
            self.send_error(500)
            return
        path, _, query = self.path.partition("?")
        goals = {"/moved": "/evidence/register.jsonl", "/round": "/round", "/to": query}
        if path in goals:
            self.send_response(302)
            self.send_header("Location", goals[path])
            self.end_headers()
            return
        if path == "/short":
            self.send_response(200)
            self.send_header("Content-Length", "10")
            self.end_headers()
            self.wfile.write(b"12345")
            return
        if self.path == "/endless":
            self.send_response(200)
            self.end_headers()
            self._write_without_end()
            return
        file = self.folder / self.path.lstrip("/")
        if not file.is_file():
            self.send_error(404)
            return
        data = file.read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        if self.path.endswith(".gz"):
            self.send_header(
                "Content-Encoding", "gzip"
            )  # as some hosts do for a file that is gzipped already
        self.end_headers()
        self.wfile.write(data)

    def _write_without_end(self) -> None:
        try:
            while True:
                self.wfile.write(bytes(1 << 16))
        except OSError:
            return

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
        """Do not log requests."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_frozen_project(tmp_path_factory.mktemp("frozen") / "project")
    freeze_all(root)
    publish_records(root)
    return root


@pytest.fixture(scope="module")
def url(project: Path) -> Iterator[str]:
    handler = type("Served", (_Site,), {"folder": project / "site"})
    with run_http_server(handler) as server:
        yield f"http://127.0.0.1:{server.server_port}"


def test_a_site_on_the_web_verifies_like_the_project_itself(
    project: Path, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also with several processes, each of which fetches by itself."""
    assert run(verify, project) == 0
    local = capsys.readouterr().out
    assert run(verify, tmp_path, "--evidence", f"{url}/") == 0
    assert capsys.readouterr().out == local


def test_a_missing_file_reads_as_none(url: str) -> None:
    assert Origin(url).read("api/sla/1999-12.json", MOST) is None


def test_a_redirect_within_the_origin_is_followed(project: Path, url: str) -> None:
    assert Origin(url).read("moved", MOST) == (project / "history/register.jsonl").read_bytes()


def test_a_gzipped_file_arrives_gzipped_whatever_its_content_encoding(url: str) -> None:
    data = Origin(url).read("evidence/2026/10/2026-10-07.csv.gz", MOST)
    assert data
    assert data.startswith(b"\x1f\x8b")


def test_an_error_status_is_reported(url: str) -> None:
    with pytest.raises(OutsideError, match="/broken answers 500"):
        Origin(url).read("broken", MOST)


def test_endless_file_is_given_up(url: str) -> None:
    with pytest.raises(OutsideError, match="/endless is larger than 1,048,576 bytes"):
        Origin(url).read("endless", 1 << 20)


def test_slow_file_is_given_up(url: str) -> None:
    with pytest.raises(OutsideError, match=r"/endless takes longer than 0\.01 s"):
        Origin(url, Access(deadline_s=0.01)).read("endless", 1 << 40)


def test_endless_redirect_is_given_up(url: str) -> None:
    with pytest.raises(OutsideError, match="redirects more than 3 times"):
        Origin(url).read("round", MOST)


@pytest.mark.parametrize(
    "to", ["http://127.0.0.2/x", "//127.0.0.2/x", "https://127.0.0.1/x", "ftp://127.0.0.1/x"]
)
def test_a_redirect_to_another_origin_is_refused(url: str, to: str) -> None:
    with pytest.raises(OutsideError, match="redirects to another place"):
        Origin(url).read(f"to?{to}", MOST)


@pytest.mark.parametrize("size", [0, 1, 5_000, 1 << 20, (3 << 20) + 7])
def test_file_of_any_size_is_unpacked_completely(size: int) -> None:
    assert unpack(gzip.compress(b"x" * size), "a", size) == b"x" * size


def test_truncated_file_is_an_error(url: str) -> None:
    with pytest.raises(OutsideError, match="/short is cut short: 5 bytes are missing"):
        Origin(url).read("short", MOST)


def test_number_of_files_and_bytes_from_one_origin_is_limited(url: str) -> None:
    few = Origin(url, Access(most_files=2))
    assert [few.read("missing", MOST) for _ in range(2)] == [None, None]
    with pytest.raises(OutsideError, match="names more than 2 files"):
        few.read("missing", MOST)
    size = len(Origin(url).read("moved", MOST) or b"")
    little = Origin(url, Access(most_bytes=size + 9))
    little.read("moved", MOST)
    with pytest.raises(OutsideError, match="/moved is larger than 9 bytes"):
        little.read("moved", MOST)


def test_an_unreachable_host_is_reported() -> None:
    with pytest.raises(OutsideError, match="cannot be fetched"):
        Origin("http://127.0.0.1:1").read("api/sla/2026-10.json", MOST)


class _Tunnel(BaseRequestHandler):
    """A proxy that connects, and copies what is said in both directions; with a password if it has one."""

    asked: list[bytes]
    refuses = False

    def handle(self) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.request.recv(1)
        self.asked.append(head)
        if self.refuses:
            self.request.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
            return
        self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        port = int(head.split(b" ")[1].rpartition(b":")[2])
        with socket.create_connection(("127.0.0.1", port)) as origin:
            back = threading.Thread(target=_copy, args=(origin, self.request))
            back.start()
            _copy(self.request, origin)
            back.join()


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


@pytest.mark.parametrize("refuses", [False, True])
def test_https_is_tunnelled_through_a_proxy(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refuses: bool
) -> None:
    """The proxy learns the name and nothing else; its password is not sent to the origin."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    handler = type("Served", (_Site,), {"folder": project / "site"})
    asked: list[bytes] = []
    tunnel = type("Tunnel", (_Tunnel,), {"asked": asked, "refuses": refuses})
    with (
        run_http_server(handler, context) as server,
        ThreadingTCPServer(("127.0.0.1", 0), tunnel) as proxy,
    ):
        threading.Thread(target=proxy.serve_forever, args=(0.02,), daemon=True).start()
        access = Access(proxy=f"http://me:secret@127.0.0.1:{proxy.server_address[1]}")
        origin = Origin(f"https://localhost:{server.server_port}", access)
        if refuses:
            with pytest.raises(OutsideError, match=r"the proxy answers: HTTP/1\.1 407"):
                origin.read("evidence/register.jsonl", MOST)
        else:
            expected = (project / "history/register.jsonl").read_bytes()
            assert origin.read("evidence/register.jsonl", MOST) == expected
        proxy.shutdown()
    [head] = asked
    assert head.startswith(f"CONNECT localhost:{server.server_port} HTTP/1.1\r\n".encode())
    assert b"Proxy-Authorization: Basic bWU6c2VjcmV0" in head


def test_unknown_certificate_authority_is_an_error(project: Path) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("localhost").configure_cert(context)
    handler = type("Served", (_Site,), {"folder": project / "site"})
    with (
        run_http_server(handler, context) as server,
        pytest.raises(OutsideError, match=r"cannot be fetched: .*certificate verify failed"),
    ):
        Origin(f"https://localhost:{server.server_port}").read("index.html", MOST)
