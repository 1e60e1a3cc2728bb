"""RSS 2.0 and Atom (RFC 4287), written by feedgen, byte for byte the same for the same entries."""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from constat.feeds.feed import Feed
from constat.interval import Instant
from constat.posts import Entry

if TYPE_CHECKING:
    from feedgen.entry import FeedEntry
    from feedgen.feed import FeedGenerator

_UNPRINTABLE = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")

_DECLARATION = b"<?xml version='1.0' encoding='UTF-8'?>\n"


class XmlWriter:
    """Writes the feeds of one language. An entry that stands in several of them is put into feedgen's words once."""

    def __init__(self, now: Instant) -> None:
        self._now = now
        self._items: dict[Entry, FeedEntry] = {}

    def rss(self, feed: Feed) -> bytes:
        """The feed as RSS 2.0."""
        generator = self._generator(feed, ".rss", "application/rss+xml")
        generator.description(feed.description)
        return _explained(generator.rss_str(pretty=True), feed)

    def atom(self, feed: Feed) -> bytes:
        """The feed as Atom."""
        generator = self._generator(feed, ".atom", "application/atom+xml")
        generator.subtitle(feed.description)
        return _explained(generator.atom_str(pretty=True), feed)

    def _generator(self, feed: Feed, extension: str, media_type: str) -> "FeedGenerator":
        """A feed in feedgen's words. Its own clock and name are replaced: two builds give the same bytes."""
        from feedgen.feed import FeedGenerator  # noqa: PLC0415 - only a build that writes feeds pays for lxml

        generator = FeedGenerator()
        generator.id(feed.id)
        generator.title(feed.title)
        generator.language(feed.language)
        generator.author(name=feed.author, uri=feed.address)
        generator.generator("Constat")
        generator.updated(_moment(self._now if feed.updated is None else feed.updated))
        generator.link(href=urljoin(feed.address, feed.path + extension), rel="self", type=media_type)
        generator.link(href=feed.home, rel="alternate", type="text/html", hreflang=feed.language)
        for entry in feed.entries:
            generator.add_entry(self._item(entry), order="append")
        return generator

    def _item(self, entry: Entry) -> "FeedEntry":
        if entry not in self._items:
            self._items[entry] = _in_its_words(entry)
        return self._items[entry]


def _in_its_words(entry: Entry) -> "FeedEntry":
    from feedgen.entry import FeedEntry  # noqa: PLC0415 - the same

    item = FeedEntry()
    item.id(entry.id)
    item.title(visible(entry.title))
    item.link(href=entry.link, rel="alternate", type="text/html", hreflang=entry.language)
    item.description(visible(entry.text) or visible(entry.title))
    item.content(visible(entry.html) or "<p></p>", type="html")
    item.published(_moment(entry.published))
    item.updated(_moment(entry.updated))
    item.category([{"term": each.term, "label": visible(each.label)} for each in entry.categories])
    return item


def _moment(at: Instant) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def visible(text: str) -> str:
    """A text without the characters that XML cannot hold (XML 1.0, 2.2 `Char`)."""
    return _UNPRINTABLE.sub("", text)


def _explained(document: bytes, feed: Feed) -> bytes:
    """Say to people what they clicked on: by a stylesheet, and in a comment for browsers that show the bare text."""
    stylesheet = f'<?xml-stylesheet type="text/css" href="{feed.stylesheet}"?>\n'
    comment = f"<!-- {visible(feed.explanation).replace('--', '- -')} -->\n"
    return _DECLARATION + f"{stylesheet}{comment}".encode() + document.removeprefix(_DECLARATION)
