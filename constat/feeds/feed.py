"""A feed, independent of its format."""

from typing import NamedTuple

from constat.interval import Instant
from constat.posts import Entry


class Feed(NamedTuple):
    """A feed with its metadata. `path` is its path in the site, without an extension.

    `home` is the URL of the page in the feed's language, `address` that of the root of the site. People who open the feed
    in a browser see it with `stylesheet` and read `explanation`.
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
        """The latest change of any entry, `None` if there are no entries."""
        return max((entry.updated for entry in self.entries), default=None)
