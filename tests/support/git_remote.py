"""A bare repository on this disk that plays the remote, and clones of its branch `history`."""

import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from constat.history.fetch_plan import FetchPlan
from outside.branch.append import Backoff
from outside.branch.clone import build_folder_filter, prepare_clone
from outside.branch.git import Git

NOW = 1_795_478_400  # 2026-11-24T00:00:00Z
EVERYTHING = FetchPlan(enters=lambda _: True, takes=lambda _: True)
HURRIED = Backoff(sleep=lambda _: None, random=lambda: 0.0)
ENVIRONMENT = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


class Remote:
    """A bare repository in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = folder.as_uri()
        run("git", "init", "--quiet", "--bare", "--initial-branch=main", str(folder))
        run("git", "-C", str(folder), "config", "uploadpack.allowFilter", "true")

    def clone(
        self, folder: Path, wanted: Iterable[str] | None = None, now: int = NOW, *, yearly: bool = False
    ) -> Git:
        """Prepare a clone with some paths, or with all."""
        git = Git(folder, ENVIRONMENT)
        paths = None if wanted is None else set(wanted)
        plan = EVERYTHING if paths is None else FetchPlan(build_folder_filter(paths), paths.__contains__)
        prepare_clone(git, self.url, plan, now, yearly=yearly)
        return git

    def read_text(self, path: str, branch: str = "history") -> str:
        """The content of a file of a branch."""
        return run("git", "-C", str(self.folder), "show", f"{branch}:{path}")

    def list_paths(self, branch: str = "history") -> list[str]:
        """Every file of a branch."""
        return run("git", "-C", str(self.folder), "ls-tree", "-r", "--name-only", branch).splitlines()

    def list_subjects(self, branch: str = "history") -> list[str]:
        """The subjects of a branch's commits, newest first."""
        return run("git", "-C", str(self.folder), "log", "--format=%s", branch).splitlines()

    def seed(self, files: Mapping[str, str]) -> None:
        """Create the branch with one commit of some files."""
        changes = "".join(
            f"M 100644 inline {path}\ndata {len(text)}\n{text}\n" for path, text in files.items()
        )
        commit = f"commit refs/heads/history\ncommitter Seed <seed@localhost> {NOW} +0000\ndata 4\nseed\n"
        run("git", "-C", str(self.folder), "fast-import", "--quiet", data=f"{commit}{changes}")

    def push_empty_commit(self, subject: str) -> None:
        """Put a commit without changes on the branch, as a person would by hand."""
        words = ("git", "-C", str(self.folder), "-c", "user.name=A", "-c", "user.email=a@localhost")
        commit = run(*words, "commit-tree", "history^{tree}", "-p", "history", "-m", subject).strip()
        run("git", "-C", str(self.folder), "update-ref", "refs/heads/history", commit)

    def refuse(self, times: int) -> None:
        """Refuse the next pushes."""
        counter = self.folder / "refusals"
        counter.write_text(str(times))
        hook = self.folder / "hooks" / "pre-receive"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(
            f'#!/bin/sh\nleft=$(cat "{counter}")\n[ "$left" -gt 0 ] || exit 0\n'
            f'echo $((left - 1)) >"{counter}"\necho "not now" >&2\nexit 1\n'
        )
        hook.chmod(0o755)


def run(*words: str, data: str | None = None) -> str:
    """Run a command and return its standard output. `data` is its standard input."""
    process = subprocess.run(words, check=True, capture_output=True, text=True, env=ENVIRONMENT, input=data)  # noqa: S603 (our own words)
    return process.stdout
