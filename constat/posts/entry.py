"""Entries: posts, outages and statements in the words of one language, as feeds list them and messages send them."""

from typing import NamedTuple

from constat.interval import Instant


class Category(NamedTuple):
    """A category of entries: a permanent `term` (a service's id, a state) and its name for people."""

    term: str
    label: str


class Entry(NamedTuple):
    """One entry. `id` is permanent; `updated` is later than `published` only if the text was edited since.

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
