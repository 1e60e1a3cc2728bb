"""The chain of watches on the branch: each watch announces its beginning and end by a commit without changes.

This keeps a chain of watches single, even if a run is late or started twice: a watch exits if it finds another one announced
for the second at which it would begin. Of two that begin together, the one whose push the remote accepts first
stays; the other one's push is refused, it looks again, and sees the first.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from uuid import uuid4

from constat.interval import Instant, Interval, format_instant, parse_instant
from outside.branch.branches import read_branches
from outside.branch.clone import (
    Commit,
    CommitMessage,
    create_commit,
    fetch_tip,
    list_recent_commits,
    push_commits,
    update_index,
)
from outside.branch.git import Git, GitError
from outside.branch.trees import read_root_tree

_ANNOUNCEMENT = re.compile(r": watches from (\S+) until (\S+)$")
_END = re.compile(r": the watch until (\S+) is over$")
_PUSH_ATTEMPTS = 5


def find_last_write(git: Git, vantage: str) -> Instant | None:
    """Find the time of a vantage's last commit, `None` if none of the newest commits is from it."""
    return max((commit.at for commit in _list_commits_from(git, vantage)), default=None)


def announce_watch(git: Git, vantage: str, span: Interval, now: Instant, dead_after_s: int | None) -> str:
    """Announce a watch; return why it is not needed, empty if it is.

    A watch that was started by cron has `dead_after_s`: it is not needed if its vantage wrote to the branch within that
    many seconds. A watch that was called by its predecessor (`None`) is not needed if another one is announced for the
    second at which it begins.

    Raises:
        OutsideError: git failed.

    """
    subject = f"{vantage}: watches from {format_instant(span.start)} until {format_instant(span.end)}"
    while not (reason := _find_reason_to_exit(git, vantage, span.start, now, dead_after_s)):
        if _push_empty_commit(git, subject, now):
            break
    return reason


def announce_end(git: Git, vantage: str, until: Instant, now: Instant) -> None:
    """Announce that the watch that was to last until an instant has ended early: otherwise its successor would exit.

    Raises:
        OutsideError: git failed.

    """
    subject = f"{vantage}: the watch until {format_instant(until)} is over"
    for _ in range(_PUSH_ATTEMPTS):
        if _push_empty_commit(git, subject, now):
            break


def _list_commits_from(git: Git, vantage: str) -> Iterator[Commit]:
    return (commit for commit in list_recent_commits(git) if commit.subject.startswith(f"{vantage}: "))


def _find_reason_to_exit(
    git: Git, vantage: str, start: Instant, now: Instant, dead_after_s: int | None
) -> str:
    if dead_after_s is not None:
        if any(now - commit.at < dead_after_s for commit in _list_commits_from(git, vantage)):
            return f"a watch from {vantage} wrote to the branch less than {dead_after_s} s ago: it is alive"
        return ""
    others = [span for span in _list_announced_spans(git, vantage) if start in span]
    return (
        f"another watch from {vantage} is announced until {format_instant(others[0].end)}" if others else ""
    )


def _list_announced_spans(git: Git, vantage: str) -> Iterator[Interval]:
    """Yield the announced watches of a vantage whose early end was not announced."""
    subjects = [commit.subject for commit in _list_commits_from(git, vantage)]
    ended = {match[1] for subject in subjects if (match := _END.search(subject))}
    for subject in subjects:
        if (match := _ANNOUNCEMENT.search(subject)) and match[2] not in ended:
            with suppress(ValueError):  # for a commit that somebody made by hand
                yield Interval(parse_instant(match[1]), parse_instant(match[2]))


def _push_empty_commit(git: Git, subject: str, now: Instant) -> bool:
    """Push a commit without changes; `False` if somebody else was quicker, whose commit is then fetched.

    A random word in its message keeps two commits of one second apart: the remote would accept both if they were equal.
    """
    branches = read_branches(git)
    before = git.run_text("rev-parse", branches.current_ref)
    message = CommitMessage(subject, (str(uuid4()),))
    commit = create_commit(git, read_root_tree(git, before), before, message, now)
    try:
        push_commits(git, {branches.current: commit})
    except GitError:
        fetch_tip(git)
        if git.run_text("rev-parse", read_branches(git).current_ref) == before:
            raise
        return False
    fetch_tip(git)
    update_index(git)
    return True
