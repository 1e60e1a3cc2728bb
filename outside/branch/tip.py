"""The files at the tips of the branches that hold the evidence: what everybody who fetches them gets."""

from collections.abc import Iterable
from typing import NamedTuple

from outside.branch.branches import list_published
from outside.branch.clone import build_folder_filter
from outside.branch.git import Git
from outside.branch.trees import Blobs


class Tip(NamedTuple):
    """The tips of the branches, with the blobs of some of their files by path."""

    git: Git
    blobs: Blobs

    def read(self, path: str) -> bytes:
        """Read the content of a file, empty if it is not there.

        Raises:
            OutsideError: git failed.

        """
        return self.git.run("cat-file", "blob", self.blobs[path]) if path in self.blobs else b""


def open_tip(git: Git, paths: Iterable[str]) -> Tip:
    """Open the tips as they were last fetched or pushed, for some files and those beside them.

    Raises:
        OutsideError: git failed.

    """
    return Tip(git, list_published(git, build_folder_filter(paths)))
