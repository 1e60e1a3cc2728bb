"""What was posted, measured or frozen, in the words of one language: what a feed lists and a message says."""

from typing import NamedTuple

from constat.interval import Instant


class Category(NamedTuple):
    """What an entry is about: a permanent `term` (a service's id, a state) and its name for people."""

    term: str
    label: str


class Entry(NamedTuple):
    """One thing to read. `id` is permanent; `updated` is later than `published` only where the text was edited since.

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
