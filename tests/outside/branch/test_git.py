"""Git as we run it: its errors are raised as ours, and its token is on no command line."""

from pathlib import Path

import pytest

from outside.branch.git import Git, GitError, add_credentials
from tests.support.git_remote import ENVIRONMENT


def test_git_error_becomes_one_line(tmp_path: Path) -> None:
    with pytest.raises(GitError, match=r"^git rev-parse failed: fatal: not a git repository"):
        Git(tmp_path, {**ENVIRONMENT, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}).run(
            "rev-parse", "HEAD"
        )


def test_credentials_are_passed_in_the_environment_only(tmp_path: Path) -> None:
    environment = add_credentials(ENVIRONMENT, "https://git.example.org/", "eDp0b2tlbg==")
    header = Git(tmp_path, environment).run_text("config", "http.https://git.example.org/.extraheader")
    assert header == "AUTHORIZATION: basic eDp0b2tlbg=="


def test_settings_in_the_environment_are_kept(tmp_path: Path) -> None:
    before = {
        **ENVIRONMENT,
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "user.name",
        "GIT_CONFIG_VALUE_0": "Ann",
    }
    git = Git(tmp_path, add_credentials(before, "https://git.example.org", "eA=="))
    assert git.run_text("config", "user.name") == "Ann"
    assert git.succeeds("config", "http.https://git.example.org/.extraheader")
