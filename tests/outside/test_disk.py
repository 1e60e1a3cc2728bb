"""Files are written whole or not at all, even if the process is killed in the middle."""

import itertools
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from constat.errors import OutsideError
from outside.disk import append_lines, is_file, open_lock, read_file, replace_file, replace_grown
from outside.opening import UnfitFileError, list_files, list_links

ROOT = Path(__file__).parents[2]


def run_python(program: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a program of ours in a process of its own."""
    return subprocess.run(  # noqa: S603 (our own interpreter and text)
        [sys.executable, "-c", program, *words], cwd=ROOT, capture_output=True, text=True, check=True
    )


def test_a_file_is_replaced_and_no_temporary_file_is_left(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b.json"
    replace_file(tmp_path, "a/b.json", b"old")
    replace_file(tmp_path, "a/b.json", b"new")
    assert target.read_bytes() == b"new"
    assert list(target.parent.iterdir()) == [target]
    assert target.stat().st_mode & 0o777 == 0o644


def test_a_failed_replacement_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "b.json"
    target.mkdir()
    with pytest.raises(OutsideError, match="could not be written"):
        replace_file(tmp_path, "b.json", b"new")
    assert list(tmp_path.iterdir()) == [target]


def test_only_a_new_file_gets_the_header(tmp_path: Path) -> None:
    path = tmp_path / "2026" / "11" / "day.csv"
    append_lines(tmp_path, "2026/11/day.csv", "one\n", header="head\n")
    append_lines(tmp_path, "2026/11/day.csv", "two\nthree\n", header="head\n")
    assert path.read_text("utf-8") == "head\none\ntwo\nthree\n"


def test_a_torn_last_line_is_terminated_first(tmp_path: Path) -> None:
    path = tmp_path / "day.csv"
    path.write_bytes(b"head\n2026-11-")
    append_lines(tmp_path, "day.csv", "two\n", header="head\n")
    assert path.read_bytes() == b"head\n2026-11-\ntwo\n"


def test_folder_in_place_of_a_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "day.csv").mkdir()
    with pytest.raises(OutsideError, match=r"day\.csv is not a regular file"):
        append_lines(tmp_path, "day.csv", "x\n")


FULL = """
import resource, signal, sys
from pathlib import Path
from constat.errors import OutsideError
from outside.disk import append_lines, replace_file
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (8, 8))
for write in (lambda path: append_lines(path, "day.csv", "x" * 9), lambda path: replace_file(path, "a.json", b"x" * 9)):
    try:
        write(Path(sys.argv[1]))
    except OutsideError as error:
        print(error)
"""


def test_full_disk_is_reported(tmp_path: Path) -> None:
    """Only a part of the line fits, and nothing of the file is kept."""
    done = run_python(FULL, str(tmp_path))
    part, whole = done.stdout.splitlines()
    assert part == f"only part of a line could be appended to {tmp_path}/day.csv: is the disk full?"
    assert whole == f"{tmp_path}/a.json could not be written: File too large"
    assert [path.name for path in tmp_path.iterdir()] == ["day.csv"]


WRITER = """
import sys
from pathlib import Path
from outside.disk import append_lines, replace_file
folder = Path(sys.argv[1])
for number in range(10**9):
    append_lines(folder, "day.csv", f"{number},{'x' * 200}\\n" * 3, header="head\\n")
    replace_file(folder, "state.json", (f"{number} " * 2000).encode())
    if number == 5:
        print("running", flush=True)
"""


def test_killed_writer_leaves_complete_lines_and_files(tmp_path: Path) -> None:
    """Killed three times: every line is whole, and the replaced file has its old content or the new."""
    for _ in range(3):
        writer = subprocess.Popen(  # noqa: S603 - our own interpreter and text
            [sys.executable, "-c", WRITER, str(tmp_path)],
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        assert writer.stdout
        assert writer.stdout.readline() == b"running\n"
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        text = (tmp_path / "day.csv").read_text("utf-8")
        assert text.endswith("\n")
        header, *rows = text.splitlines()
        assert header == "head"
        assert all(row.partition(",")[2] == "x" * 200 for row in rows)
        numbers = (tmp_path / "state.json").read_text("utf-8").split()
        assert len(numbers) == 2000
        assert len(set(numbers)) == 1


def test_a_file_is_read_and_a_missing_one_reads_as_none(tmp_path: Path) -> None:
    (tmp_path / "there").write_bytes(b"words")
    assert read_file(tmp_path, "there", 5) == b"words"
    assert read_file(tmp_path, "missing", 5) is None
    assert read_file(tmp_path, "there/below", 5) is None
    assert read_file(tmp_path / "nowhere", "missing", 5) is None
    assert [is_file(tmp_path, path) for path in ("there", "missing", "there/below")] == [True, False, False]


def test_a_pipe_a_device_or_a_folder_is_refused_at_once(tmp_path: Path) -> None:
    """Reading a pipe would block for ever, and so would opening it to write."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder"):
        with pytest.raises(UnfitFileError, match=f"{name} is not a regular file"):
            read_file(tmp_path, name, 9)
        with pytest.raises(UnfitFileError, match=f"{name} is not a regular file"):
            append_lines(tmp_path, name, "x\n")
    with pytest.raises(UnfitFileError, match="/dev/zero is not a regular file"):
        read_file(Path("/dev"), "zero", 9)


def test_a_file_that_is_too_large_is_refused_with_its_size(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(bytes(1235))
    with pytest.raises(UnfitFileError, match="large has 1,235 bytes; more than 1,234 are not read"):
        read_file(tmp_path, "large", 1234)


@pytest.fixture
def linked(tmp_path: Path) -> tuple[Path, Path]:
    """A project with links to a file and to a folder outside of it, and that folder."""
    outside, root = tmp_path / "outside", tmp_path / "root"
    outside.mkdir()
    root.mkdir()
    (outside / "secret").write_bytes(b"token\n")
    (root / "file").symlink_to(outside / "secret")
    (root / "folder").symlink_to(outside)
    (root / "dangling").symlink_to("nowhere")
    (root / "inside").symlink_to("plain")
    (root / "plain").write_bytes(b"plain\n")
    return root, outside


@pytest.mark.parametrize("path", ["file", "folder/secret", "dangling", "inside"])
def test_a_link_is_neither_read_nor_appended_to(linked: tuple[Path, Path], path: str) -> None:
    """Wherever it leads, and whichever part of the path it is."""
    root, outside = linked
    attempts: list[Callable[[], object]] = [
        lambda: read_file(root, path, 99),
        lambda: append_lines(root, path, "x\n"),
        lambda: replace_grown(root, path, b"token\n", b"x"),
        lambda: open_lock(root, path),
    ]
    for attempt in attempts:
        with pytest.raises(
            UnfitFileError, match=f"{path.partition('/')[0]} is a link, which is not followed"
        ):
            attempt()
    assert not is_file(root, path)
    assert [file.name for file in outside.iterdir()] == ["secret"]
    assert ((outside / "secret").read_bytes(), (root / "plain").read_bytes()) == (b"token\n", b"plain\n")
    assert not (root / "nowhere").exists()


def test_a_link_is_replaced_by_the_file_and_never_written_through(linked: tuple[Path, Path]) -> None:
    root, outside = linked
    replace_file(root, "file", b"ours")
    assert not (root / "file").is_symlink()
    with pytest.raises(UnfitFileError, match="folder is a link"):
        replace_file(root, "folder/new", b"ours")
    assert [(file.name, file.read_bytes()) for file in outside.iterdir()] == [("secret", b"token\n")]


def test_the_project_itself_may_be_reached_through_a_link(linked: tuple[Path, Path]) -> None:
    root, _ = linked
    door = root.with_name("door")
    door.symlink_to(root)
    replace_file(door, "a/b", b"x")
    assert read_file(door, "a/b", 9) == b"x"


@pytest.mark.parametrize("path", ["../outside/secret", "/etc/passwd", "a/../../outside/secret"])
def test_no_path_leaves_the_project(linked: tuple[Path, Path], path: str) -> None:
    with pytest.raises(OutsideError):
        read_file(linked[0], path, 9)


def test_files_and_links_are_listed_separately_and_links_not_entered(linked: tuple[Path, Path]) -> None:
    root, _ = linked
    replace_file(root, "a/b", b"x")
    replace_file(root, "a/.hidden", b"x")
    assert list(list_files(root, "")) == ["plain", "a/b"]
    assert list(list_links(root, "")) == ["dangling", "file", "folder", "inside"]
    for below in ("folder", "folder/deeper"):
        assert (list(list_files(root, below)), list(list_links(root, below))) == ([], ["folder"])


def test_folder_replaced_by_a_link_during_writing_is_not_followed(
    linked: tuple[Path, Path],
) -> None:
    """Every component is opened relative to the one above it, so there is no moment between looking and opening."""
    root, outside = linked
    ends = threading.Event()

    def swap() -> None:
        for turn in itertools.takewhile(lambda _: not ends.is_set(), itertools.count()):
            with suppress(OSError):  # the writer was quicker
                (root / "busy").mkdir(exist_ok=True)
                (root / "busy").rename(root / f"aside-{turn}")
                (root / "busy").symlink_to(outside)
                (root / "busy").unlink()

    swapping = threading.Thread(target=swap)
    swapping.start()
    for _ in range(400):
        with suppress(OutsideError):
            append_lines(root, "busy/row.csv", "x\n")
    ends.set()
    swapping.join()
    assert [file.name for file in outside.iterdir()] == ["secret"]
