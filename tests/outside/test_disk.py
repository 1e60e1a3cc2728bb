"""Files are written whole or not at all, even if the process is killed in the middle."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from constat.errors import OutsideError
from outside.disk import append_lines, read_file, replace_file

ROOT = Path(__file__).parents[2]


def test_a_file_is_replaced_and_no_temporary_file_is_left(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b.json"
    replace_file(target, b"old")
    replace_file(target, b"new")
    assert target.read_bytes() == b"new"
    assert list(target.parent.iterdir()) == [target]
    assert target.stat().st_mode & 0o777 == 0o644


def test_a_failed_replacement_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "b.json"
    target.mkdir()
    with pytest.raises(OutsideError, match="could not be written"):
        replace_file(target, b"new")
    assert list(tmp_path.iterdir()) == [target]


def test_only_a_new_file_gets_the_header(tmp_path: Path) -> None:
    path = tmp_path / "2026" / "11" / "day.csv"
    append_lines(path, "one\n", header="head\n")
    append_lines(path, "two\nthree\n", header="head\n")
    assert path.read_text("utf-8") == "head\none\ntwo\nthree\n"


def test_a_torn_last_line_is_terminated_first(tmp_path: Path) -> None:
    path = tmp_path / "day.csv"
    path.write_bytes(b"head\n2026-11-")
    append_lines(path, "two\n", header="head\n")
    assert path.read_bytes() == b"head\n2026-11-\ntwo\n"


def test_a_folder_in_the_way_is_reported(tmp_path: Path) -> None:
    (tmp_path / "day.csv").mkdir()
    with pytest.raises(OutsideError, match="could not be appended to"):
        append_lines(tmp_path / "day.csv", "x\n")


def test_a_full_disk_is_reported() -> None:
    with pytest.raises(OutsideError, match="No space left"):
        append_lines(Path("/dev/full"), "x\n")


WRITER = """
import sys
from pathlib import Path
from outside.disk import append_lines, replace_file
folder = Path(sys.argv[1])
for number in range(10**9):
    append_lines(folder / "day.csv", f"{number},{'x' * 200}\\n" * 3, header="head\\n")
    replace_file(folder / "state.json", (f"{number} " * 2000).encode())
    if number == 5:
        print("running", flush=True)
"""


def test_a_writer_that_is_killed_leaves_whole_lines_and_a_whole_file(tmp_path: Path) -> None:
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
    assert read_file(tmp_path / "there") == b"words"
    assert read_file(tmp_path / "missing") is None


def test_a_pipe_a_device_or_a_folder_is_refused_at_once(tmp_path: Path) -> None:
    """Reading a pipe would block for ever; /dev/full would never stop giving zeros."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "device").symlink_to("/dev/full")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "device", "folder"):
        with pytest.raises(OutsideError, match=f"{name} is not a regular file"):
            read_file(tmp_path / name)
