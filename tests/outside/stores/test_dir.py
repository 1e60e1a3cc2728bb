"""The store `dir:`, a folder of this machine."""

from pathlib import Path

import pytest

from constat.errors import OutsideError
from outside.site.publishing import MARKER
from outside.stores import dir as folder_store
from outside.stores.registry import Consignment, Stored
from tests.support.site_folder import read_folder, write_folder

SITE = {
    MARKER: b"ours",
    "index.html": b"<p>one</p>",
    "api/v2/status.json": b"{}",
    "old/index.html": b"<p>old</p>",
}


def _take(project: Path, to: str) -> Stored:
    return folder_store.take(Consignment(project / "site", f"dir:{to}", project))


def test_the_folder_holds_exactly_the_site(tmp_path: Path) -> None:
    """What is new or changed is written; what is gone is deleted, with its folder; what is the same is not touched."""
    write_folder(tmp_path / "project/site", SITE)
    target = tmp_path / "public"
    assert _take(tmp_path / "project", str(target)) == Stored(4, 0)
    assert read_folder(target) == SITE
    untouched = (target / "api/v2/status.json").stat()
    (tmp_path / "project/site/index.html").write_bytes(b"<p>two</p>")
    (tmp_path / "project/site/old/index.html").unlink()
    assert _take(tmp_path / "project", "../public") == Stored(1, 1)
    assert read_folder(target) == read_folder(tmp_path / "project/site")
    assert not (target / "old").exists()
    assert (target / "api/v2/status.json").stat().st_ino == untouched.st_ino


def test_foreign_folder_is_refused(tmp_path: Path) -> None:
    """Nothing in it is touched."""
    write_folder(tmp_path / "project/site", SITE)
    write_folder(tmp_path / "public", {"diary.txt": b"mine"})
    with pytest.raises(OutsideError, match="holds files that Constat did not make"):
        _take(tmp_path / "project", str(tmp_path / "public"))
    assert read_folder(tmp_path / "public") == {"diary.txt": b"mine"}


@pytest.mark.parametrize("to", [".", "..", "site", "history", "public/page"])
def test_a_folder_of_the_project_is_refused(tmp_path: Path, to: str) -> None:
    """Evidence would be deleted there, or the site would be taken to itself."""
    write_folder(tmp_path / "project/site", SITE)
    with pytest.raises(OutsideError, match="belongs to the project"):
        _take(tmp_path / "project", to)


def test_link_to_another_folder_is_removed_and_not_followed(tmp_path: Path) -> None:
    """Whether or not its target exists: nothing outside the folder is deleted."""
    write_folder(tmp_path / "project/site", SITE)
    write_folder(tmp_path / "elsewhere", {"diary.txt": b"mine"})
    (tmp_path / "empty").mkdir()
    target = write_folder(tmp_path / "public", {MARKER: b"ours"})
    (target / "stale").symlink_to(tmp_path / "elsewhere")
    (target / "void").symlink_to(tmp_path / "empty")
    assert _take(tmp_path / "project", str(target)) == Stored(3, 2)
    assert read_folder(target) == SITE
    assert read_folder(tmp_path / "elsewhere") == {"diary.txt": b"mine"}
    assert (tmp_path / "empty").is_dir()
