"""Files that a project's own repository tracks where only the branch `history` and a build may put any.

Evidence comes from the branch and from our own watch, the site from a build. A file there that was merged into
`main` would be taken for evidence by every job that checks `main` out: a forged row would be appended to the branch for
good, and a link would publish whatever it leads to.
"""

from constat.errors import InputError, Problem
from outside.branch.git import Git, GitError

FOLDERS = ("history", "site", ".site")
"""The folders of a project that its repository may not track."""
_PROJECTS = "projects/"
"""The folder of projects in a repository that holds several."""
_NAMED = 10
"""How many files are listed one by one."""

_MESSAGE = "the repository tracks this file, but {why}"
_WHY = {
    "history": "evidence comes only from the branch `history` and from our own checks",
    "site": "the site comes only from a build",
    ".site": "a build keeps its own files there",
}


def refuse_tracked_files(checkout: Git, commit: str | None = None) -> None:
    """Refuse a project whose repository tracks files in `history/`, `site/` or `.site/`.

    Raises:
        InputError: it does; each file is a problem.
        OutsideError: git failed.

    """
    problems = find_tracked_files(checkout, commit)
    if problems:
        raise InputError(problems)


def find_tracked_files(checkout: Git, commit: str | None = None) -> tuple[Problem, ...]:
    """Describe what is tracked in `history/`, `site/` or `.site/` of a project: in its checkout, or in a commit.

    `checkout`: git in the folder of the project. A project that is neither at the top of its repository nor below
    `projects/` is an example in somebody's documentation or tests, and may track what it likes.

    Raises:
        OutsideError: git failed.

    """
    paths = [path for path in _list_paths(checkout, commit) if _get_folder(path)]
    if not paths or not _is_published_from(checkout):
        return ()
    problems = [_describe(path) for path in sorted(paths)[:_NAMED]]
    if len(paths) > _NAMED:
        last = problems[-1]
        problems[-1] = Problem(
            last.file, 0, 0, f"{last.message}; so it does {len(paths) - _NAMED} more", last.hint
        )
    return tuple(problems)


def _list_paths(checkout: Git, commit: str | None) -> list[str]:
    """List the tracked files, by path in the project; none if the project is in no repository."""
    if not checkout.folder.is_dir():
        return []
    words = (
        ("ls-files", "-z", "--", *(f":(icase){folder}" for folder in FOLDERS))
        if commit is None
        else ("ls-tree", "-r", "-z", "--name-only", commit)
    )
    try:
        return checkout.run(*words).decode(errors="replace").split("\0")
    except GitError as error:
        if "not a git repository" in error.stderr or "must be run in a work tree" in error.stderr:
            return []
        raise


def _get_folder(path: str) -> str | None:
    """Get our folder that a path is in or has the name of; some file systems take `History` for `history`."""
    first = path.partition("/")[0].lower()
    return first if first in FOLDERS else None


def _is_published_from(checkout: Git) -> bool:
    prefix = checkout.run_text("rev-parse", "--show-prefix")
    return not prefix or prefix.startswith(_PROJECTS)


def _describe(path: str) -> Problem:
    folder = path.partition("/")[0]
    hint = f"remove it with: git rm -r --cached {folder}; and add /{folder}/ to .gitignore"
    return Problem(path, 0, 0, _MESSAGE.format(why=_WHY[folder.lower()]), hint)
