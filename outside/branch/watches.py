"""Who watches, as the branch says: each watch announces from when until when it is on, by a commit without changes.

So a chain of watches stays one, whatever is late, started twice or told twice: a watch that finds another one announced
for the second at which it would begin leaves. Of two that begin together, the one whose push the remote takes first
stays; the other is refused, looks again, and sees it.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from uuid import uuid4

from constat.interval import Instant, Interval, format_instant, parse_instant
from outside.branch.clone import HEAD, TIP, Commit, commit, fetch, list_recent_commits, point
from outside.branch.git import Git, GitError
from outside.branch.trees import read_root

_ON = re.compile(r": watches from (\S+) until (\S+)$")
_OVER = re.compile(r": the watch until (\S+) is over$")
_TRIES = 5


def find_last_write(git: Git, who: str) -> Instant | None:
    """When a vantage wrote to the branch last, as far as its newest commits tell."""
    return max((each.at for each in _of(git, who)), default=None)


def announce(git: Git, who: str, span: Interval, now: Instant, dead_after_s: int | None) -> str:
    """Announce a watch; why it is not needed, empty where it is.

    One that the cron starts has `dead_after_s`: it is not needed while its vantage wrote to the branch within so many
    seconds. One that was called (`None`) is not needed where another one is announced for the second of its beginning.

    Raises:
        OutsideError: git did not do it.

    """
    while not (why := _why_not(git, who, span.start, now, dead_after_s)):
        if _say(
            git, f"{who}: watches from {format_instant(span.start)} until {format_instant(span.end)}", now
        ):
            break
    return why


def announce_end(git: Git, who: str, until: Instant, now: Instant) -> None:
    """Say that a watch which was announced until some time is over before it: else its successor would leave.

    Raises:
        OutsideError: git did not do it.

    """
    for _ in range(_TRIES):
        if _say(git, f"{who}: the watch until {format_instant(until)} is over", now):
            break


def _of(git: Git, who: str) -> Iterator[Commit]:
    return (each for each in list_recent_commits(git) if each.subject.startswith(f"{who}: "))


def _why_not(git: Git, who: str, start: Instant, now: Instant, dead_after_s: int | None) -> str:
    if dead_after_s is not None:
        if any(now - each.at < dead_after_s for each in _of(git, who)):
            return f"a watch from {who} wrote to the branch less than {dead_after_s} s ago: it is alive"
        return ""
    others = [span for span in _announced(git, who) if start in span]
    return f"another watch from {who} is announced until {format_instant(others[0].end)}" if others else ""


def _announced(git: Git, who: str) -> Iterator[Interval]:
    """The watches of a vantage that are announced, and not said to be over."""
    subjects = [each.subject for each in _of(git, who)]
    over = {found[1] for subject in subjects if (found := _OVER.search(subject))}
    for subject in subjects:
        if (found := _ON.search(subject)) and found[2] not in over:
            with suppress(ValueError):  # somebody else's words
                yield Interval(parse_instant(found[1]), parse_instant(found[2]))


def _say(git: Git, subject: str, now: Instant) -> bool:
    """Put a commit without changes on the branch; `False` where somebody else was quicker, whose commit is fetched.

    A word of its own keeps the commits of one second apart: of two that were the same, the remote would take both.
    """
    said, before = commit(git, read_root(git, TIP), subject, now, str(uuid4())), git.text("rev-parse", TIP)
    try:
        git.run("push", "--quiet", "origin", f"{said}:{HEAD}")
    except GitError:
        fetch(git)
        if git.text("rev-parse", TIP) == before:
            raise
        return False
    fetch(git)
    point(git)
    return True
