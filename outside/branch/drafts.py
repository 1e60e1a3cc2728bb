"""Branches of a project's repository on which notices are drafted: read and pushed without touching the checkout.

Nothing is ever forced: a commit goes on top of what the remote holds, and a branch is removed only while it is ours.
"""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from constat.interval import Instant
from outside.branch.git import Git, GitError

PREFIX: Final = "constat/"
"""How the names of our branches begin."""

_AUTHOR: Final = {"NAME": "Constat", "EMAIL": "constat@localhost"}
_TREE: Final = "Constat-Tree: "
"""The trailer of our commits. A commit whose tree is another one was amended, and is somebody's work."""


class RefusedPushError(GitError):
    """The remote refused a push by a rule of its own, such as a protected branch."""


class Tips(NamedTuple):
    """What the remote holds: the name and the commit of its default branch, and the commits of our branches by name."""

    default: str
    commit: str
    ours: Mapping[str, str]


class Change(NamedTuple):
    """A commit to make: on which one, the files by path in the project, and the first line of its message."""

    parent: str
    files: Mapping[str, str]
    subject: str


class DraftBranches(NamedTuple):
    """The branches of the repository around a project's folder, in which `git` runs."""

    git: Git

    def fetch(self) -> Tips:
        """Fetch the default branch and our own.

        Raises:
            OutsideError: git failed, or the remote has no default branch.

        """
        listed = self.git.run_text("ls-remote", "--symref", "origin", "HEAD", f"refs/heads/{PREFIX}*")
        pairs = [line.split("\t") for line in listed.splitlines()]
        default = next((what for what, name in pairs if name == "HEAD" and what.startswith("ref: ")), "")
        commits = {name: what for what, name in pairs if not what.startswith("ref: ")}
        if not default:
            raise GitError(("ls-remote",), "the remote names no default branch")
        name = default.removeprefix("ref: ").removeprefix("refs/heads/")
        ours = {
            ref.removeprefix("refs/heads/"): commit
            for ref, commit in commits.items()
            if ref.startswith(f"refs/heads/{PREFIX}")
        }
        self.git.run("fetch", "--quiet", "--no-tags", "origin", "HEAD", *ours)
        return Tips(name, commits["HEAD"], ours)

    def read(self, commit: str, folder: str) -> dict[str, bytes]:
        """Read the Markdown files of a folder of the project, as a commit has them, by path in the project."""
        prefix = self._read_prefix()
        listed = self.git.run("ls-tree", "-r", "-z", "--full-tree", commit, "--", f"{prefix}{folder}/")
        entries = [entry.split("\t", 1) for entry in listed.decode().split("\0") if entry.endswith(".md")]
        blobs = {path.removeprefix(prefix): head.split(" ")[2] for head, path in entries}
        return {path: self.git.run("cat-file", "blob", blob) for path, blob in blobs.items()}

    def is_ours(self, commit: str) -> bool:
        """Return whether a commit is as we made it: no person has committed on top of it, nor amended it."""
        tree, _, message = self.git.run_text("log", "-1", "--format=%T%n%B", commit).partition("\n")
        return f"{_TREE}{tree}" in message.splitlines()

    def commit(self, change: Change, now: Instant) -> str:
        """Make a commit, and return its hash."""
        tree = self._write_tree(change)
        who = {
            f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in _AUTHOR.items()
        }
        dates = {f"GIT_{role}_DATE": f"@{now} +0000" for role in ("AUTHOR", "COMMITTER")}
        words = ("commit-tree", tree, "-p", change.parent, "-m", change.subject, "-m", f"{_TREE}{tree}")
        return self.git.run(*words, extra={**who, **dates}).decode().strip()

    def push(self, commit: str, branch: str) -> None:
        """Push a commit to a branch, which it extends or creates.

        Raises:
            RefusedPushError: a rule of the remote forbids it.
            GitError: git failed; also where the branch has moved on meanwhile.

        """
        try:
            self.git.run("push", "--quiet", "origin", f"{commit}:refs/heads/{branch}")
        except GitError as error:
            refusal = next((line for line in error.stderr.splitlines() if "[remote rejected]" in line), "")
            if refusal:
                raise RefusedPushError(("push",), refusal.strip()) from None
            raise

    def remove(self, branch: str, commit: str) -> None:
        """Remove a branch, as long as it is still at that commit."""
        ref = f"refs/heads/{branch}"
        self.git.run("push", "--quiet", f"--force-with-lease={ref}:{commit}", "origin", f":{ref}")

    def _write_tree(self, change: Change) -> str:
        prefix = self._read_prefix()
        with tempfile.TemporaryDirectory() as folder:
            index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            self.git.run("read-tree", change.parent, extra=index)
            for path, text in change.files.items():
                blob = self.git.run("hash-object", "-w", "--stdin", data=text.encode()).decode().strip()
                entry = f"100644,{blob},{prefix}{path}"
                self.git.run("update-index", "--add", "--cacheinfo", entry, extra=index)
            return self.git.run("write-tree", extra=index).decode().strip()

    def _read_prefix(self) -> str:
        """The folder of the project in its repository, with a slash at its end; empty at the top."""
        return self.git.run_text("rev-parse", "--show-prefix")
