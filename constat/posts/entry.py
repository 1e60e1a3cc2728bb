"""One entry of a feed, whatever the format."""

from typing import NamedTuple

from constat.interval import Instant


class Category(NamedTuple):
    """What an entry is about: a permanent `term` (a service's id, a state) and its name for people."""

    term: str
    label: str


class Entry(NamedTuple):
    """One entry. `id` is permanent; `updated` is later than `published` only where the text was edited since.

    `html` is sanitised and its links are absolute; `text` is the same in plain text.
    """

    id: str
    title: str
    link: str
    html: str
    text: str
    published: Instant
    updated: Instant
    language: str
    categories: tuple[Category, ...] = ()


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
