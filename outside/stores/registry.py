"""Every store that a site can be uploaded to, by name. A store's module is loaded only when it is asked for.

Which store serves an address is decided in `constat.model.stores`.
"""

from importlib import import_module
from pathlib import Path
from typing import NamedTuple, Protocol, cast

from constat.interval import Instant
from outside.buckets import Bucket

STORES = {
    "dir": "outside.stores.dir",
    "rsync": "outside.stores.rsync",
    "s3": "outside.stores.s3",
}
"""Name of a store -> module. Adding a store adds one line here."""


class Consignment(NamedTuple):
    """A site on its way to a store: its folder, the address as `status.yml` has it, and the password, if there is one.

    A folder in the address is relative to `root`, the folder of the project. `now`: when it was sent.
    """

    site: Path
    address: str
    root: Path
    password: str = ""
    now: Instant = 0
    bucket: Bucket = Bucket()


class Stored(NamedTuple):
    """What a store did: how many files it wrote, because they are new or have changed, and how many it deleted."""

    written: int
    deleted: int


class Store(Protocol):
    """A module under `outside/stores/`: one way of keeping a site somewhere else."""

    def take(self, consignment: Consignment) -> Stored:
        """Make the store hold exactly the files of the site, pages after the files that they need.

        Raises:
            OutsideError: it could not be reached or written, or holds files that are not ours.

        """


def load_store(name: str) -> Store:
    """Load the module of a store.

    Raises:
        KeyError: there is no such store.

    """
    return cast("Store", import_module(STORES[name]))
