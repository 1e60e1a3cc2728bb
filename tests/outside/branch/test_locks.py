"""The lock left by a killed git is removed once no process can hold it any more, and not before."""

import os
from pathlib import Path

import pytest

from outside.branch.git import GitError
from outside.branch.locks import LEFTOVER_AFTER_S, remove_leftover_locks
from tests.support.git_remote import NOW, Remote


def lock(path: Path, age_s: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.utime(path, (NOW - age_s, NOW - age_s))
    return path


def test_stale_lock_is_removed(tmp_path: Path) -> None:
    git = Remote(tmp_path / "remote.git").clone(tmp_path / "history")
    old = lock(git.folder / ".git/constat-index.lock", LEFTOVER_AFTER_S + 1)
    deep = lock(git.folder / ".git/refs/remotes/origin/history.lock", 86_400)
    young = lock(git.folder / ".git/config.lock", LEFTOVER_AFTER_S - 1)
    theirs = lock(git.folder / "notes.lock", 86_400)
    with pytest.raises(GitError, match=r"could not lock config file|File exists"):
        git.run("config", "a.b", "c")
    assert remove_leftover_locks(git, NOW) == (
        ".git/constat-index.lock",
        ".git/refs/remotes/origin/history.lock",
    )
    assert [path.exists() for path in (old, deep, young, theirs)] == [False, False, True, True]
    assert remove_leftover_locks(git, NOW + 2) == (".git/config.lock",)
    git.run("config", "a.b", "c")


def test_nothing_is_removed_without_a_clone(tmp_path: Path) -> None:
    git = Remote(tmp_path / "remote.git").clone(tmp_path / "history")
    (git.folder / ".git").rename(tmp_path / "elsewhere")
    assert remove_leftover_locks(git, NOW) == ()
