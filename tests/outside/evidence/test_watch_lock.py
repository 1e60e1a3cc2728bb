"""The lock that keeps a second watch of the same vantage out of a project."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from constat.errors import OutsideError
from outside.evidence.watch_lock import is_watched, lock_watch
from tests.support.source_tree import ROOT

NOW = 1_795_600_800

HOLD = """
import sys, time
from pathlib import Path
from outside.evidence.watch_lock import lock_watch
with lock_watch(Path(sys.argv[1]), "here", 1795600800):
    print("locked", flush=True)
    time.sleep(60)
"""


def hold(root: Path) -> subprocess.Popen[str]:
    """Another process that holds the lock until it is killed."""
    command = [sys.executable, "-c", HOLD, str(root)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)  # noqa: S603 (our own program)
    assert process.stdout is not None
    assert process.stdout.readline() == "locked\n"
    return process


def test_finished_watch_leaves_no_lock(tmp_path: Path) -> None:
    for _ in range(2):
        with lock_watch(tmp_path, "here", NOW) as last_holder:
            assert last_holder == ""


def test_second_watch_is_refused_with_the_holder(tmp_path: Path) -> None:
    with hold(tmp_path) as process:
        with pytest.raises(OutsideError) as refused, lock_watch(tmp_path, "here", NOW):
            pass
        assert str(refused.value) == (
            f"{tmp_path} is being watched already from the vantage here "
            f"(process {process.pid} since 2026-11-25T10:00:00Z)"
        )
        assert "--vantage" in refused.value.tip
        process.kill()


def test_another_vantage_may_watch_the_same_project(tmp_path: Path) -> None:
    with lock_watch(tmp_path, "here", NOW), lock_watch(tmp_path, "there", NOW) as last_holder:
        assert last_holder == ""


def test_lock_of_a_killed_watch_is_taken_over_and_reported(tmp_path: Path) -> None:
    with hold(tmp_path) as process:
        process.kill()
    with lock_watch(tmp_path, "here", NOW) as last_holder:
        assert last_holder == f"process {process.pid} since 2026-11-25T10:00:00Z"


def test_a_watch_that_failed_leaves_its_name_in_the_lock(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), lock_watch(tmp_path, "here", NOW):
        raise ZeroDivisionError
    with lock_watch(tmp_path, "here", NOW) as last_holder:
        assert last_holder.startswith("process ")


def test_a_lock_that_cannot_be_opened_is_reported(tmp_path: Path) -> None:
    (tmp_path / "history").write_text("not a folder", encoding="utf-8")
    with (
        pytest.raises(OutsideError, match=r"\.watch-here\.lock could not be opened"),
        lock_watch(tmp_path, "here", NOW),
    ):
        pass


def test_watch_counts_as_running_until_its_process_ends(tmp_path: Path) -> None:
    """Also if its parent has not waited for it, so that it is a zombie."""
    assert not is_watched(tmp_path, "here")
    with hold(tmp_path) as process:
        assert is_watched(tmp_path, "here")
        assert not is_watched(tmp_path, "there")
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert not is_watched(tmp_path, "here")
    with lock_watch(tmp_path, "here", NOW):
        assert is_watched(tmp_path, "here")
    assert not is_watched(tmp_path, "here")
