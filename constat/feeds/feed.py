"""A feed, whatever the format it is written in."""

from typing import NamedTuple

from constat.interval import Instant
from constat.posts import Entry


class Feed(NamedTuple):
    """A feed and what it says of itself. `path` is where it is published, without its extension.

    `home` is the page it belongs to, `address` the root of the site, `stylesheet` and
    `explanation` what a person who clicks it sees and reads.
    """

    id: str
    path: str
    title: str
    description: str
    language: str
    author: str
    address: str
    home: str
    stylesheet: str
    explanation: str
    entries: tuple[Entry, ...]

    @property
    def updated(self) -> Instant | None:
        """The latest change of any entry, `None` where there is none."""
        return max((entry.updated for entry in self.entries), default=None)
