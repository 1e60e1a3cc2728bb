"""What examines the code examines all of it."""

import subprocess
import sys
from pathlib import Path

from tests.support.source_tree import ROOT


def _lines(*command: str) -> set[str]:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 (our own words)
    return set(done.stdout.splitlines())


def test_ruff_sees_every_python_file_of_the_repository() -> None:
    """An exclusion that is too wide leaves code unformatted and unlinted, and nobody notices."""
    ruff = Path(sys.executable).with_name("ruff")
    seen = {str(Path(path).relative_to(ROOT)) for path in _lines(str(ruff), "check", "--show-files", ".")}
    tracked = _lines("git", "ls-files", "*.py")
    assert sorted(tracked - seen) == []
