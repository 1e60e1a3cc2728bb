"""The clone at `history/` of the branches with the evidence: shallow, partial, with only the files that a job needs.

Git's own index and branch stay empty there: they would have to name every file of many years. The files that are checked out
are named in an index of our own, and all files are hidden from git's own index, so that a commit made by hand cannot
leave out the files that are not checked out.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from constat.errors import OutsideError, UsageError
from constat.history import find_own_year
from constat.history.fetch_plan import FetchPlan
from constat.interval import Instant
from outside.branch.branches import (
    BRANCH,
    HEADS,
    REMOTES,
    ask_branches,
    is_yearly,
    list_published,
    name_branch_at,
    name_year_branch,
    read_branches,
)
from outside.branch.git import Git, GitError
from outside.branch.trees import FILTER, Blobs, fetch_missing_objects
from outside.disk import is_file

_DEPTH = 50
"""Commits to fetch: enough to see who wrote lately, and which watches are announced."""

_README = b"""# Evidence

What was seen, and what was promised and announced: appended by Constat, never edited, never forced.
"""
_ATTRIBUTES = b"* -text\n"
"""Keeps git from changing line ends on checkout: the hashes of the evidence depend on them."""

COMMIT_BODY = """\
Appended by Constat: what was seen, and what was promised and announced.
What the branch held before stands as it was, and is never rewritten."""
"""The body of every commit: it tells a reader what the commit is, and lets git store it as a delta to another one."""

_CONFIG = {
    "remote.origin.fetch": f"+{HEADS}{BRANCH}*:{REMOTES}{BRANCH}*",
    "remote.origin.promisor": "true",
    "remote.origin.partialclonefilter": FILTER,
    "core.autocrlf": "false",
    "user.name": "Constat",
    "user.email": "constat@localhost",
}
_KEEPS_DERIVED = "constat.derives"
"""The key in the clone's own configuration that says whether it keeps derived files."""


class Commit(NamedTuple):
    """A commit's time and the first line of its message."""

    at: Instant
    subject: str


class CommitMessage(NamedTuple):
    """The first line of a commit's message, and what follows the body that every commit has."""

    subject: str
    paragraphs: tuple[str, ...] = ()


def create_commit(git: Git, tree: str, parent: str | None, message: CommitMessage, now: Instant) -> str:
    """Create a commit of a root tree on top of another commit, or without a parent; return its hash."""
    paragraphs = (message.subject, COMMIT_BODY, *message.paragraphs)
    words = [word for paragraph in paragraphs for word in ("-m", paragraph)]
    above = ("-p", parent) if parent else ()
    commit = git.run("commit-tree", tree, *above, *words, extra=_build_date_environment(now))
    return commit.decode().strip()


def push_commits(git: Git, commits: Mapping[str, str]) -> None:
    """Push a commit to each of some branches: all of them, or none.

    Raises:
        GitError: the remote refused, as it does if a branch has a newer commit than we know.

    """
    atomic = ("--atomic",) if len(commits) > 1 else ()
    git.run(
        "push", "--quiet", *atomic, "origin", *(f"{commit}:{HEADS}{name}" for name, commit in commits.items())
    )
    for name, commit in commits.items():
        git.run("update-ref", f"{REMOTES}{name}", commit)


def _build_date_environment(at: Instant) -> dict[str, str]:
    """Build the environment that makes git date a commit at an instant."""
    return {"GIT_AUTHOR_DATE": f"@{at} +0000", "GIT_COMMITTER_DATE": f"@{at} +0000"}


def prepare_clone(git: Git, url: str, plan: FetchPlan, now: Instant, *, yearly: bool = False) -> None:
    """Make or refresh the clone: the newest commits, and the files of a plan. Files that are already here stay.

    If no branch exists yet, the first is created; if there is to be one for each year (`yearly`), that of this year and
    those of all earlier years of which there are days here.

    Raises:
        OutsideError: git or the disk failed.
        UsageError: each year already has a branch of its own, but a single one is configured.

    """
    _configure(git, url)
    git.run("config", _KEEPS_DERIVED, str(plan.takes("derived/index.json")).lower())
    names = ask_branches(git).names
    if not names:
        for name in _list_first_branches(git, now) if yearly else (BRANCH,):
            _create_branch(git, name, now)
    elif is_yearly(names[-1]) and not yearly:
        raise UsageError(
            f"the evidence lies on a branch for each year, the newest is {names[-1]}",
            tip="write in status.yml: history: {branch: yearly}",
        )
    fetch_tip(git)
    check_out_plan(git, plan)


def check_out_plan(git: Git, plan: FetchPlan) -> None:
    """Check out the files of a plan that are not here yet, as the branches were last fetched."""
    blobs = list_published(git, plan.enters)
    planned = {path: blob for path, blob in blobs.items() if plan.takes(path)}
    update_index(git, planned)
    missing = {path: blob for path, blob in planned.items() if not (git.folder / path).exists()}
    if missing:
        fetch_missing_objects(git, missing.values())
        _check_out(git, missing)


def _check_out(git: Git, paths: Iterable[str]) -> None:
    """Write to the disk files that our index names."""
    options = ("--quiet", "--index", "-z", "--stdin")
    data = "\0".join(paths).encode()
    git.run("checkout-index", *options, data=data, extra=_build_index_environment(git))


def keeps_derived_files(git: Git) -> bool:
    """Whether the clone holds every source of the derived files. A watch's clone lacks most days: it publishes none."""
    return git.run_text("config", "--type=bool", "--default=false", "--get", _KEEPS_DERIVED) == "true"


def _configure(git: Git, url: str) -> None:
    """Make the folder a repository, unless it already is one, and configure it."""
    git.folder.mkdir(parents=True, exist_ok=True)
    if not (git.folder / ".git").exists():
        git.run("init", "--quiet", f"--initial-branch={BRANCH}")
        (git.folder / ".git/info").mkdir(exist_ok=True)
        (git.folder / ".git/info/exclude").write_text("*\n", encoding="ascii")
    for name, value in {"remote.origin.url": url, **_CONFIG}.items():
        git.run("config", name, value)


def _list_first_branches(git: Git, now: Instant) -> list[str]:
    """List the branches to begin with for the days on this disk, such as restored ones; oldest first."""
    current = name_branch_at(now)
    files = (
        path.relative_to(git.folder).as_posix()
        for pattern in ("*/*/*.csv", "*.csv")
        for path in git.folder.glob(pattern)
    )
    names = {name_year_branch(year) for file in files if (year := find_own_year(file)) is not None}
    return sorted({current, *(name for name in names if name < current)})


def _create_branch(git: Git, name: str, now: Instant) -> None:
    """Push the first commit of a branch. If another job was quicker, its commit will do."""
    files = {".gitattributes": _ATTRIBUTES, "README.md": _README}
    blobs = {name: git.run("hash-object", "-w", "--stdin", data=data) for name, data in files.items()}
    entries = "".join(f"100644 blob {blob.decode().strip()}\t{name}\n" for name, blob in blobs.items())
    tree = git.run("mktree", data=entries.encode()).decode().strip()
    dates = _build_date_environment(now)
    commit = git.run("commit-tree", tree, "-m", "Begin the evidence", extra=dates).decode().strip()
    try:
        git.run("push", "--quiet", "origin", f"{commit}:{HEADS}{name}")
    except GitError as error:
        if name not in ask_branches(git).names:
            tip = "check that the token or key has permission to write contents"
            raise OutsideError(str(error), tip=tip) from error


def fetch_tip(git: Git) -> None:
    """Fetch the tip of every branch, and forget those that the remote no longer has."""
    depth = () if read_branches(git).names else (f"--depth={_DEPTH}",)
    git.run("fetch", "--quiet", "--no-tags", "--prune", *depth, "origin")


def _build_index_environment(git: Git) -> dict[str, str]:
    """Build the environment in which git uses our own index."""
    return {"GIT_INDEX_FILE": str((git.folder / ".git/constat-index").resolve())}


def list_changed_files(git: Git) -> list[str]:
    """List the files on the disk that differ from our index, and those that it does not name."""
    return _list_files(git, "--modified", "--others", "--exclude=.*")


def _list_files(git: Git, *options: str) -> list[str]:
    """List the paths that `git ls-files` gives for our index and that are files on the disk."""
    paths = git.run("ls-files", "-z", *options, extra=_build_index_environment(git)).decode().split("\0")
    return sorted({path for path in paths if path and is_file(git.folder, path)})


def update_index(git: Git, planned: Mapping[str, str] | None = None) -> None:
    """Set our index to the tip's blobs of the files on the disk, and to those of `planned` files (path to blob)."""
    on_disk = _list_files(git, "--cached", "--others", "--exclude=.*")
    at_tip = list_published(git, build_folder_filter(on_disk))
    after = {path: at_tip[path] for path in on_disk if path in at_tip} | dict(planned or {})
    before = _list_indexed_blobs(git)
    removed = [f"0 {'0' * 40}\t{path}\0" for path in before.keys() - after.keys()]
    added = [f"100644 {blob}\t{path}\0" for path, blob in after.items() if before.get(path) != blob]
    environment = _build_index_environment(git)
    git.run("update-index", "-z", "--index-info", data="".join(removed + added).encode(), extra=environment)
    git.run("update-index", "-q", "--refresh", extra=environment)


def _list_indexed_blobs(git: Git) -> Blobs:
    """List the blobs that our index names, by path."""
    entries = git.run("ls-files", "-z", "--stage", extra=_build_index_environment(git)).decode().split("\0")
    return {entry.partition("\t")[2]: entry.split(" ")[1] for entry in entries if entry}


def build_folder_filter(paths: Iterable[str]) -> Callable[[str], bool]:
    """Build a predicate for folders: whether one of the files is in the folder, at whatever depth, or belongs to its year."""
    folders: set[str | None] = set()
    for path in paths:
        folders.update(str(folder) for folder in Path(path).parents)
        folders.add(find_own_year(path))
    return folders.__contains__


def list_recent_commits(git: Git) -> tuple[Commit, ...]:
    """List the newest commits that were fetched, newest first; around the turn of a year, those of two branches."""
    refs = read_branches(git).recent_refs
    lines = git.run_text("log", f"-{_DEPTH}", "--format=%ct %s", *refs).splitlines()
    return tuple(Commit(int(at), subject) for at, _, subject in (line.partition(" ") for line in lines))
