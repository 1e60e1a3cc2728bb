"""Start a status page: lay down the starter, filled in from the options and with guesses from the folder."""

import json
from collections.abc import Mapping
from pathlib import Path

from checks.registry import KINDS, load_kind
from constat.moving.cstate.whole_site import ISSUES
from constat.moving.model import SourceName
from outside.branch.git import Git, GitError
from outside.project.starter import (
    NO_WISHES,
    Guess,
    Wishes,
    guess_project,
    parse_github_address,
    write_starter,
)

SCHEMA = "status.schema.json"
"""The file with the schema of `status.yml`, beside it, where editors find it without a network."""


def start_project(
    code: Path, folder: Path, environment: Mapping[str, str], localtime: Path, wishes: Wishes = NO_WISHES
) -> list[str]:
    """Lay down the starter in a folder, which is created if missing; return the paths that were written.

    `localtime`: the link that names the time zone of this machine, such as /etc/localtime.

    Raises:
        UsageError: one of the files exists already; nothing was written.

    """
    folder.mkdir(parents=True, exist_ok=True)
    guessed = guess_from_folder(folder, environment, localtime)
    return write_starter(code, folder, guessed, wishes, {SCHEMA: write_schema()})


def write_schema() -> str:
    """Write the JSON Schema of `status.yml`."""
    from constat.config.schema import build_schema  # noqa: PLC0415 -- it loads pydantic, which few commands need

    return json.dumps(build_schema(KINDS, load_kind), indent=2, ensure_ascii=False) + "\n"


def find_source(folder: Path) -> SourceName | None:
    """Recognise another status page's files in a folder: return their source as `import` names it, `None` if there are none."""
    if (folder / ".upptimerc.yml").is_file():
        return "upptime"
    return "cstate" if (folder / ISSUES).is_dir() else None


def guess_from_folder(folder: Path, environment: Mapping[str, str], localtime: Path) -> Guess:
    """Guess the name from the folder, the address from its git remote, the time zone from this machine."""
    return guess_project(folder, _ask(Git(folder, environment), "remote", "get-url", "origin"), localtime)


def guess_action(code: Path, environment: Mapping[str, str]) -> str:
    """Guess the address of our action from the remote and the tag or commit of the running code; empty if that is no checkout."""
    git = Git(code, environment)
    if Path(_ask(git, "rev-parse", "--show-toplevel") or "/").resolve() != code.resolve():
        return ""  # installed, perhaps somewhere inside somebody's repository
    repository = parse_github_address(_ask(git, "remote", "get-url", "origin"))
    version = _ask(git, "describe", "--tags", "--exact-match") or _ask(git, "rev-parse", "HEAD")
    return f"{'/'.join(repository)}@{version}" if repository and version else ""


def _ask(git: Git, *words: str) -> str:
    """Ask git; return an empty string if it has no answer or is not installed."""
    try:
        return git.run_text(*words)
    except (GitError, OSError):
        return ""
