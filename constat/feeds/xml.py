"""RSS 2.0 and Atom (RFC 4287), written by feedgen so that the same entries give the same bytes."""

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

_NOT_XML = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")

_DECLARATION = b"<?xml version='1.0' encoding='UTF-8'?>\n"


class XmlWriter:
    """Writes the feeds of one language. An entry that is in several feeds is converted for feedgen once."""

    def __init__(self, now: Instant) -> None:
        self._now = now
        self._items: dict[Entry, FeedEntry] = {}

    def write_rss(self, feed: Feed) -> bytes:
        """Write a feed as RSS 2.0."""
        generator = self._build_generator(feed, ".rss", "application/rss+xml")
        generator.description(feed.description)
        return _insert_explanation(generator.rss_str(pretty=True), feed)

    def write_atom(self, feed: Feed) -> bytes:
        """Write a feed as Atom."""
        generator = self._build_generator(feed, ".atom", "application/atom+xml")
        generator.subtitle(feed.description)
        return _insert_explanation(generator.atom_str(pretty=True), feed)

    def _build_generator(self, feed: Feed, extension: str, media_type: str) -> "FeedGenerator":
        """Convert a feed for feedgen. Its clock and its name are replaced, so that two builds give the same bytes."""
        from feedgen.feed import FeedGenerator  # noqa: PLC0415 - loads lxml, which only a build that writes feeds needs

        generator = FeedGenerator()
        generator.id(feed.id)
        generator.title(feed.title)
        generator.language(feed.language)
        generator.author(name=feed.author, uri=feed.address)
        generator.generator("Constat")
        generator.updated(_convert_instant(self._now if feed.updated is None else feed.updated))
        generator.link(href=urljoin(feed.address, feed.path + extension), rel="self", type=media_type)
        generator.link(href=feed.home, rel="alternate", type="text/html", hreflang=feed.language)
        for entry in feed.entries:
            generator.add_entry(self._get_item(entry), order="append")
        return generator

    def _get_item(self, entry: Entry) -> "FeedEntry":
        if entry not in self._items:
            self._items[entry] = _build_item(entry)
        return self._items[entry]


def _build_item(entry: Entry) -> "FeedEntry":
    from feedgen.entry import FeedEntry  # noqa: PLC0415 - the same

    item = FeedEntry()
    item.id(entry.id)
    item.title(remove_control_characters(entry.title))
    item.link(href=entry.link, rel="alternate", type="text/html", hreflang=entry.language)
    item.description(remove_control_characters(entry.text) or remove_control_characters(entry.title))
    item.content(remove_control_characters(entry.html) or "<p></p>", type="html")
    item.published(_convert_instant(entry.published))
    item.updated(_convert_instant(entry.updated))
    item.category(
        [
            {"term": category.term, "label": remove_control_characters(category.label)}
            for category in entry.categories
        ]
    )
    return item


def _convert_instant(at: Instant) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def remove_control_characters(text: str) -> str:
    """A text without the characters that XML cannot represent (XML 1.0, 2.2 `Char`)."""
    return _NOT_XML.sub("", text)


def _insert_explanation(document: bytes, feed: Feed) -> bytes:
    """Add the stylesheet, and a comment that explains the feed in browsers that show the bare text."""
    stylesheet = f'<?xml-stylesheet type="text/css" href="{feed.stylesheet}"?>\n'
    comment = f"<!-- {remove_control_characters(feed.explanation).replace('--', '- -')} -->\n"
    return _DECLARATION + f"{stylesheet}{comment}".encode() + document.removeprefix(_DECLARATION)
