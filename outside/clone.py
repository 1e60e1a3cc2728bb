"""The clone at `history/` of the branch `history`: shallow, without the contents of files that nobody here needs."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final, NamedTuple
from uuid import uuid4

from constat.errors import OutsideError
from constat.interval import Instant
from outside.git import Git, GitError

BRANCH: Final = "history"
HEAD = f"refs/heads/{BRANCH}"
TIP = f"refs/remotes/origin/{BRANCH}"
_DEPTH = 20
"""So many commits tell who wrote lately."""

_FIRST = b"""# Evidence

What was seen, and what was promised and announced: appended by Constat, never edited, never forced.
"""
_CONFIG = {
    "remote.origin.fetch": f"+{HEAD}:{TIP}",
    "remote.origin.promisor": "true",
    "remote.origin.partialclonefilter": "blob:none",
    "core.autocrlf": "false",
    "user.name": "Constat",
    "user.email": "constat@localhost",
}
Tree = Mapping[str, str]
"""The files of a commit: path to the hash of the content."""


class Commit(NamedTuple):
    """What a commit says of itself."""

    at: Instant
    subject: str


def dated(at: Instant) -> dict[str, str]:
    """The environment that dates a commit."""
    return {"GIT_AUTHOR_DATE": f"@{at} +0000", "GIT_COMMITTER_DATE": f"@{at} +0000"}


def prepare(git: Git, url: str, choose: Callable[[Collection[str]], Iterable[str]], now: Instant) -> None:
    """Make or refresh the clone: the newest commits, and of the files the chosen. What is here already stays.

    The first time ever, it begins the branch.

    Raises:
        OutsideError: git or the disk did not do it.

    """
    _lay(git, url)
    if not git.text("ls-remote", "origin", HEAD):
        _begin(git, now)
    fetch(git)
    tip = tree(git, TIP)
    paths = {path: tip[path] for path in sorted(choose(tip.keys()))}
    patterns = "".join(f"/{path}\n" for path in paths)
    git.run("sparse-checkout", "set", "--no-cone", "--stdin", data=patterns.encode())
    point(git)
    missing = {path: blob for path, blob in paths.items() if not (git.folder / path).exists()}
    if missing:
        _need(git, missing.values())
        git.run("checkout-index", "--quiet", "-z", "--stdin", data="\0".join(missing).encode())


def _lay(git: Git, url: str) -> None:
    git.folder.mkdir(parents=True, exist_ok=True)
    if not (git.folder / ".git").exists():
        git.run("init", "--quiet", f"--initial-branch={BRANCH}")
    for name, value in {"remote.origin.url": url, **_CONFIG}.items():
        git.run("config", name, value)


def _begin(git: Git, now: Instant) -> None:
    """Push the first commit. Somebody else may be quicker, which is as good."""
    readme = git.run("hash-object", "-w", "--stdin", data=_FIRST).decode().strip()
    entry = f"100644 blob {readme}\tREADME.md\n"
    root = git.run("mktree", data=entry.encode()).decode().strip()
    commit = git.run("commit-tree", root, "-m", "Begin the evidence", extra=dated(now)).decode().strip()
    try:
        git.run("push", "--quiet", "origin", f"{commit}:{HEAD}")
    except GitError as error:
        if not git.text("ls-remote", "origin", HEAD):
            raise OutsideError(str(error), tip="may the token, or the key, write contents?") from error


def fetch(git: Git) -> None:
    """Learn the branch's tip."""
    known = git.succeeds("rev-parse", "--quiet", "--verify", TIP)
    depth = () if known else (f"--depth={_DEPTH}",)
    git.run("fetch", "--quiet", "--no-tags", *depth, "origin")


def point(git: Git) -> None:
    """Let the clone's own branch and index say what the tip says; files on the disk stay as they are."""
    git.run("update-ref", HEAD, TIP)
    git.run("symbolic-ref", "HEAD", HEAD)
    git.run("reset", "--mixed", "--quiet")


def tree(git: Git, commit: str) -> Tree:
    """Every file of a commit."""
    entries = git.run("ls-tree", "-r", "-z", commit).decode().split("\0")
    return {entry.partition("\t")[2]: entry.split("\t")[0].split(" ")[2] for entry in entries if entry}


def _need(git: Git, blobs: Iterable[str]) -> None:
    """Fetch contents at once that would otherwise come one by one.

    We do not tell what we have: the remote would believe that we hold all contents of the commits that we know, and
    send differences to contents that we lack.
    """
    options = ("--quiet", "--no-tags", "--no-write-fetch-head", "--filter=blob:none", "--stdin")
    git.run(
        "-c",
        "fetch.negotiationAlgorithm=noop",
        "fetch",
        *options,
        "origin",
        data="\n".join(sorted(set(blobs))).encode(),
    )


def recent(git: Git) -> tuple[Commit, ...]:
    """The newest commits that are known here, newest first."""
    lines = git.text("log", f"-{_DEPTH}", "--format=%ct %s", TIP).splitlines()
    return tuple(Commit(int(at), subject) for at, _, subject in (line.partition(" ") for line in lines))


def claim(git: Git, who: str, now: Instant, within_s: int) -> bool:
    """Announce a watch of ours on the branch; `False` where another one is alive.

    A watch is alive if its vantage wrote to the branch within so many seconds. Of two that begin together, the one
    whose push the remote takes first stays: the other is refused, looks again, and sees it. A word of its own keeps
    the commits of one second apart; of two that were the same, the remote would take both.

    Raises:
        OutsideError: git did not do it.

    """
    while not alive(git, who, now, within_s):
        message = f"{who}: a watch begins\n\n{uuid4()}"
        commit = git.run("commit-tree", f"{TIP}^{{tree}}", "-p", TIP, "-m", message, extra=dated(now))
        before = git.text("rev-parse", TIP)
        try:
            git.run("push", "--quiet", "origin", f"{commit.decode().strip()}:{HEAD}")
        except GitError:
            fetch(git)
            if git.text("rev-parse", TIP) == before:
                raise
        else:
            fetch(git)
            point(git)
            return True
    return False


def last_write(git: Git, who: str) -> Instant | None:
    """When a vantage wrote to the branch last, as far as its newest commits tell."""
    return max((commit.at for commit in recent(git) if commit.subject.startswith(f"{who}: ")), default=None)


def alive(git: Git, who: str, now: Instant, within_s: int) -> bool:
    """Whether a vantage wrote to the branch within so many seconds."""
    return any(commit.subject.startswith(f"{who}: ") and now - commit.at < within_s for commit in recent(git))
