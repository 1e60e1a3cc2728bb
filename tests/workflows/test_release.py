"""The steps of a release that need no network, run as the workflow would run them."""

import os
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from tests.support.source_tree import ROOT

CHANGELOG = """\
# Changelog

## 1.2.10, 2027-03-01

Ten.

## 1.2.1, 2027-02-01

One.

## 1.2.0

Zero.

## 1.1.0, not yet released

Never.
"""


def find_step(begins: str) -> str:
    workflow = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8"))
    steps = workflow["jobs"]["release"]["steps"]
    (program,) = (step["run"] for step in steps if step.get("name", "").startswith(begins))
    return str(program)


def run_step(begins: str, folder: Path, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    words = ["bash", "-e", "-c", find_step(begins)]
    given = {"PATH": f"{folder}:{os.environ['PATH']}", "RUNNER_TEMP": str(folder), **variables}
    return subprocess.run(words, cwd=folder, env=given, capture_output=True, text=True, check=False)  # noqa: S603 (our own words)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with what the steps read: the version, the changelog and a Python."""
    (tmp_path / "constat").mkdir()
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    return tmp_path


@pytest.mark.parametrize(("version", "notes"), [("1.2.1", "One."), ("1.2.10", "Ten."), ("1.2.0", "Zero.")])
def test_release_notes_are_the_changelog_section(checkout: Path, version: str, notes: str) -> None:
    (checkout / "constat/version.py").write_text(f'VERSION = "{version}"\n')
    done = run_step("Hold the tag", checkout, {"TAG": f"v{version}"})
    assert done.returncode == 0, done.stdout
    assert (checkout / "notes.md").read_text().split() == [notes]


@pytest.mark.parametrize(
    ("version", "tag", "error"),
    [
        ("1.2.0", "v1.2.1", "The tag is v1.2.1, and the version is 1.2.0"),
        ("1.2.2", "v1.2.2", 'There is no section "## 1.2.2"'),
        ("1.1.0", "v1.1.0", 'There is no section "## 1.1.0"'),
    ],
    ids=["another version", "no section", "a section that says that it is not released"],
)
def test_mismatched_tag_releases_nothing(checkout: Path, version: str, tag: str, error: str) -> None:
    (checkout / "constat/version.py").write_text(f'VERSION = "{version}"\n')
    done = run_step("Hold the tag", checkout, {"TAG": tag})
    assert done.returncode == 1
    assert error in done.stdout
    assert not (checkout / "notes.md").exists()


@pytest.mark.parametrize("has_major", [True, False], ids=["the major tag is moved", "the major tag is made"])
def test_major_version_tag_is_moved(tmp_path: Path, *, has_major: bool) -> None:
    """With a `gh` that writes down what it was asked, and knows the tag or does not."""
    gh = tmp_path / "gh"
    gh.write_text(f'#!/bin/sh\necho "$@" >>asked\n[ "$3" != PATCH ] || {"true" if has_major else "false"}\n')
    gh.chmod(gh.stat().st_mode | stat.S_IXUSR)
    variables = {"TAG": "v1.2.3", "GITHUB_REPOSITORY": "acme/constat", "GITHUB_SHA": "abc"}
    done = run_step("Make the release", tmp_path, variables)
    assert done.returncode == 0, done.stderr
    release, *moves = (tmp_path / "asked").read_text().splitlines()
    assert release.startswith("release create v1.2.3 dist/")
    assert moves[0] == "api --method PATCH repos/acme/constat/git/refs/tags/v1 -f sha=abc -F force=true"
    made = ["api --method POST repos/acme/constat/git/refs -f ref=refs/tags/v1 -f sha=abc"]
    assert moves[1:] == ([] if has_major else made)
