"""Trees of the branch `history`, read and written one by one.

The clone fetches commits without their trees: listing the days of many years would cost every job time. The trees that
are entered are fetched, all of one depth at once; of the rest only the hash is known, which is all that a new commit needs.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from outside.branch.git import Git

FILTER = "tree:0"
"""The filter of the partial clone: the remote leaves out every tree and blob that is not asked for by its hash."""

Blobs = Mapping[str, str]
"""Files of a commit: the hash of the blob, by path."""

_FILE, _FOLDER = "100644", "40000"
_LONGEST_HEAD = 128
"""The longest header line of `cat-file --batch`: a hash of at most 64 digits, a kind and a size."""


class _Entry(NamedTuple):
    """An entry of a tree, without its name."""

    mode: str
    hash: str


_Tree = dict[str, _Entry]
"""A tree: its entries by name."""


def read_root_tree(git: Git, commit: str) -> str:
    """Read the hash of a commit's root tree, and fetch the tree if it is missing."""
    root = git.run_text("log", "-1", "--format=%T", commit)
    fetch_missing_objects(git, [root])
    return root


def list_blobs(git: Git, commit: str, enters: Callable[[str], bool]) -> Blobs:
    """List the files of a commit, in its root folder and in the folders below it for which `enters` is true."""
    blobs: dict[str, str] = {}
    level = {"": read_root_tree(git, commit)}
    while level:
        trees = _read_trees(git, level.values())
        next_level = {}
        for folder, tree in level.items():
            for name, entry in trees[tree].items():
                path = f"{folder}{name}"
                if entry.mode != _FOLDER:
                    blobs[path] = entry.hash
                elif enters(path):
                    next_level[f"{path}/"] = entry.hash
        level = next_level
    return blobs


def write_changed_tree(git: Git, commit: str, changes: Mapping[str, str | None]) -> str:
    """Write a commit's trees with some files changed (path to new blob, `None` to remove); return the new root tree's hash."""
    return _write_changed_folder(git, read_root_tree(git, commit), changes) or _write_tree(git, {})


def write_root_tree_without(git: Git, commit: str, drops: Callable[[str], bool]) -> str:
    """Write a commit's root tree without some of its names; return the new tree's hash. Nothing below it is fetched."""
    entries = _read_root(git, commit)
    return _write_tree(git, {name: entry for name, entry in entries.items() if not drops(name)})


def _read_root(git: Git, commit: str) -> _Tree:
    root = read_root_tree(git, commit)
    return _read_trees(git, [root])[root]


def _write_changed_folder(git: Git, tree: str | None, changes: Mapping[str, str | None]) -> str | None:
    """Write one folder and those below it that change; return the hash of its tree, `None` if nothing is left in it."""
    entries = dict(_read_trees(git, [tree])[tree]) if tree else {}
    changes_below: defaultdict[str, dict[str, str | None]] = defaultdict(dict)
    for path, blob in changes.items():
        name, slash, rest = path.partition("/")
        if slash:
            changes_below[name][rest] = blob
        else:
            _set_entry(entries, name, _FILE, blob)
    for name, below in changes_below.items():
        old = entries.get(name)
        _set_entry(entries, name, _FOLDER, _write_changed_folder(git, old and old.hash, below))
    return _write_tree(git, entries) if entries else None


def _set_entry(entries: _Tree, name: str, mode: str, hash_: str | None) -> None:
    if hash_ is None:
        entries.pop(name, None)
    else:
        entries[name] = _Entry(mode, hash_)


def _write_tree(git: Git, entries: _Tree) -> str:
    """Write a tree; its blobs and subtrees need not have been fetched."""
    lines = (
        f"{entry.mode} {'tree' if entry.mode == _FOLDER else 'blob'} {entry.hash}\t{name}\0"
        for name, entry in entries.items()
    )
    return git.run("mktree", "-z", "--missing", data="".join(lines).encode()).decode().strip()


def _read_trees(git: Git, hashes: Iterable[str]) -> dict[str, _Tree]:
    """Read trees by their hashes; missing ones are fetched all at once."""
    distinct = sorted(set(hashes))
    fetch_missing_objects(git, distinct)
    contents = read_objects(git, distinct)
    return {
        hash_: dict(_parse_entries(data, len(hash_) // 2))
        for hash_, data in zip(distinct, contents, strict=True)
    }


def read_objects(git: Git, hashes: Sequence[str]) -> Iterator[bytes]:
    """Yield the contents of some trees or blobs, in order, with one command."""
    output = memoryview(git.run("cat-file", "--batch", data="\n".join(hashes).encode()))
    for _ in hashes:  # for each: `HASH KIND SIZE`, LF, the content, LF
        head = bytes(output[:_LONGEST_HEAD]).partition(b"\n")[0]
        begin = len(head) + 1
        end = begin + int(head.split()[2])
        yield bytes(output[begin:end])
        output = output[end + 1 :]


def _parse_entries(data: bytes, hash_bytes: int) -> Iterator[tuple[str, _Entry]]:
    """Yield the entries of a tree in git's binary form: mode, space, name, NUL, hash."""
    while data:
        head, _, rest = data.partition(b"\0")
        mode, _, name = head.decode().partition(" ")
        yield name, _Entry(mode, rest[:hash_bytes].hex())
        data = rest[hash_bytes:]


def fetch_missing_objects(git: Git, hashes: Iterable[str]) -> None:
    """Fetch those of some trees and blobs that are missing, all at once; git itself would fetch them one by one.

    The fetch does not negotiate: the remote would assume that we have all blobs of the commits that we know, and send
    deltas against blobs that we lack.
    """
    distinct = set(hashes)
    missing = distinct - _find_present_objects(git, distinct)
    if missing:
        options = ("--quiet", "--no-tags", "--no-write-fetch-head", f"--filter={FILTER}", "--stdin")
        data = "\n".join(sorted(missing)).encode()
        git.run("-c", "fetch.negotiationAlgorithm=noop", "fetch", *options, "origin", data=data)


def _find_present_objects(git: Git, hashes: Iterable[str]) -> set[str]:
    """Find those of some trees and blobs that are here. Most git commands would fetch missing ones while looking."""
    options = (
        "--objects",
        "--no-object-names",
        "--ignore-missing",
        "--missing=allow-any",
        f"--filter={FILTER}",
        "--stdin",
    )
    return set(git.run("rev-list", *options, data="\n".join(hashes).encode()).decode().split())
