"""The repository of another status page, cloned into a folder of its own: no hooks, no submodules, no prompts."""

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from constat.errors import UsageError
from outside.branch.git import Git

_REMOTE: Final = re.compile(r"(?:https?|ssh|git|file)://|[\w.-]+@[\w.-]+:(?!/?/)")
_LONGEST_CLONE_S: Final = 3600
_PROTOCOLS: Final = "http:https:ssh:git:file"


def is_repository(place: str) -> bool:
    """Whether git can clone from a place: an address, a bundle, or a repository without a working tree."""
    path = Path(place)
    return bool(_REMOTE.match(place)) or path.is_file() or (path / "objects").is_dir()


@contextmanager
def clone(place: str, environment: Mapping[str, str], *, history: bool, bare: bool = False) -> Iterator[Path]:
    """Clone a repository or a bundle for as long as it is read.

    Without `history` only its newest commit is cloned; `bare`: without a working tree.

    Raises:
        GitError: it cannot be cloned.

    """
    if place.startswith("-"):
        raise UsageError(f"{place!r} is not the address of a repository", tip="write https://... or a folder")
    with tempfile.TemporaryDirectory(prefix="constat-import-") as folder:
        limited = {**environment, "GIT_ALLOW_PROTOCOL": _PROTOCOLS, "GIT_LFS_SKIP_SMUDGE": "1"}
        depth = [] if history else ["--depth=1"]
        depth += ["--bare"] if bare else []
        source = place if _REMOTE.match(place) else str(Path(place).resolve())
        Git(Path(folder), limited).run(
            *(
                "-c",
                "core.hooksPath=/dev/null",
                "-c",
                "core.symlinks=false",
                "-c",
                "protocol.ext.allow=never",
            ),
            *("clone", "--quiet", "--no-recurse-submodules", "--template=", *depth, "--", source, "source"),
            timeout_s=_LONGEST_CLONE_S,
        )
        yield Path(folder, "source")
