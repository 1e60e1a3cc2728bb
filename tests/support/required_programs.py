"""Programs of the machine that some tests need, and what to install where they are missing."""

import os
import shutil
from pathlib import Path

import pytest

_ALSO = ("/usr/sbin", "/usr/local/sbin", "/sbin")
"""Where servers live, and where an ordinary user's PATH does not look."""


_INSTEAD = {"chromium": ("chromium", "google-chrome")}
"""Programs that do as well."""


def needs(program: str, package: str) -> str:
    """The path of a program, or a skip that names the Debian package that has it.

    With CONSTAT_NO_SKIP=1 a skip is a failure (tests/conftest.py).
    """
    search = os.pathsep.join([os.environ.get("PATH", ""), *_ALSO])
    found = (shutil.which(name, path=search) for name in _INSTEAD.get(program, (program,)))
    path = next((path for path in found if path), None)
    if path is None:
        pytest.skip(f"needs {program}: apt-get install {package}")
    return path


def needs_npm(module: str) -> Path:
    """The folder of an npm package of package-lock.json, or a skip that says how to install it."""
    folder = Path(__file__).parents[2] / "node_modules" / module
    if not folder.is_dir():
        pytest.skip(f"needs the npm package {module}: npm ci")
    return folder
