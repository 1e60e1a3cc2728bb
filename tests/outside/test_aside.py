"""Work beside this process gives what it gives here, whatever happens to the second process."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from outside.aside import Aside

CODE = Path(__file__).resolve().parents[2]
BESIDE = """
import os, signal
from outside.aside import Aside
here = os.getpid()
def work(): return {"index.html": b"x" * 1_000_000, "beside": os.getpid() != here}
def killed():
    if os.getpid() != here: os.kill(os.getpid(), signal.SIGKILL)
    return "made here"
def wrong():
    if os.getpid() == here: print("raised here")
    raise ValueError("wrong")
made = Aside(work).result()
print(len(made["index.html"]), made["beside"], Aside(killed).result())
try:
    Aside(wrong).result()
except ValueError as error:
    print(error)
"""


def test_the_work_is_done_in_a_second_process_and_its_loss_costs_only_time() -> None:
    """A megabyte comes back whole; a killed process is made good here; an error is raised here, and once."""
    ended = subprocess.run(  # noqa: S603 -- this Python, on the text above
        [sys.executable, "-W", "error", "-c", BESIDE], cwd=CODE, capture_output=True, text=True, check=True
    )
    assert ended.stdout.splitlines() == ["1000000 True made here", "raised here", "wrong"]
    assert not ended.stderr


def test_where_other_threads_run_the_work_is_done_here() -> None:
    """A copy of this process would hold their locks for ever."""
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        assert Aside(os.getpid).result() == os.getpid()
    finally:
        done.set()
        other.join()


def test_an_error_of_the_work_is_raised_where_its_result_is_asked_for() -> None:
    with pytest.raises(ZeroDivisionError):
        Aside(lambda: 1 // 0).result()
