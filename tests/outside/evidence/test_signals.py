"""The file by which a watch signals a change to the processes beside it."""

from pathlib import Path

import pytest

from constat.errors import OutsideError
from outside.evidence.signals import read_last_change, signal_change


def test_the_last_change_is_read(tmp_path: Path) -> None:
    assert read_last_change(tmp_path) is None
    signal_change(tmp_path, 1_795_600_800)
    signal = read_last_change(tmp_path)
    assert signal is not None
    assert signal.startswith("2026-11-25T10:00:00Z ")
    assert read_last_change(tmp_path) == signal, "nothing happened meanwhile"


def test_two_changes_of_one_second_differ(tmp_path: Path) -> None:
    signals = set()
    for _ in range(20):
        signal_change(tmp_path, 1_795_600_800)
        signals.add(read_last_change(tmp_path))
    assert len(signals) == 20


def test_an_unreadable_signal_reads_as_none(tmp_path: Path) -> None:
    (tmp_path / "history").mkdir()
    (tmp_path / "history" / ".changed").write_bytes(b"\xff half a line")
    assert read_last_change(tmp_path) is None


def test_a_signal_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "history").write_text("not a folder", encoding="utf-8")
    with pytest.raises(OutsideError, match="could not be written"):
        signal_change(tmp_path, 0)
