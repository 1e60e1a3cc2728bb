"""Start a status page: copy the starter, filled in with what can be guessed from the folder."""

from collections.abc import Mapping
from pathlib import Path

from constat.errors import UsageError
from constat.moving.cstate.whole_site import ISSUES
from constat.moving.model import SourceName
from outside.branch.git import Git, GitError
from outside.project.starter import Guess, guess_project, lay_down_starter
from tasks.importing import Imported, ImportRequest, import_source


def start_project(code: Path, folder: Path, environment: Mapping[str, str], localtime: Path) -> list[str]:
    """Copy the starter into a folder, created if missing; return the paths that were written.

    `localtime`: the link that names the time zone of this machine, such as /etc/localtime.

    Raises:
        UsageError: one of the starter's files exists already; nothing was written.

    """
    folder.mkdir(parents=True, exist_ok=True)
    return lay_down_starter(code, folder, guess_from_folder(folder, environment, localtime))


def start_from_source(
    code: Path, request: ImportRequest, environment: Mapping[str, str], localtime: Path
) -> Imported:
    """Import another status page into a folder, and copy the starter's workflows beside it, without its examples.

    Raises:
        UsageError: the place is not one of such a source, or a file of the starter exists already.
        OutsideError: something cannot be read or written.

    """
    folder = request.root
    if (folder / "status.yml").exists():
        tip = f"complete it: constat import {request.source} {request.reading.place} --root {folder}"
        raise UsageError(f"{folder} already has status.yml", tip=tip)
    imported = import_source(request)
    guessed = guess_from_folder(folder, environment, localtime)
    lay_down_starter(code, folder, guessed, leave_out=("status.yml", "incidents"))
    return imported


def find_source(folder: Path) -> SourceName | None:
    """The source of which a folder holds a page already, as `import` calls it; `None` where it holds none."""
    if (folder / ".upptimerc.yml").is_file():
        return "upptime"
    return "cstate" if (folder / ISSUES).is_dir() else None


def guess_from_folder(folder: Path, environment: Mapping[str, str], localtime: Path) -> Guess:
    """Guess the name from the folder, the address from its git remote, the time zone from this machine."""
    try:
        remote = Git(folder, environment).run_text("remote", "get-url", "origin")
    except (GitError, OSError):
        remote = ""
    return guess_project(folder, remote, localtime)
