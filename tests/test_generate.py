"""The command line as a whole: what every verb shares."""

import os
import subprocess
import sys

from tests.support.source_tree import ROOT


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    """As in `generate.py validate --schema | head -1`: no traceback, and all is well."""
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
