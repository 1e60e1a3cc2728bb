"""Commits that only append: what the tip of `history` holds, and what the files on the disk add to it.

A commit is made from the tip and the files, and changes neither. So one that the remote refuses is made again on the
new tip, and a run that was killed leaves nothing to repair. There is no merge, no rewriting and no force.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Literal, NamedTuple

from constat.errors import EvidenceError
from constat.history import DAY_FILE, day_of_path, derived_path
from constat.interval import Instant
from constat.union import lacking_register, lacking_rows
from outside.clone import HEAD, TIP, Tree, dated, fetch, point, tree
from outside.disk import replace_grown
from outside.git import Git, GitError

TRIES = 8
LONGEST_PAUSE_S = 20.0
REGISTER = "register.jsonl"
_NO_BLOB = "0" * 40

Newer = Literal["ours", "theirs"] | None


class Patience(NamedTuple):
    """How to wait after a refusal: `pause` sleeps so many seconds, `chance` gives a number in [0, 1)."""

    pause: Callable[[float], None]
    chance: Callable[[], float]

    def wait(self, refusals: int) -> None:
        """Wait longer each time, and not as long as others do."""
        self.pause(min(LONGEST_PAUSE_S, 0.5 * 2**refusals) * (0.5 + self.chance() / 2))


def push(git: Git, message: str, now: Instant, patience: Patience) -> str | None:
    """Put what is new on the branch; the commit, or `None` where nothing is new.

    Raises:
        EvidenceError: a frozen statement differs from the published one.
        OutsideError: the remote refused to the end, or cannot be reached. Nothing is lost: the next push takes it.

    """
    for refusals in range(TRIES):
        commit = _commit(git, message, now)
        if commit is None:
            break
        try:
            git.run("push", "--quiet", "origin", f"{commit}:{HEAD}")
        except GitError:
            if refusals + 1 == TRIES:
                raise
            patience.wait(refusals)
            fetch(git)
        else:
            git.run("update-ref", TIP, commit)
            break
    settle(git)
    return commit


def _commit(git: Git, message: str, now: Instant) -> str | None:
    """A commit on the tip that holds what the tip lacks; `None` where it lacks nothing."""
    changed = dict(_changes(git, tree(git, TIP)))
    if not changed:
        return None
    index = git.folder / ".git" / "constat-index"
    own = {"GIT_INDEX_FILE": str(index.resolve())}
    git.run("read-tree", TIP, extra=own)
    entries = "".join(
        f"{0 if blob == _NO_BLOB else 100644} {blob}\t{path}\n" for path, blob in changed.items()
    )
    git.run("update-index", "--index-info", data=entries.encode(), extra=own)
    root = git.run("write-tree", "--missing-ok", extra=own).decode().strip()
    return git.run("commit-tree", root, "-p", TIP, "-m", message, extra=dated(now)).decode().strip()


def _changes(git: Git, tip: Tree) -> Iterator[tuple[str, str]]:
    """Path and new content's hash of every file that has something new; no hash where it has to go."""
    for path in candidates(git):
        ours, theirs = (git.folder / path).read_bytes(), _published(git, tip, path)
        content = _united(git, tip, path, ours)
        if content != theirs and (not path.startswith("derived/") or _current(git, tip, ours)):
            yield path, git.run("hash-object", "-w", "--stdin", data=content).decode().strip()
            yield from ((derived, _NO_BLOB) for derived in _outdated(git, tip, path))


def _outdated(git: Git, tip: Tree, path: str) -> Iterator[str]:
    """Published derived files that a late row makes wrong: they are made again by the next build."""
    if DAY_FILE.fullmatch(path):
        day = day_of_path(path)
        for near in (derived_path(day + timedelta(days=n)) for n in (-1, 0, 1)):
            if near in tip and path in _sources(_published(git, tip, near)):
                yield near


def candidates(git: Git) -> list[str]:
    """The files of ours that differ from what was last published."""
    listed = git.run("ls-files", "-z", "--modified", "--others", "--exclude=.*").decode().split("\0")
    return [path for path in sorted(set(listed)) if path and _ours(path) and (git.folder / path).is_file()]


def _ours(path: str) -> bool:
    """Whether a file belongs to the evidence: anything else in the folder stays where it is."""
    return not any(part.startswith(".") for part in Path(path).parts) and path.endswith(
        (".csv", ".json", ".jsonl")
    )


def _published(git: Git, tip: Tree, path: str) -> bytes:
    return git.run("cat-file", "blob", tip[path]) if path in tip else b""


def _united(git: Git, tip: Tree, path: str, ours: bytes) -> bytes:
    """What a file holds after us.

    Raises:
        EvidenceError: it is frozen, and ours differs.

    """
    theirs = _published(git, tip, path)
    if path.startswith("statements/"):
        return _frozen(path, ours, theirs, _newer(git, tip, path))
    if path.startswith("derived/"):
        return ours
    return theirs + (lacking_register if path == REGISTER else lacking_rows)(ours, theirs)


def _frozen(path: str, ours: bytes, theirs: bytes, newer: Newer) -> bytes:
    """The published statement, or ours where none is: one that was frozen twice says the same both times.

    One that supersedes the other takes its place; the other is kept beside it.
    """
    if newer is not None:
        return ours if newer == "ours" else theirs
    if theirs and _statement(ours) != _statement(theirs):
        raise EvidenceError(
            f"history/{path} differs from the statement that was published under this name",
            tip="what was published stands; find out which evidence changed with: python generate.py verify",
        )
    return theirs or ours


def _newer(git: Git, tip: Tree, path: str) -> Newer:
    """Which side's statement of a month superseded the other side's: that which keeps the other's beside its own."""
    month = Path(path).name.partition(".")[0]
    if path not in {f"statements/{month}.json", f"statements/{month}.tickets.csv"}:
        return None
    name, kept = f"statements/{month}.json", re.compile(rf"statements/{month}\.\d+\.json")
    file = git.folder / name
    ours, theirs = file.read_bytes() if file.is_file() else b"", _published(git, tip, name)
    if theirs and theirs in {old.read_bytes() for old in file.parent.glob(f"{month}.*.json")}:
        return "ours"
    if ours and ours in {_published(git, tip, old) for old in tip if kept.fullmatch(old)}:
        return "theirs"
    return None


def _statement(data: bytes) -> object:
    try:
        content = json.loads(data)
    except ValueError:
        return data
    return {key: value for key, value in content.items() if key != "frozen_at"}


def _current(git: Git, tip: Tree, derived: bytes) -> bool:
    """Whether a derived file comes from the day files as they are published. A stale one is made again, elsewhere."""
    return all(
        hashlib.sha256(_published(git, tip, path)).hexdigest() == sha256
        for path, sha256 in _sources(derived).items()
    )


def _sources(derived: bytes) -> dict[str, str]:
    """The day files that a derived file comes from, with their SHA-256; the index names none."""
    return {path: source["sha256"] for path, source in json.loads(derived).get("sources", {}).items()}


def settle(git: Git) -> None:
    """Let the files on the disk hold what is published, in its order, and what is newer after it."""
    point(git)
    tip = tree(git, TIP)
    for path, ours, content in list(_settled(git, tip)):  # all are judged before one is replaced
        if content != ours:
            replace_grown(git.folder / path, ours, content)


def _settled(git: Git, tip: Tree) -> Iterator[tuple[str, bytes, bytes]]:
    """Path, content and new content of every file that is not as it is published."""
    for path in candidates(git):
        if path in tip and not path.startswith("derived/"):
            ours = (git.folder / path).read_bytes()
            yield path, ours, _united(git, tip, path, ours) + _still_written(path, ours)


def _still_written(path: str, ours: bytes) -> bytes:
    """A last line without its LF."""
    return b"" if path.startswith("statements/") else ours.rpartition(b"\n")[2]
