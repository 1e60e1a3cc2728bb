"""Commits that only append: the files at the tips of the branches, extended by those on the disk.

A commit is computed from the tip and the files, and changes neither. One that the remote refuses is therefore computed
again on the new tip, and a run that was killed leaves nothing to repair. No merge commits, no rewriting, no force.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Literal, NamedTuple

from constat.errors import EvidenceError
from constat.history import DAY_FILE, REGISTER, build_day_path, build_derived_path, parse_day_path
from constat.history.merge import find_missing_lines, find_missing_rows
from constat.interval import Instant
from constat.text.safe_json import load_json
from outside import bounds
from outside.branch.branches import REMOTES, list_published, read_branches
from outside.branch.clone import (
    CommitMessage,
    build_folder_filter,
    create_commit,
    fetch_tip,
    keeps_derived_files,
    list_changed_files,
    push_commits,
    update_index,
)
from outside.branch.git import Git, GitError
from outside.branch.trees import Blobs, write_changed_tree
from outside.disk import read_file, replace_grown

PUSH_ATTEMPTS = 8
LONGEST_PAUSE_S = 20.0
_DERIVED = "derived/"
_STATEMENTS = "statements/"
_WHOLE = ("stamps/", "imported/")
"""Folders of files that are pushed whole, whatever their suffix."""

Side = Literal["ours", "theirs"]


class Backoff(NamedTuple):
    """How long to wait after a refused push: `sleep` waits for some seconds, `random` returns a number in [0, 1)."""

    sleep: Callable[[float], None]
    random: Callable[[], float]

    def wait(self, refusals: int) -> None:
        """Wait longer after each refusal, and a little at random, so that two writers do not collide again."""
        self.sleep(min(LONGEST_PAUSE_S, 0.5 * 2**refusals) * (0.5 + self.random() / 2))


def push(git: Git, message: str, now: Instant, backoff: Backoff) -> str | None:
    """Put new evidence on its branches; return the hash of the newest one's commit, `None` if nothing was new.

    Raises:
        EvidenceError: a frozen statement differs from the published one.
        OutsideError: the remote refused every attempt, or cannot be reached. No row is lost: the next push takes it.

    """
    commits: Mapping[str, str] = {}
    for refusals in range(PUSH_ATTEMPTS):
        commits = _commit_new_evidence(git, message, now)
        if any(name != read_branches(git).current for name in commits):
            # The branch of an earlier year may have been moved away: a push would bring it back.
            fetch_tip(git)
            commits = _commit_new_evidence(git, message, now)
        if not commits:
            break
        try:
            push_commits(git, commits)
        except GitError:
            if refusals + 1 == PUSH_ATTEMPTS:
                raise
            backoff.wait(refusals)
            fetch_tip(git)
        else:
            break
    update_working_tree(git)
    return commits[max(commits)] if commits else None


def _commit_new_evidence(git: Git, message: str, now: Instant) -> Mapping[str, str]:
    """Commit on the tip of each branch what it lacks; return the commits by branch, none if the branches lack nothing."""
    paths = list_changed_evidence(git)
    related = [path for changed in paths for path in _list_related_files(changed)]
    tip = list_published(git, build_folder_filter([*paths, *related]))
    branches = read_branches(git)
    changes: defaultdict[str, dict[str, str | None]] = defaultdict(dict)
    for path, blob in _list_changes(git, paths, tip):
        changes[branches.find(path) or branches.current][path] = blob
    return {
        name: create_commit(
            git,
            write_changed_tree(git, f"{REMOTES}{name}", changed),
            f"{REMOTES}{name}",
            CommitMessage(message),
            now,
        )
        for name, changed in changes.items()
    }


def _list_changes(git: Git, paths: list[str], tip: Blobs) -> Iterator[tuple[str, str | None]]:
    """Yield each file that changes, with the hash of its new blob, or `None` if it is removed."""
    for path in paths:
        ours, theirs = _read_ours(git, path), _read_published(git, tip, path)
        merged = _merge(git, tip, path, ours)
        if merged != theirs and (not path.startswith(_DERIVED) or _is_current(git, tip, ours)):
            yield path, git.run("hash-object", "-w", "--stdin", data=merged).decode().strip()
            yield from ((derived, None) for derived in _list_outdated_derived_files(git, tip, path))


def _list_related_files(path: str) -> list[str]:
    """List the derived files that may come from a day file, or the day files that a derived file may come from."""
    if DAY_FILE.fullmatch(path):
        return [build_derived_path(day) for day in _list_adjacent_days(path)]
    if path.startswith(_DERIVED) and DAY_FILE.fullmatch(_convert_to_day_path(path)):
        return [build_day_path(day) for day in _list_adjacent_days(path)]
    return []


def _convert_to_day_path(derived: str) -> str:
    return derived.removeprefix(_DERIVED).replace(".json", ".csv")


def _list_adjacent_days(path: str) -> list[date]:
    """List the day of a file, and the days before and after it: a local day overlaps no other UTC days."""
    return [parse_day_path(path) + timedelta(days=n) for n in (-1, 0, 1)]


def _list_outdated_derived_files(git: Git, tip: Blobs, path: str) -> Iterator[str]:
    """Yield the published derived files that a late row in a day file makes wrong. The next build makes them anew."""
    if DAY_FILE.fullmatch(path):
        for derived in _list_related_files(path):
            if derived in tip and path in _parse_sources(_read_published(git, tip, derived)):
                yield derived


def list_changed_evidence(git: Git) -> list[str]:
    """List the evidence files on the disk that differ from what was last published.

    A day whose branch was moved away can take no more rows, and one whose branch has not been begun must wait for it.
    """
    with_derived, branches = keeps_derived_files(git), read_branches(git)
    return [
        path
        for path in list_changed_files(git)
        if _is_evidence(path)
        and (with_derived or not path.startswith(_DERIVED))
        and branches.find(path) is not None
    ]


def _is_evidence(path: str) -> bool:
    """Whether a file is evidence. Any other file in the folder is left alone."""
    is_known = path.startswith(_WHOLE) or path.endswith((".csv", ".json", ".jsonl"))
    return is_known and not any(part.startswith(".") for part in Path(path).parts)


def _grows(path: str) -> bool:
    """Whether lines are appended to a file; any other file is complete from the beginning."""
    return path.endswith((".csv", ".jsonl")) and not path.startswith((*_WHOLE, _STATEMENTS))


def _read_published(git: Git, tip: Blobs, path: str) -> bytes:
    """Read the content of a file at the tip, empty if it is not there."""
    return git.run("cat-file", "blob", tip[path]) if path in tip else b""


def _read_ours(git: Git, path: str) -> bytes:
    """Read the content of a file on the disk, empty if it is not there."""
    return read_file(git.folder, path, bounds.DAY_FILE) or b""


def _merge(git: Git, tip: Blobs, path: str, ours: bytes) -> bytes:
    """Build the content that a file should have: what is published, followed by what only we have.

    A file that does not grow by lines is published whole; if one is published already, it stays.

    Raises:
        EvidenceError: the file is a frozen statement, and ours differs.

    """
    theirs = _read_published(git, tip, path)
    if path.startswith(_STATEMENTS):
        return _choose_statement(path, ours, theirs, _find_superseding_side(git, tip, path))
    if path.startswith(_DERIVED):
        return ours
    if not _grows(path):
        return theirs or ours
    if path == REGISTER:
        return theirs + find_missing_lines(ours, theirs)
    register = _read_published(git, tip, REGISTER) if ours != theirs else b""
    return theirs + find_missing_rows(ours, theirs, register, path)


def _choose_statement(path: str, ours: bytes, theirs: bytes, superseding: Side | None) -> bytes:
    """Choose the published statement, or ours if none is published: a month frozen twice has the same statement both times.

    A statement that supersedes another one takes its place; the superseded one is kept beside it.
    """
    if superseding is not None:
        return ours if superseding == "ours" else theirs
    if theirs and _strip_freeze_time(ours) != _strip_freeze_time(theirs):
        raise EvidenceError(
            f"history/{path} differs from the statement that was published under this name",
            tip="the published statement stands; find out which evidence changed with: constat verify",
        )
    return theirs or ours


def _find_superseding_side(git: Git, tip: Blobs, path: str) -> Side | None:
    """Find which side's statement of a month supersedes the other's: that of the side that keeps a copy of the other's."""
    month = Path(path).name.partition(".")[0]
    current = f"{_STATEMENTS}{month}.json"
    if path not in {current, f"{_STATEMENTS}{month}.tickets.csv"}:
        return None
    numbered = re.compile(rf"{_STATEMENTS}{month}\.\d+\.json")
    ours, theirs = _read_ours(git, current), _read_published(git, tip, current)
    kept = (git.folder / _STATEMENTS).glob(f"{month}.*.json")
    if theirs and theirs in {_read_ours(git, f"{_STATEMENTS}{old.name}") for old in kept}:
        return "ours"
    if ours and ours in {_read_published(git, tip, old) for old in tip if numbered.fullmatch(old)}:
        return "theirs"
    return None


def _strip_freeze_time(data: bytes) -> object:
    """Read a statement without the time at which it was frozen; the bytes themselves if they are not a JSON object."""
    try:
        content = load_json(data)
    except ValueError:
        return data
    if not isinstance(content, dict):
        return data
    return {key: value for key, value in content.items() if key != "frozen_at"}


def _is_current(git: Git, tip: Blobs, derived: bytes) -> bool:
    """Whether a derived file comes from the day files as they are published. A stale one is not worth publishing."""
    return all(
        hashlib.sha256(_read_published(git, tip, path)).hexdigest() == sha256
        for path, sha256 in _parse_sources(derived).items()
    )


def _parse_sources(derived: bytes) -> dict[str, str]:
    """List the day files that a derived file comes from, with their SHA-256; none for the index or a file of another form."""
    try:
        sources = load_json(derived).get("sources", {})
        return {str(path): str(source["sha256"]) for path, source in sources.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def update_working_tree(git: Git) -> None:
    """Bring the files on the disk to the published content, in its order, followed by what is not published yet."""
    update_index(git)
    paths = list_changed_evidence(git)
    tip = list_published(git, build_folder_filter(paths))
    for path, before, after in list(
        _list_updates(git, paths, tip)
    ):  # listed first, so that an error in one file leaves all as they are
        if after != before:
            replace_grown(git.folder, path, before, after)


def _list_updates(git: Git, paths: list[str], tip: Blobs) -> Iterator[tuple[str, bytes, bytes]]:
    """Yield the path, present content and new content of every published file that was changed on the disk."""
    for path in paths:
        if path in tip and not path.startswith(_DERIVED):
            ours = _read_ours(git, path)
            yield path, ours, _merge(git, tip, path, ours) + _get_unfinished_line(path, ours)


def _get_unfinished_line(path: str, ours: bytes) -> bytes:
    """Get the last line if it has no LF: somebody is still writing it."""
    return ours.rpartition(b"\n")[2] if _grows(path) else b""
