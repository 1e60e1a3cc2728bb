"""Start a status page: copy the starter, filled in with what can be guessed from the folder."""

from collections.abc import Mapping
from pathlib import Path

from outside.branch.git import Git, GitError
from outside.project.starter import Guess, guess_project, lay_down_starter


def start_project(code: Path, folder: Path, environment: Mapping[str, str], localtime: Path) -> list[str]:
    """Copy the starter into a folder, created if missing; return the paths that were written.

    `localtime`: the link that names the time zone of this machine, such as /etc/localtime.

    Raises:
        UsageError: one of the starter's files exists already; nothing was written.

    """
    folder.mkdir(parents=True, exist_ok=True)
    return lay_down_starter(code, folder, guess_from_folder(folder, environment, localtime))


def guess_from_folder(folder: Path, environment: Mapping[str, str], localtime: Path) -> Guess:
    """Guess the name from the folder, the address from its git remote, the time zone from this machine."""
    try:
        remote = Git(folder, environment).run_text("remote", "get-url", "origin")
    except (GitError, OSError):
        remote = ""
    return guess_project(folder, remote, localtime)
