"""Commits that only append: what the tip of `history` holds, and what the files on the disk add to it.

A commit is made from the tip and the files, and changes neither. So one that the remote refuses is made again on the
new tip, and a run that was killed leaves nothing to repair. There is no merge, no rewriting and no force.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Literal, NamedTuple

from constat.errors import EvidenceError
from constat.history import DAY_FILE, day_of_path, day_path, derived_path
from constat.history.merge import find_missing_lines, find_missing_rows
from constat.interval import Instant
from constat.register import REGISTER
from outside.branch.clone import HEAD, TIP, around, commit, derives, fetch, list_changed, point
from outside.branch.git import Git, GitError
from outside.branch.trees import Tree, graft, read_tree
from outside.disk import replace_grown

TRIES = 8
LONGEST_PAUSE_S = 20.0
_DERIVED = "derived/"

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
        made = _commit(git, message, now)
        if made is None:
            break
        try:
            git.run("push", "--quiet", "origin", f"{made}:{HEAD}")
        except GitError:
            if refusals + 1 == TRIES:
                raise
            patience.wait(refusals)
            fetch(git)
        else:
            git.run("update-ref", TIP, made)
            break
    settle(git)
    return made


def _commit(git: Git, message: str, now: Instant) -> str | None:
    """A commit on the tip that holds what the tip lacks; `None` where it lacks nothing."""
    ours = list_candidates(git)
    beside = [other for path in ours for other in _resting(path)]
    news = dict(_changes(git, ours, read_tree(git, TIP, around([*ours, *beside]))))
    return commit(git, graft(git, TIP, news), message, now) if news else None


def _changes(git: Git, ours: list[str], tip: Tree) -> Iterator[tuple[str, str | None]]:
    """Path and new content's hash of every file that has something new; no hash where it has to go."""
    for path in ours:
        content, theirs = (git.folder / path).read_bytes(), _published(git, tip, path)
        united = _united(git, tip, path, content)
        if united != theirs and (not path.startswith(_DERIVED) or _current(git, tip, content)):
            yield path, git.run("hash-object", "-w", "--stdin", data=united).decode().strip()
            yield from ((derived, None) for derived in _outdated(git, tip, path))


def _resting(path: str) -> list[str]:
    """The derived files that may rest on a day file; the day files that a derived file may rest on."""
    if DAY_FILE.fullmatch(path):
        return [derived_path(day) for day in _near(path)]
    if path.startswith(_DERIVED) and DAY_FILE.fullmatch(_as_day_file(path)):
        return [day_path(day) for day in _near(path)]
    return []


def _as_day_file(derived: str) -> str:
    return derived.removeprefix(_DERIVED).replace(".json", ".csv")


def _near(path: str) -> list[date]:
    """The day of a file, the one before and the one after: a local day meets no others."""
    return [day_of_path(path) + timedelta(days=n) for n in (-1, 0, 1)]


def _outdated(git: Git, tip: Tree, path: str) -> Iterator[str]:
    """Published derived files that a late row makes wrong: they are made again by the next build."""
    if DAY_FILE.fullmatch(path):
        for derived in _resting(path):
            if derived in tip and path in _sources(_published(git, tip, derived)):
                yield derived


def list_candidates(git: Git) -> list[str]:
    """The files of ours that differ from what was last published."""
    kept = derives(git)
    return [path for path in list_changed(git) if _ours(path) and (kept or not path.startswith(_DERIVED))]


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
    if path.startswith(_DERIVED):
        return ours
    return theirs + (find_missing_lines if path == REGISTER else find_missing_rows)(ours, theirs)


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
    paths = list_candidates(git)
    tip = read_tree(git, TIP, around(paths))
    for path, ours, content in list(_settled(git, paths, tip)):  # all are judged before one is replaced
        if content != ours:
            replace_grown(git.folder / path, ours, content)


def _settled(git: Git, paths: list[str], tip: Tree) -> Iterator[tuple[str, bytes, bytes]]:
    """Path, content and new content of every file that is not as it is published."""
    for path in paths:
        if path in tip and not path.startswith(_DERIVED):
            ours = (git.folder / path).read_bytes()
            yield path, ours, _united(git, tip, path, ours) + _still_written(path, ours)


def _still_written(path: str, ours: bytes) -> bytes:
    """A last line without its LF."""
    return b"" if path.startswith("statements/") else ours.rpartition(b"\n")[2]
