"""Reading a published site from the web: hosts that misbehave cause errors, and sizes are limited."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from constat.errors import OutsideError
from outside.site import reader
from outside.site.reader import SiteUrl
from tests.support.frozen_project import freeze_all, lay_project, publish_records, run
from verbs import verify


class _Site(BaseHTTPRequestHandler):
    """Serves a folder as a static host does, with a few paths that misbehave."""

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
    root = lay_project(tmp_path_factory.mktemp("frozen") / "project")
    freeze_all(root)
    publish_records(root)
    return root


@pytest.fixture(scope="module")
def url(project: Path) -> Iterator[str]:
    handler = type("Served", (_Site,), {"folder": project / "site"})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_site_on_the_web_verifies_like_the_project_itself(
    project: Path, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also with several processes, each of which fetches by itself."""
    assert run(verify, project) == 0
    local = capsys.readouterr().out
    assert run(verify, tmp_path, "--evidence", f"{url}/") == 0
    assert capsys.readouterr().out == local


def test_a_missing_file_reads_as_none(url: str) -> None:
    assert SiteUrl(url).read("api/sla/1999-12.json") is None


def test_a_redirect_is_followed(project: Path, url: str) -> None:
    assert SiteUrl(url).read("moved") == (project / "history/register.jsonl").read_bytes()


def test_a_gzipped_file_arrives_gzipped_whatever_its_content_encoding(url: str) -> None:
    data = SiteUrl(url).read("evidence/2026/10/2026-10-07.csv.gz")
    assert data
    assert data.startswith(b"\x1f\x8b")


def test_an_error_status_is_reported(url: str) -> None:
    with pytest.raises(OutsideError, match="/broken answers 500"):
        SiteUrl(url).read("broken")


def test_reading_a_file_without_end_is_given_up(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_PACKED_BYTES", 1 << 20)
    with pytest.raises(OutsideError, match="/endless is larger than 1 MiB"):
        SiteUrl(url).read("endless")


def test_reading_a_file_that_takes_too_long_is_given_up(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_SECONDS_PER_FILE", -1)
    with pytest.raises(OutsideError, match="/endless takes longer"):
        SiteUrl(url).read("endless")


def test_an_unreachable_host_is_reported() -> None:
    with pytest.raises(OutsideError, match="cannot be fetched"):
        SiteUrl("http://127.0.0.1:1").read("api/sla/2026-10.json")
