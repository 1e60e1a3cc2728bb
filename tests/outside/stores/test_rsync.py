"""The store `rsync://`, against a real rsync server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from constat.errors import OutsideError
from outside.site.publishing import MARKER
from outside.stores import rsync
from outside.stores.registry import Consignment, Stored
from tests.support.required_programs import needs
from tests.support.rsync_server import PASSWORD, run_rsync_server
from tests.support.scripted_server import ScriptedServer, Trickle
from tests.support.site_folder import read_folder, write_folder

SITE = {"index.html": b"<p>one</p>", "api/v2/status.json": b"{}", "services/api/index.html": b"<p>api</p>"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of an rsync server, and the folder that it serves."""
    needs("rsync", "rsync")
    folder = tmp_path_factory.mktemp("rsync")
    with run_rsync_server(folder) as address:
        yield address, folder / "pages"


def _take(site: Path, address: str, password: str = PASSWORD) -> Stored:
    return rsync.take(Consignment(site, address, site.parent, password))


def test_the_store_holds_exactly_the_site(server: tuple[str, Path], tmp_path: Path) -> None:
    """What is new or changed is written, once; what is gone is deleted; what is the same stays."""
    address, pages = server
    site = write_folder(tmp_path / "site", SITE)
    assert _take(site, f"{address}/status/") == Stored(3, 0)
    assert read_folder(pages / "status") == SITE
    assert _take(site, f"{address}/status/") == Stored(0, 0)
    changed = {"index.html": b"<p>two</p>", "api/v2/status.json": b"{}"}
    assert _take(write_folder(tmp_path / "other", changed), f"{address}/status") == Stored(1, 1)
    assert read_folder(pages / "status") == changed


def test_wrong_password_is_reported_without_the_password(server: tuple[str, Path], tmp_path: Path) -> None:
    """The server's own words, and nothing is written."""
    address, pages = server
    with pytest.raises(OutsideError, match=r"rsync to 127\.0\.0\.1: @ERROR: auth failed") as caught:
        _take(write_folder(tmp_path / "site", SITE), f"{address}/refused/", "wrong")
    assert "wrong" not in str(caught.value)
    assert not (pages / "refused").exists()


def test_unreachable_server_is_an_error(tmp_path: Path) -> None:
    """Port 9 of loopback is closed."""
    needs("rsync", "rsync")
    with pytest.raises(OutsideError, match="Connection refused"):
        _take(write_folder(tmp_path / "site", SITE), "rsync://127.0.0.1:9/pages/")


def test_endless_server_is_given_up(tmp_path: Path) -> None:
    """It keeps sending, so no idle timeout ends it."""
    needs("rsync", "rsync")
    site = write_folder(tmp_path / "site", SITE)
    with ScriptedServer(b"@RSYNCD: 31.0\n", Trickle(b"Welcome. " * 50)) as server:
        address = f"rsync://127.0.0.1:{server.port}/pages/"
        with pytest.raises(OutsideError, match=r"rsync to 127\.0\.0\.1: not finished after 0\.3 s"):
            rsync.take(Consignment(site, address, tmp_path), deadline_s=0.3)


def test_folder_with_foreign_files_is_refused(server: tuple[str, Path], tmp_path: Path) -> None:
    """Nothing is written and nothing deleted; a site of ours is replaced, whatever else lies in it."""
    address, pages = server
    theirs = {"photos/one.jpg": b"theirs"}
    write_folder(pages / "theirs", theirs)
    site = write_folder(tmp_path / "site", {MARKER: b"made by us", **SITE})
    with pytest.raises(OutsideError, match=r"holds photos/.* which Constat did not make and would delete"):
        _take(site, f"{address}/theirs/")
    assert read_folder(pages / "theirs") == theirs
    write_folder(pages / "theirs", {MARKER: b"made by an older version"})
    assert _take(site, f"{address}/theirs/") == Stored(4, 1)
    assert read_folder(pages / "theirs") == {MARKER: b"made by us", **SITE}
