"""Locks that git left in the clone when it was killed: they would keep every later command from running."""

from pathlib import Path

from constat.interval import Instant
from outside.branch.git import TIMEOUT_S, Git

LEFTOVER_AFTER_S = TIMEOUT_S + 60
"""Whoever holds a lock longer than this is dead: no command of ours lives longer than `TIMEOUT_S`."""


def remove_leftover_locks(git: Git, now: Instant) -> tuple[str, ...]:
    """Remove the locks that are older than any command that could still hold them; return their paths in the clone."""
    return tuple(
        str(path.relative_to(git.folder))
        for path in sorted((git.folder / ".git").rglob("*.lock"))
        if _is_leftover(path, now) and _remove(path)
    )


def _is_leftover(path: Path, now: Instant) -> bool:
    try:
        return path.lstat().st_mtime + LEFTOVER_AFTER_S < now
    except FileNotFoundError:  # its holder has just released it
        return False


def _remove(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:  # somebody else was quicker, or we may not: then git will complain
        return False
    return True
