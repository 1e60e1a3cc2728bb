"""The turn of the year: a branch is begun for the new one, and takes over what the branch before it held.

Its first commit has no parent, so that the old branch can be moved away whole. It holds everything but what belongs to
other years: their day files, and what upstream services said. It is pushed together with a last commit on the old branch,
both or neither: the push of a writer who knows only the old branch is then refused, and the writer fetches and finds the
new one. Later the old branch takes only late rows of its own days.
"""

from constat.history import find_own_year
from constat.interval import Instant
from outside.branch.append import PUSH_ATTEMPTS, Backoff
from outside.branch.branches import REMOTES, is_yearly, name_branch_at, name_year_branch, read_branches
from outside.branch.clone import CommitMessage, create_commit, fetch_tip, push_commits
from outside.branch.git import Git, GitError
from outside.branch.trees import read_root_tree, write_root_tree_without

_YEAR_DIGITS = 4


def is_year_due(git: Git, now: Instant) -> bool:
    """Whether the newest branch that we know is that of an earlier year, or the one that held all years."""
    return read_branches(git).current < name_branch_at(now)


def begin_year(git: Git, now: Instant, backoff: Backoff) -> None:
    """Begin the branch of this year, unless that was done, and of each year since the newest: no day may lack its branch.

    There are years in between after a pause of more than a year.

    Raises:
        OutsideError: the remote refused every attempt, or cannot be reached.

    """
    fetch_tip(git)
    refusals = 0
    while is_year_due(git, now):
        try:
            _begin(git, _name_next(git, now), now)
        except GitError:
            refusals += 1
            if refusals == PUSH_ATTEMPTS:
                raise
            backoff.wait(refusals)
            fetch_tip(git)


def _name_next(git: Git, now: Instant) -> str:
    """Name the branch that follows the newest one; after the one that held all years, that of the current year."""
    current = read_branches(git).current
    if not is_yearly(current):
        return name_branch_at(now)
    return name_year_branch(str(int(current[-_YEAR_DIGITS:]) + 1))


def _begin(git: Git, name: str, now: Instant) -> None:
    old = read_branches(git).current
    tip = git.run_text("rev-parse", f"{REMOTES}{old}")
    last_message = CommitMessage(f"The evidence goes on at {name}")
    last = create_commit(git, read_root_tree(git, tip), tip, last_message, now)
    year = name[-_YEAR_DIGITS:]
    tree = write_root_tree_without(git, tip, lambda entry: _find_year(entry) not in (None, year))
    first_message = CommitMessage(f"Begin {year}", (f"Carries on from {old} as of commit {last}.",))
    push_commits(git, {old: last, name: create_commit(git, tree, None, first_message, now)})


def _find_year(name: str) -> str | None:
    """Find the year that a name of the root folder belongs to, if it belongs to one."""
    return name if len(name) == _YEAR_DIGITS and name.isdigit() else find_own_year(name)
