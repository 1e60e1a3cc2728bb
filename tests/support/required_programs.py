"""Programs that some tests need, and what to install if they are missing."""

import os
import shutil
from pathlib import Path

import pytest

_ALSO = ("/usr/sbin", "/usr/local/sbin", "/sbin")
"""Folders of servers, which an ordinary user's PATH does not include."""


_INSTEAD = {"chromium": ("chromium", "google-chrome")}
"""Programs that serve as well."""


def needs(program: str, package: str) -> str:
    """The path of a program; the test is skipped, naming the Debian package, if it is missing.

    With CONSTAT_NO_SKIP=1 a skip is a failure (tests/conftest.py).
    """
    search = os.pathsep.join([os.environ.get("PATH", ""), *_ALSO])
    candidates = (shutil.which(name, path=search) for name in _INSTEAD.get(program, (program,)))
    path = next((path for path in candidates if path), None)
    if path is None:
        pytest.skip(f"needs {program}: apt-get install {package}")
    return path


def needs_npm(module: str) -> Path:
    """The folder of an npm package of package-lock.json; the test is skipped, saying how to install it, if it is missing."""
    folder = Path(__file__).parents[2] / "node_modules" / module
    if not folder.is_dir():
        pytest.skip(f"needs the npm package {module}: npm ci")
    return folder
