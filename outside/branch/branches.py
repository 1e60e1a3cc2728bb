"""Which branches hold the evidence: `history` alone, or one for each year, such as `history-2026` (decision 27).

A day file stays on the branch of its own day's year, and a month of what upstream services said on that of its own year.
Everything else, such as the register and the statements, is on the newest branch, which took it over from the one before
when it was begun.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from constat.history import find_own_year
from constat.interval import Instant, format_instant
from outside.branch.git import Git
from outside.branch.trees import Blobs, list_blobs

BRANCH: Final = "history"
HEADS = "refs/heads/"
REMOTES = "refs/remotes/origin/"
_OURS = re.compile(rf"{BRANCH}(-\d{{4}})?")


class Branches(NamedTuple):
    """The branches by their names, as they were last fetched, oldest first."""

    names: tuple[str, ...]

    @property
    def current(self) -> str:
        """The branch that takes everything but what belongs to other years."""
        return self.names[-1] if self.names else BRANCH

    @property
    def current_ref(self) -> str:
        """The same branch as it was last fetched."""
        return f"{REMOTES}{self.current}"

    @property
    def recent_refs(self) -> tuple[str, ...]:
        """The current branch and the one before it: what was written lately may be on either."""
        return tuple(f"{REMOTES}{name}" for name in self.names[-2:])

    def find(self, path: str) -> str | None:
        """Find the branch of a file; `None` for one of a year whose branch has not been begun, or was moved away."""
        year = find_own_year(path)
        if year is None or self.names in ((), (BRANCH,)):
            return self.current
        own = name_year_branch(year)
        if own in self.names:
            return own
        first_of_a_year = next(name for name in self.names if name != BRANCH)
        return BRANCH if BRANCH in self.names and own < first_of_a_year else None


def name_year_branch(year: str) -> str:
    """Build the name of the branch of a year."""
    return f"{BRANCH}-{year}"


def name_branch_at(now: Instant) -> str:
    """Build the name of the branch of the current year, in UTC."""
    return name_year_branch(format_instant(now)[:4])


def is_yearly(name: str) -> bool:
    """Whether a branch holds a single year."""
    return name != BRANCH


def read_branches(git: Git) -> Branches:
    """Read the branches as they were last fetched."""
    refs = git.run_text("for-each-ref", "--format=%(refname)", REMOTES).splitlines()
    return Branches(_choose_ours(ref.removeprefix(REMOTES) for ref in refs))


def ask_branches(git: Git) -> Branches:
    """Ask the remote for the branches that it has now."""
    lines = git.run_text("ls-remote", "origin", f"{HEADS}{BRANCH}", f"{HEADS}{BRANCH}-*").splitlines()
    return Branches(_choose_ours(line.partition("\t")[2].removeprefix(HEADS) for line in lines))


def _choose_ours(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(name for name in names if _OURS.fullmatch(name)))


def list_published(git: Git, enters: Callable[[str], bool]) -> Blobs:
    """List the files of all branches as they were last fetched, in folders for which `enters` is true."""
    branches = read_branches(git)
    blobs = dict(list_blobs(git, branches.current_ref, enters))
    for name in branches.names[:-1]:
        year = name.removeprefix(f"{BRANCH}-")
        if not is_yearly(name) or enters(year):
            blobs_of_branch = list_blobs(
                git, f"{REMOTES}{name}", lambda folder: folder[:4].isdigit() and enters(folder)
            )
            blobs |= {
                path: blob for path, blob in blobs_of_branch.items() if _belongs_to(branches, name, path)
            }
    return blobs


def _belongs_to(branches: Branches, name: str, path: str) -> bool:
    return find_own_year(path) is not None and branches.find(path) == name
