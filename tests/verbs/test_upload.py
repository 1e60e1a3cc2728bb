"""`upload` on whole projects: from `status.yml` to a folder that a web server publishes."""

from pathlib import Path

import pytest

from tests.support.command_line import generate_here
from tests.support.required_programs import needs
from tests.support.rsync_server import PASSWORD, run_rsync_server
from tests.support.site_folder import read_folder
from tests.support.small_project import format_service, write_project

NOW = "2026-11-06T12:00:00Z"
API = format_service("api", "kind: tcp, host: api.maxony.example, port: 443")


def _build(root: Path, more: str) -> Path:
    """A project of which a site was built."""
    root.mkdir()
    write_project(root, API, more=more)
    assert generate_here("build", "-q", "--root", str(root), "--now", NOW).returncode == 0
    return root


def test_site_is_uploaded_to_a_folder(tmp_path: Path) -> None:
    """All of it, and the second time nothing; the closing line counts."""
    root = _build(tmp_path / "project", "publish: {to: 'dir:../public'}")
    first = generate_here("upload", "--root", str(root))
    count = len(read_folder(root / "site"))
    assert first.returncode == 0
    assert f"dir:../public: {count} files written, 0 deleted" in first.stdout + first.stderr
    assert read_folder(tmp_path / "public") == read_folder(root / "site")
    again = generate_here("upload", "--root", str(root))
    assert "0 files written, 0 deleted" in again.stdout + again.stderr


def test_password_is_read_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing password is reported, and it appears in no output."""
    needs("rsync", "rsync")
    with run_rsync_server(tmp_path / "server") as address:
        root = _build(
            tmp_path / "project",
            f"publish: {{to: '{address}/', password: '${{CONSTAT_RSYNC}}'}}\nsecrets: {{CONSTAT_RSYNC: [127.0.0.1]}}",
        )
        unset = generate_here("upload", "--root", str(root))
        assert unset.returncode == 2
        assert "CONSTAT_RSYNC is not set" in unset.stderr
        monkeypatch.setenv("CONSTAT_RSYNC", PASSWORD)
        done = generate_here("upload", "--root", str(root))
        assert done.returncode == 0
        assert PASSWORD not in done.stdout + done.stderr
        assert read_folder(tmp_path / "server/pages") == read_folder(root / "site")


def test_missing_address_or_site_is_reported(tmp_path: Path) -> None:
    """Without an address, and without a site."""
    root = write_project(tmp_path, API)
    nowhere = generate_here("upload", "--root", str(root))
    assert (nowhere.returncode, "status.yml names no store" in nowhere.stderr) == (2, True)
    write_project(tmp_path, API, more="publish: {to: 'dir:/srv/status'}")
    nothing = generate_here("upload", "--root", str(root))
    assert (nothing.returncode, "is not a site" in nothing.stderr) == (2, True)
