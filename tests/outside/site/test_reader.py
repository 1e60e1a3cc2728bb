"""A published site on the web: asked for what it should have, and for no more than fits."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from constat.errors import OutsideError
from outside.site import reader
from outside.site.reader import SiteAddress
from tests.support.frozen_project import freeze_all, lay_project, publish_records, run
from verbs import verify


class _Site(BaseHTTPRequestHandler):
    """Serves a folder as a static host does, and a few paths that misbehave."""

    folder = Path()

    def do_GET(self) -> None:
        if self.path == "/broken":
            self.send_error(500)
            return
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/evidence/register.jsonl")
            self.end_headers()
            return
        if self.path == "/endless":
            self.send_response(200)
            self.end_headers()
            self._pour()
            return
        file = self.folder / self.path.lstrip("/")
        if not file.is_file():
            self.send_error(404)
            return
        data = file.read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        if self.path.endswith(".gz"):
            self.send_header("Content-Encoding", "gzip")  # as some hosts say of a file that is packed already
        self.end_headers()
        self.wfile.write(data)

    def _pour(self) -> None:
        try:
            while True:
                self.wfile.write(bytes(1 << 16))
        except OSError:
            return

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
        """Say nothing."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = lay_project(tmp_path_factory.mktemp("frozen") / "project")
    freeze_all(root)
    publish_records(root)
    return root


@pytest.fixture(scope="module")
def address(project: Path) -> Iterator[str]:
    handler = type("Served", (_Site,), {"folder": project / "site"})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_on_the_web_verifies_as_a_customer_does(
    project: Path, address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With several processes, each of which asks for itself."""
    assert run(verify, project) == 0
    here = capsys.readouterr().out
    assert run(verify, tmp_path, "--evidence", f"{address}/") == 0
    assert capsys.readouterr().out == here


def test_what_is_not_there_is_nothing(address: str) -> None:
    assert SiteAddress(address).read("api/sla/1999-12.json") is None


def test_a_redirect_is_followed(project: Path, address: str) -> None:
    assert SiteAddress(address).read("moved") == (project / "history/register.jsonl").read_bytes()


def test_a_packed_file_arrives_packed_whatever_the_host_calls_it(address: str) -> None:
    data = SiteAddress(address).read("evidence/2026/10/2026-10-07.csv.gz")
    assert data
    assert data.startswith(b"\x1f\x8b")


def test_a_host_that_fails_is_told(address: str) -> None:
    with pytest.raises(OutsideError, match="/broken answers 500"):
        SiteAddress(address).read("broken")


def test_a_file_without_end_is_given_up(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MOST_PACKED", 1 << 20)
    with pytest.raises(OutsideError, match="/endless is larger than 1 MiB"):
        SiteAddress(address).read("endless")


def test_a_file_that_takes_too_long_is_given_up(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "SECONDS_PER_FILE", -1)
    with pytest.raises(OutsideError, match="/endless takes longer"):
        SiteAddress(address).read("endless")


def test_nobody_there_is_told() -> None:
    with pytest.raises(OutsideError, match="cannot be had"):
        SiteAddress("http://127.0.0.1:1").read("api/sla/2026-10.json")
