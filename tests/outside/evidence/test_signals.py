from pathlib import Path

import pytest

from constat.errors import OutsideError
from outside.evidence.signals import read_last_change, signal_change


def test_the_last_change_is_told(tmp_path: Path) -> None:
    assert read_last_change(tmp_path) is None
    signal_change(tmp_path, 1_795_600_800)
    told = read_last_change(tmp_path)
    assert told is not None
    assert told.startswith("2026-11-25T10:00:00Z ")
    assert read_last_change(tmp_path) == told, "nothing happened meanwhile"


def test_two_changes_of_one_second_are_told_apart(tmp_path: Path) -> None:
    words = set()
    for _ in range(20):
        signal_change(tmp_path, 1_795_600_800)
        words.add(read_last_change(tmp_path))
    assert len(words) == 20


def test_what_cannot_be_read_tells_nothing(tmp_path: Path) -> None:
    (tmp_path / "history").mkdir()
    (tmp_path / "history" / ".changed").write_bytes(b"\xff half a line")
    assert read_last_change(tmp_path) is None


def test_a_disk_that_refuses_is_named(tmp_path: Path) -> None:
    (tmp_path / "history").write_text("not a folder", encoding="utf-8")
    with pytest.raises(OutsideError, match="could not be written"):
        signal_change(tmp_path, 0)
