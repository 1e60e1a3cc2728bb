"""Folders of the branch `history`, read and written one by one.

A clone knows commits, and at first none of their folders: years of days would cost every job their lists. Those that
are looked into are fetched, all of one depth at once; the others stay a hash, which is all that a new commit needs.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from outside.branch.git import Git

FILTER = "tree:0"
"""What a clone asks the remote to leave out: every folder and every content that it does not name."""

Tree = Mapping[str, str]
"""Files of a commit: path to the hash of the content."""

_FILE, _FOLDER = "100644", "40000"


class _Entry(NamedTuple):
    """A line of a folder's list, without its name."""

    mode: str
    object: str


_Folder = dict[str, _Entry]


def read_root(git: Git, commit: str) -> str:
    """The hash of a commit's outermost folder, which is then here."""
    found = git.text("log", "-1", "--format=%T", commit)
    fetch_missing(git, [found])
    return found


def read_tree(git: Git, commit: str, enters: Callable[[str], bool]) -> Tree:
    """The files of a commit, in its outermost folder and in those below it that are entered."""
    found: dict[str, str] = {}
    level = {"": read_root(git, commit)}
    while level:
        lists = _read(git, level.values())
        below = {}
        for folder, hash_ in level.items():
            for name, entry in lists[hash_].items():
                path = f"{folder}{name}"
                if entry.mode != _FOLDER:
                    found[path] = entry.object
                elif enters(path):
                    below[f"{path}/"] = entry.object
        level = below
    return found


def graft(git: Git, commit: str, changed: Mapping[str, str | None]) -> str:
    """The outermost folder of a commit with other contents of some files; one without a content goes."""
    return _grafted(git, read_root(git, commit), changed) or _write(git, {})


def _grafted(git: Git, folder: str | None, changed: Mapping[str, str | None]) -> str | None:
    """One folder, and those below it that change; `None` where nothing is left in it."""
    entries = dict(_read(git, [folder])[folder]) if folder else {}
    below: defaultdict[str, dict[str, str | None]] = defaultdict(dict)
    for path, blob in changed.items():
        name, inside, rest = path.partition("/")
        if inside:
            below[name][rest] = blob
        else:
            _put(entries, name, _FILE, blob)
    for name, changes in below.items():
        old = entries.get(name)
        _put(entries, name, _FOLDER, _grafted(git, old and old.object, changes))
    return _write(git, entries) if entries else None


def _put(entries: _Folder, name: str, mode: str, hash_: str | None) -> None:
    if hash_ is None:
        entries.pop(name, None)
    else:
        entries[name] = _Entry(mode, hash_)


def _write(git: Git, entries: _Folder) -> str:
    """Keep a folder; its files and folders need not be here."""
    lines = (
        f"{entry.mode} {'tree' if entry.mode == _FOLDER else 'blob'} {entry.object}\t{name}\0"
        for name, entry in entries.items()
    )
    return git.run("mktree", "-z", "--missing", data="".join(lines).encode()).decode().strip()


def _read(git: Git, hashes: Iterable[str]) -> dict[str, _Folder]:
    """The lists of some folders, by the folders' hashes."""
    wanted = sorted(set(hashes))
    fetch_missing(git, wanted)
    answer, lists = git.run("cat-file", "--batch", data="\n".join(wanted).encode()), {}
    for hash_ in wanted:  # each is told as `HASH tree SIZE`, the list, and an LF
        head, _, rest = answer.partition(b"\n")
        size = int(head.split()[2])
        lists[hash_] = dict(_entries(rest[:size], len(hash_) // 2))
        answer = rest[size + 1 :]
    return lists


def _entries(data: bytes, width: int) -> Iterator[tuple[str, _Entry]]:
    """Git's own form of a list: mode, space, name, NUL, and the hash in so many bytes."""
    while data:
        head, _, rest = data.partition(b"\0")
        mode, _, name = head.decode().partition(" ")
        yield name, _Entry(mode, rest[:width].hex())
        data = rest[width:]


def fetch_missing(git: Git, hashes: Iterable[str]) -> None:
    """Fetch at once what is not here of some folders and contents, which git would otherwise fetch one by one.

    We do not tell what we have: the remote would believe that we hold all contents of the commits that we know, and
    send differences to contents that we lack.
    """
    wanted = set(hashes)
    missing = wanted - _here(git, wanted)
    if missing:
        quietly = ("--quiet", "--no-tags", "--no-write-fetch-head", f"--filter={FILTER}", "--stdin")
        told = "\n".join(sorted(missing)).encode()
        git.run("-c", "fetch.negotiationAlgorithm=noop", "fetch", *quietly, "origin", data=told)


def _here(git: Git, hashes: Iterable[str]) -> set[str]:
    """Those of some folders and contents that are here. Most commands of git would fetch what they are asked about."""
    words = (
        "--objects",
        "--no-object-names",
        "--ignore-missing",
        "--missing=allow-any",
        f"--filter={FILTER}",
    )
    return set(git.run("rev-list", *words, "--stdin", data="\n".join(hashes).encode()).decode().split())
