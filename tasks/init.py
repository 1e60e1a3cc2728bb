"""Start a status page: the starter, filled in with what can be guessed of its folder."""

from collections.abc import Mapping
from pathlib import Path

from outside.branch.git import Git, GitError
from outside.project.starter import Guess, guess_project, lay_down_starter


def start_project(code: Path, folder: Path, environment: Mapping[str, str], localtime: Path) -> list[str]:
    """Lay the starter down in a folder, which is made where it is not there; the paths that were written.

    `localtime`: the link that tells the time zone of this machine.

    Raises:
        UsageError: one of its files is there already; nothing was written.

    """
    folder.mkdir(parents=True, exist_ok=True)
    return lay_down_starter(code, folder, guess_from_folder(folder, environment, localtime))


def guess_from_folder(folder: Path, environment: Mapping[str, str], localtime: Path) -> Guess:
    """The name from the folder, the address from its git remote, the time zone from this machine."""
    try:
        remote = Git(folder, environment).run_text("remote", "get-url", "origin")
    except (GitError, OSError):
        remote = ""
    return guess_project(folder, remote, localtime)
