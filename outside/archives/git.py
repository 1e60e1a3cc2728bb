"""The archive `git:`, a branch of another repository, of which only the wanted files are fetched."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from constat.model.archives import find_archive_part
from outside.archives.registry import Request
from outside.branch.clone import build_folder_filter
from outside.branch.git import Git
from outside.branch.trees import FILTER, fetch_missing_objects, list_blobs, read_objects

_PROTOCOLS = "file:git:http:https:ssh"
"""The transports that git may use. Any other (`ext::`, a remote helper) would run a program that the address names."""
_BATCH = 31
"""How many day files one git command reads, and so how many are in memory at once."""


def read_days(request: Request) -> Iterator[tuple[str, bytes]]:
    """Yield the wanted day files that the tip of the branch has.

    Raises:
        OutsideError: git is not installed, or could not fetch the branch.

    """
    with TemporaryDirectory(prefix="constat-archive-") as folder:
        git = Git(Path(folder), {**request.environment, "GIT_ALLOW_PROTOCOL": _PROTOCOLS})
        git.run("init", "--quiet", "--bare")
        for name, value in _describe_remote(request).items():
            git.run("config", name, value)
        git.run("fetch", "--quiet", "--no-tags", "--depth=1", f"--filter={FILTER}", "origin")
        blobs = list_blobs(git, "FETCH_HEAD", build_folder_filter(request.paths))
        wanted = {path: blobs[path] for path in request.paths if path in blobs}
        fetch_missing_objects(git, wanted.values())
        for paths in _split_into_batches(list(wanted), _BATCH):
            yield from zip(paths, read_objects(git, [wanted[path] for path in paths]), strict=True)


def _split_into_batches(paths: Sequence[str], count: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(paths), count):
        yield paths[start : start + count]


def _describe_remote(request: Request) -> dict[str, str]:
    return {
        "remote.origin.url": find_archive_part(request.address, "url"),
        "remote.origin.fetch": f"refs/heads/{find_archive_part(request.address, 'branch')}",
        "remote.origin.promisor": "true",
        "remote.origin.partialclonefilter": FILTER,
    }
