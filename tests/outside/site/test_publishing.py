"""Writing a site to a folder: whole, without leftovers, and safe at any kill."""

import errno
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from constat.errors import OutsideError
from outside.site import publishing
from tasks.side_by_side import map_side_by_side

OLD = {"index.html": b"old", "en/index.html": b"old", "feed.rss": b"same", "gone/index.html": b"old"}
NEW = {"index.html": b"new", "en/index.html": b"new", "feed.rss": b"same", "incidents/a/index.html": b"new"}


def publish(
    root: Path, files: Mapping[str, bytes], copies: Mapping[str, Path] = MappingProxyType({})
) -> None:
    """Publish a site of some files, and of copies of files on the disk."""
    with publishing.open_stage(root) as stage:
        for path, data in files.items():
            stage.write(path, data)
        stage.copy(copies)


def read_site(root: Path) -> dict[str, bytes]:
    """The files of the site by path, without the marker."""
    folder = root / "site"
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    files.pop(publishing.MARKER)
    return files


def test_the_site_holds_exactly_what_was_built(tmp_path: Path) -> None:
    """Stale files and empty folders are removed; no stage is left beside the site."""
    publish(tmp_path, OLD)
    publish(tmp_path, NEW)
    assert read_site(tmp_path) == NEW
    assert not (tmp_path / "site" / "gone").exists()
    assert [path.name for path in (tmp_path / ".site").iterdir()] == ["lock"]


def test_a_file_that_did_not_change_is_not_written_again(tmp_path: Path) -> None:
    publish(tmp_path, OLD)
    before = (tmp_path / "site" / "feed.rss").stat()
    publish(tmp_path, NEW)
    after = (tmp_path / "site" / "feed.rss").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_foreign_folder_is_not_replaced(tmp_path: Path) -> None:
    theirs = tmp_path / "site" / "novel.txt"
    theirs.parent.mkdir()
    theirs.write_text("chapter one")
    with pytest.raises(OutsideError, match="files that Constat did not make"):
        publish(tmp_path, NEW)
    assert theirs.read_text() == "chapter one"


def test_an_empty_folder_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    publish(tmp_path, NEW)
    assert read_site(tmp_path) == NEW


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "site").symlink_to(tmp_path / "elsewhere")
    publish(tmp_path, NEW)
    assert (tmp_path / "site").is_symlink()
    assert read_site(tmp_path) == NEW


def test_files_are_replaced_singly_if_folders_cannot_be_exchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A `site/` that is a mount point: files are replaced one by one, and no stale one is left."""

    def refuse(first: Path, second: Path) -> None:
        raise OSError(errno.EBUSY, f"{first} and {second} are busy")

    publish(tmp_path, OLD)
    monkeypatch.setattr(publishing, "_exchange", refuse)
    publish(tmp_path, NEW)
    assert read_site(tmp_path) == NEW


def test_a_full_disk_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_first: Path, _second: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    publish(tmp_path, OLD)
    monkeypatch.setattr(publishing, "_exchange", full)
    with pytest.raises(OutsideError, match="No space left"):
        publish(tmp_path, NEW)
    assert read_site(tmp_path) == OLD


def _die_at(step: int, root: Path) -> None:
    """Publish, and kill this process at one of its calls to the operating system. Runs in a child process."""
    left = step

    def count(event: str, _: tuple[object, ...]) -> None:
        nonlocal left
        if event.split(".", maxsplit=1)[0] in {
            "open",
            "os",
            "shutil",
            "tempfile",
            "ctypes",
            "fcntl",
            "pathlib",
        }:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    publish(root, NEW)
    os._exit(0)


def _publish_and_kill(step: int, root: Path) -> bool:
    """Publish in a child process that is killed at a step; `False` if it ended before that step."""
    child = os.fork()
    if child == 0:
        _die_at(step, root)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


# The child calls nothing but the code under test and dies: threads of the test runner cannot hold it up.
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_kill_at_any_moment_leaves_the_old_or_the_new_site(tmp_path: Path) -> None:
    """The process is killed at each of its system calls in turn; the next build always cleans up."""
    step, seen = 0, []
    while True:
        step += 1
        root = tmp_path / str(step)
        root.mkdir()
        publish(root, OLD)
        killed = _publish_and_kill(step, root)
        site = read_site(root)
        assert site in (OLD, NEW), f"killed at step {step}"
        seen.append(site == NEW)
        publish(root, NEW)
        assert read_site(root) == NEW
        assert [path.name for path in (root / ".site").iterdir()] == ["lock"]
        if not killed:
            break
    assert step > 20, "killed at too few steps to prove anything"
    assert True in seen[:-1], "never killed after the exchange"
    assert False in seen, "never killed before the exchange"


def _list_modes(site: Path) -> set[tuple[bool, str]]:
    """Every mode in a site, with whether it is that of a folder."""
    return {(path.is_dir(), oct(path.stat().st_mode & 0o777)) for path in (site, *site.rglob("*"))}


@pytest.mark.parametrize("can_exchange", [True, False])
def test_site_is_world_readable_whatever_the_umask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_exchange: bool
) -> None:
    """Also what was copied, and what an old site had that nobody else could read."""
    if not can_exchange:
        monkeypatch.setattr(publishing, "_exchange", _refuse_exchange)
    packed = tmp_path / "packed.gz"
    packed.write_bytes(b"packed")
    packed.chmod(0o600)
    before = os.umask(0o077)
    try:
        publish(tmp_path, OLD)
        (tmp_path / "site" / "feed.rss").chmod(0o600)
        publish(tmp_path, NEW, {"evidence/a.gz": packed})
    finally:
        os.umask(before)
    assert _list_modes(tmp_path / "site") == {(True, "0o755"), (False, "0o644")}


def _refuse_exchange(first: Path, second: Path) -> None:
    raise OSError(errno.EXDEV, f"{first} and {second}")


def test_forked_processes_write_to_the_same_new_site(tmp_path: Path) -> None:
    """Each makes the folders that it needs, and links what did not change."""
    publish(tmp_path, OLD)
    before = (tmp_path / "site" / "feed.rss").stat().st_ino
    with publishing.open_stage(tmp_path) as stage:
        map_side_by_side(lambda path: stage.write(path, NEW[path]), list(NEW), 3)
    assert read_site(tmp_path) == NEW
    assert (tmp_path / "site" / "feed.rss").stat().st_ino == before


def _write_twice_and_fail(root: Path) -> None:
    with publishing.open_stage(root) as stage:
        stage.write("feed.rss", OLD["feed.rss"])
        stage.write("feed.rss", b"else")
        raise KeyError("the build fails here")


def test_rewriting_a_file_never_changes_the_old_site(tmp_path: Path) -> None:
    """A copy of this process linked it to the old one before it failed; what is written then is a file of its own."""
    publish(tmp_path, OLD)
    with pytest.raises(KeyError):
        _write_twice_and_fail(tmp_path)
    assert read_site(tmp_path) == OLD
    assert [path.name for path in (tmp_path / ".site").iterdir()] == ["lock"], "no stage is left"
