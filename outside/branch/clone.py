"""The clone at `history/` of the branch `history`: its newest commits, and of the files those that a job needs.

Git's own index and branch stay empty there: they would have to name every file of years. What it holds is named in an
index of ours, and its files are hidden from git's, so that nobody commits in it by hand what is not all.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from constat.errors import OutsideError
from constat.history.fetch_plan import FetchPlan
from constat.interval import Instant
from outside.branch.git import Git, GitError
from outside.branch.trees import FILTER, Tree, fetch_missing, read_tree

BRANCH: Final = "history"
HEAD = f"refs/heads/{BRANCH}"
TIP = f"refs/remotes/origin/{BRANCH}"
_DEPTH = 50
"""So many commits tell who wrote lately, and who watches."""

_FIRST = b"""# Evidence

What was seen, and what was promised and announced: appended by Constat, never edited, never forced.
"""
_AS_IT_IS = b"* -text\n"
"""Attributes: no git that checks the evidence out changes its line ends, on which its hashes rest."""

WHAT_A_COMMIT_IS = """\
Appended by Constat: what was seen, and what was promised and announced.
What the branch held before stands as it was, and is never rewritten."""
"""In every commit: whoever reads one knows what it is, and git stores it as a difference to another one."""

_CONFIG = {
    "remote.origin.fetch": f"+{HEAD}:{TIP}",
    "remote.origin.promisor": "true",
    "remote.origin.partialclonefilter": FILTER,
    "core.autocrlf": "false",
    "user.name": "Constat",
    "user.email": "constat@localhost",
}
_DERIVES = "constat.derives"


class Commit(NamedTuple):
    """What a commit says of itself."""

    at: Instant
    subject: str


def commit(git: Git, folder: str, subject: str, now: Instant, *words: str) -> str:
    """Keep a commit on the tip, of an outermost folder; its hash. `words` are added to what it says."""
    said = (part for each in (subject, WHAT_A_COMMIT_IS, *words) for part in ("-m", each))
    return git.run("commit-tree", folder, "-p", TIP, *said, extra=_dated(now)).decode().strip()


def _dated(at: Instant) -> dict[str, str]:
    """The environment that dates a commit."""
    return {"GIT_AUTHOR_DATE": f"@{at} +0000", "GIT_COMMITTER_DATE": f"@{at} +0000"}


def prepare(git: Git, url: str, wanted: FetchPlan, now: Instant) -> None:
    """Make or refresh the clone: the newest commits, and of the files the wanted. What is here already stays.

    The first time ever, it begins the branch.

    Raises:
        OutsideError: git or the disk did not do it.

    """
    _lay(git, url)
    git.run("config", _DERIVES, str(wanted.takes("derived/index.json")).lower())
    if not git.text("ls-remote", "origin", HEAD):
        _begin(git, now)
    fetch(git)
    files = read_tree(git, TIP, wanted.enters)
    taken = {path: blob for path, blob in files.items() if wanted.takes(path)}
    point(git, taken)
    missing = {path: blob for path, blob in taken.items() if not (git.folder / path).exists()}
    if missing:
        fetch_missing(git, missing.values())
        data = "\0".join(missing).encode()
        git.run("checkout-index", "--quiet", "--index", "-z", "--stdin", data=data, extra=_index(git))


def derives(git: Git) -> bool:
    """Whether the clone holds all that derived files come from: one for a watch lacks most days, and keeps none."""
    return git.text("config", "--type=bool", "--default=false", "--get", _DERIVES) == "true"


def _lay(git: Git, url: str) -> None:
    git.folder.mkdir(parents=True, exist_ok=True)
    if not (git.folder / ".git").exists():
        git.run("init", "--quiet", f"--initial-branch={BRANCH}")
        (git.folder / ".git/info").mkdir(exist_ok=True)
        (git.folder / ".git/info/exclude").write_text("*\n", encoding="ascii")
    for name, value in {"remote.origin.url": url, **_CONFIG}.items():
        git.run("config", name, value)


def _begin(git: Git, now: Instant) -> None:
    """Push the first commit. Somebody else may be quicker, which is as good."""
    files = {".gitattributes": _AS_IT_IS, "README.md": _FIRST}
    blobs = {name: git.run("hash-object", "-w", "--stdin", data=data) for name, data in files.items()}
    entries = "".join(f"100644 blob {blob.decode().strip()}\t{name}\n" for name, blob in blobs.items())
    folder = git.run("mktree", data=entries.encode()).decode().strip()
    first = git.run("commit-tree", folder, "-m", "Begin the evidence", extra=_dated(now)).decode().strip()
    try:
        git.run("push", "--quiet", "origin", f"{first}:{HEAD}")
    except GitError as error:
        if not git.text("ls-remote", "origin", HEAD):
            raise OutsideError(str(error), tip="may the token, or the key, write contents?") from error


def fetch(git: Git) -> None:
    """Learn the branch's tip."""
    known = git.succeeds("rev-parse", "--quiet", "--verify", TIP)
    depth = () if known else (f"--depth={_DEPTH}",)
    git.run("fetch", "--quiet", "--no-tags", *depth, "origin")


def _index(git: Git) -> dict[str, str]:
    """The environment in which git knows the files that are here by the index of ours."""
    return {"GIT_INDEX_FILE": str((git.folder / ".git/constat-index").resolve())}


def list_changed(git: Git) -> list[str]:
    """The files on the disk that differ from what the index says, and those that it does not name."""
    return _listed(git, "--modified", "--others", "--exclude=.*")


def _listed(git: Git, *words: str) -> list[str]:
    listed = git.run("ls-files", "-z", *words, extra=_index(git)).decode().split("\0")
    return sorted({path for path in listed if path and (git.folder / path).is_file()})


def point(git: Git, taken: Mapping[str, str] | None = None) -> None:
    """Let the index say what the tip says of the files that are here, and of those that are about to be taken."""
    here = _listed(git, "--cached", "--others", "--exclude=.*")
    files = read_tree(git, TIP, around(here))
    said = {path: files[path] for path in here if path in files} | dict(taken or {})
    before = _said(git)
    gone = [f"0 {'0' * 40}\t{path}\0" for path in before.keys() - said.keys()]
    news = [f"100644 {blob}\t{path}\0" for path, blob in said.items() if before.get(path) != blob]
    git.run("update-index", "-z", "--index-info", data="".join(gone + news).encode(), extra=_index(git))
    git.run("update-index", "-q", "--refresh", extra=_index(git))


def _said(git: Git) -> Tree:
    """What the index says: path to hash."""
    entries = git.run("ls-files", "-z", "--stage", extra=_index(git)).decode().split("\0")
    return {entry.partition("\t")[2]: entry.split(" ")[1] for entry in entries if entry}


def around(paths: Iterable[str]) -> Callable[[str], bool]:
    """Whether a folder is one of those that some files lie in."""
    folders = {str(folder) for path in paths for folder in Path(path).parents}
    return folders.__contains__


def list_recent_commits(git: Git) -> tuple[Commit, ...]:
    """The newest commits that are known here, newest first."""
    lines = git.text("log", f"-{_DEPTH}", "--format=%ct %s", TIP).splitlines()
    return tuple(Commit(int(at), subject) for at, _, subject in (line.partition(" ") for line in lines))
