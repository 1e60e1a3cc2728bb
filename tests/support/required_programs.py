"""Programs that some tests need, and what to install if they are missing."""

import os
import re
import shutil
from ctypes.util import find_library
from pathlib import Path

import pytest

from tests.support.source_tree import ROOT

_ALSO = ("/usr/sbin", "/usr/local/sbin", "/sbin")
"""Folders of servers, which an ordinary user's PATH does not include."""


_LIBRARY = re.compile(r"lib(.+)\.so\.\d+")
"""The file of a library; the group is its name for the linker."""

_INSTEAD = {"chromium-headless-shell": ("chromium-headless-shell", "chromium", "google-chrome")}
"""Programs that serve as well. A whole browser without a screen draws its own windows too: twice the time per page."""


def find_missing() -> list[str]:
    """List what is missing for a run without skips: packages of `.ci/debian.txt` without their program or library, and npm packages."""
    lines = (ROOT / ".ci" / "debian.txt").read_text().splitlines()
    packages = [line.split() for line in lines if line]
    debian = [package for package, *programs in packages if not any(_find(program) for program in programs)]
    return [
        *(["apt-get install " + " ".join(debian)] if debian else []),
        *(["npm ci"] if not (ROOT / "node_modules").is_dir() else []),
    ]


def _find(program: str) -> str | None:
    """Find a program, or a library such as `libpangoft2-1.0.so.0`."""
    library = _LIBRARY.fullmatch(program)
    if library:
        return find_library(library[1])
    return shutil.which(program, path=os.pathsep.join([os.environ.get("PATH", ""), *_ALSO]))


def needs(program: str, package: str) -> str:
    """The path of a program; the test is skipped, naming the Debian package, if it is missing.

    With CONSTAT_NO_SKIP=1 a skip is a failure (tests/conftest.py).
    """
    candidates = (_find(name) for name in _INSTEAD.get(program, (program,)))
    path = next((path for path in candidates if path), None)
    if path is None:
        pytest.skip(f"needs {program}: apt-get install {package}")
    return path


def needs_npm(module: str) -> Path:
    """The folder of an npm package of package-lock.json; the test is skipped, saying how to install it, if it is missing."""
    folder = ROOT / "node_modules" / module
    if not folder.is_dir():
        pytest.skip(f"needs the npm package {module}: npm ci")
    return folder
