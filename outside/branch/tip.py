"""The files at the tip of the branch `history`: what everybody who fetches it gets."""

from collections.abc import Iterable
from typing import NamedTuple

from outside.branch.clone import REMOTE_REF, build_folder_filter
from outside.branch.git import Git
from outside.branch.trees import Blobs, list_blobs


class Tip(NamedTuple):
    """The tip of the branch, with the blobs of some of its files by path."""

    git: Git
    blobs: Blobs

    def read(self, path: str) -> bytes:
        """The content of a file, empty if it is not there.

        Raises:
            OutsideError: git failed.

        """
        return self.git.run("cat-file", "blob", self.blobs[path]) if path in self.blobs else b""


def open_tip(git: Git, paths: Iterable[str]) -> Tip:
    """Open the tip as it was last fetched or pushed, for some files and those beside them.

    Raises:
        OutsideError: git failed.

    """
    return Tip(git, list_blobs(git, REMOTE_REF, build_folder_filter(paths)))
