"""The part of the command line that all verbs share."""

import os
import subprocess
import sys

from tests.support.source_tree import ROOT


def test_a_reader_that_closes_the_pipe_is_not_an_error() -> None:
    """As in `generate.py validate --schema | head -1`: no traceback, and exit code 0."""
    reading, writing = os.pipe()
    os.close(reading)  # nobody reads
    with os.fdopen(writing, "wb") as out:
        done = subprocess.run(  # noqa: S603 (our own program)
            [sys.executable, str(ROOT / "generate.py"), "validate", "--schema"],
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )
    assert (done.returncode, done.stderr) == (0, "")
