"""Every kind of archive, by name. A kind's module is loaded only when it is asked for.

Which kind reads an address is decided in `constat.model.archives`. What an archive gives is not trusted: it is
checked against the seals of the register before anything uses it.
"""

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, Protocol, cast

from outside.buckets import Bucket

ARCHIVES = {
    "git": "outside.archives.git",
    "dir": "outside.archives.folder",
    "rsync": "outside.archives.server",
    "s3": "outside.archives.objects",
    "web": "outside.archives.web",
}
"""Name of a kind of archive -> module. Adding a kind adds one line here."""


class Request(NamedTuple):
    """The day files that are wanted, by their paths in `history/`, and the address as `status.yml` has it.

    A folder in the address is relative to `root`, the folder of the project. Git runs in `environment`. The password is for
    an rsync server, and `bucket` says how one is reached.
    """

    address: str
    paths: Sequence[str]
    root: Path
    environment: Mapping[str, str]
    password: str = ""
    bucket: Bucket = Bucket()


class Archive(Protocol):
    """A module under `outside/archives/`: one way of keeping old years somewhere else."""

    def read_days(self, request: Request) -> Iterator[tuple[str, bytes]]:
        """Yield the wanted day files that the archive has, unpacked, each with its path.

        Raises:
            OutsideError: the archive could not be reached, or a file cannot be read.
            EvidenceError: a file cannot be unpacked.

        """


def load_archive(name: str) -> Archive:
    """Load the module of a kind of archive.

    Raises:
        KeyError: there is no such kind.

    """
    return cast("Archive", import_module(ARCHIVES[name]))
