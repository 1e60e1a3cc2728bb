"""Git as we run it: never asking, its errors as ours, its token in no command line."""

from pathlib import Path

import pytest

from outside.branch.git import Git, GitError, add_credentials
from tests.support.git_remote import ENVIRONMENT


def test_what_git_says_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(GitError, match=r"^git rev-parse failed: fatal: not a git repository"):
        Git(tmp_path, {**ENVIRONMENT, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}).run(
            "rev-parse", "HEAD"
        )


def test_a_server_is_let_in_by_the_environment_alone(tmp_path: Path) -> None:
    environment = add_credentials(ENVIRONMENT, "https://git.example.org/", "eDp0b2tlbg==")
    found = Git(tmp_path, environment).text("config", "http.https://git.example.org/.extraheader")
    assert found == "AUTHORIZATION: basic eDp0b2tlbg=="


def test_settings_that_are_there_already_stay(tmp_path: Path) -> None:
    before = {
        **ENVIRONMENT,
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "user.name",
        "GIT_CONFIG_VALUE_0": "Ann",
    }
    git = Git(tmp_path, add_credentials(before, "https://git.example.org", "eA=="))
    assert git.text("config", "user.name") == "Ann"
    assert git.succeeds("config", "http.https://git.example.org/.extraheader")
