"""The history of a repository as a stream: one `git log` and one `git cat-file --batch`, however many commits it has."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, NamedTuple

from constat.errors import OutsideError
from constat.interval import Instant
from outside.branch.git import ISOLATION, Git

_SAFE: Final = (
    *("-c", "core.quotePath=false", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"),
    *("-c", "log.showSignature=false", "-c", "core.useReplaceRefs=false", "-c", "log.mailmap=false"),
)
"""Settings that a stranger's repository might have changed."""
_HEAD: Final = re.compile(r"\x01([0-9a-f]{40,64})\t(\d+)\t(.*)")
_ENTRY: Final = re.compile(r":\d+ (\d+) [0-9a-f]+ ([0-9a-f]+) ([A-Z])\d*\t(.*)")
_FILE_MODES: Final = frozenset({"100644", "100755"})
_LONGEST_SUBJECT = 1000


class Change(NamedTuple):
    """A file that a commit changed: its new blob, empty if the commit removed it (or put something other than a file there)."""

    commit: str
    committed: Instant
    subject: str
    path: str
    blob: bytes


class GitHistory:
    """Reads the history of one commit in a repository."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = {
            name: value for name, value in environment.items() if not name.startswith("GIT_")
        } | dict(ISOLATION)
        self._git = Git(folder, self._environment)

    def find_tip(self, marker: str) -> str:
        """Find the commit that the repository is at or, in a bundle without HEAD, that of its main branch.

        Without a main branch it is the first one that has the file `marker`: a branch with only the website lacks it.

        Raises:
            OutsideError: it has no commit.

        """
        for name in ("HEAD", "refs/heads/main", "refs/heads/master"):
            if self._git.succeeds(*_SAFE, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"):
                return self._git.run_text(*_SAFE, "rev-parse", f"{name}^{{commit}}")
        listed = self._git.run_text(*_SAFE, "for-each-ref", "--format=%(objectname)", "refs/heads")
        if not listed:
            raise OutsideError("the repository has no commit")
        tips = listed.splitlines()
        marked_tips = (tip for tip in tips if self._git.succeeds(*_SAFE, "cat-file", "-e", f"{tip}:{marker}"))
        return next(marked_tips, tips[0])

    @property
    def is_shallow(self) -> bool:
        """Whether the history is cut off."""
        return self._git.run_text(*_SAFE, "rev-parse", "--is-shallow-repository") == "true"

    def list_mainline(self, tip: str) -> frozenset[bytes]:
        """List the commits on the line of first parents."""
        with self._stream("rev-list", "--first-parent", tip) as lines:
            return frozenset(bytes.fromhex(line.decode().strip()) for line in lines)

    def list_changes(self, tip: str, paths: Sequence[str]) -> Iterator[Change]:
        """Yield every change of some paths, newest commit first; a merge is compared with its first parent."""
        options = (
            *("--raw", "--no-abbrev", "--no-renames", "--root", "--full-history", "--no-color"),
            *("--diff-merges=first-parent", "--no-ext-diff", "--no-textconv", "--format=%x01%H%x09%ct%x09%s"),
        )
        commit, committed, subject = "", 0, ""
        with self._stream("log", *options, tip, "--", *paths) as lines:
            for raw in lines:
                line = raw.decode("utf-8", "replace").rstrip("\n")
                if head := _HEAD.match(line):
                    commit, committed, subject = head[1], int(head[2]), head[3][:_LONGEST_SUBJECT]
                elif entry := _ENTRY.match(line):
                    is_file = entry[1] in _FILE_MODES and entry[3] != "D"
                    blob = bytes.fromhex(entry[2]) if is_file else b""
                    yield Change(commit, committed, subject, entry[4], blob)

    def read_blobs(self, names: Iterable[str], bound: int) -> Iterator[tuple[str, bytes | None]]:
        """Read the content of objects, in the order of `names`; `None` for one that is missing, or larger than `bound`."""
        with tempfile.TemporaryFile() as request:
            request.writelines(f"{name}\n".encode() for name in names)
            request.seek(0)
            with self._stream("cat-file", "--batch", stdin=request) as answers:
                while head := answers.readline():
                    yield _read_answer(head, answers, bound)

    @contextmanager
    def _stream(self, *words: str, stdin: IO[bytes] | None = None) -> Iterator[IO[bytes]]:
        """Run git, and yield its standard output as a stream.

        Raises:
            OutsideError: it is not installed, or failed.

        """
        program = shutil.which("git")
        if program is None:
            raise OutsideError("git is not installed", tip="install the package git")
        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(  # noqa: S603 (no shell, and every word is ours)
                [program, *_SAFE, *words],
                cwd=self._folder,
                env=self._environment,
                stdin=stdin or subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
            output = process.stdout
            if output is None:
                raise OutsideError("git could not be read")
            try:
                yield output
                output.close()
                if process.wait():
                    errors.seek(0)
                    lines = errors.read(1 << 16).decode(errors="replace").strip().splitlines()
                    raise OutsideError(f"git {words[0]} failed: {lines[-1] if lines else 'no message'}")
            finally:
                output.close()
                process.kill()
                process.wait()


def _read_answer(head: bytes, answers: IO[bytes], bound: int) -> tuple[str, bytes | None]:
    words = head.decode("utf-8", "replace").split()
    if len(words) != 3 or not words[2].isdigit():  # noqa: PLR2004 -- `HASH missing`
        return words[0] if words else "", None
    size = int(words[2])
    if size <= bound and words[1] == "blob":
        data = answers.read(size)
    else:
        data = None
        left = size
        while left and (chunk := answers.read(min(left, 1 << 20))):
            left -= len(chunk)
    answers.read(1)
    return words[0], data
