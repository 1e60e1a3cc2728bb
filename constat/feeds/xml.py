"""RSS 2.0 and Atom (RFC 4287), written by feedgen so that the same entries give the same bytes."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin

from constat.feeds.feed import Feed
from constat.interval import Instant
from constat.posts import Entry
from constat.text.published import as_html, as_plain_text, as_text_for_both

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedgen.entry import FeedEntry
    from feedgen.feed import FeedGenerator

_DECLARATION = b"<?xml version='1.0' encoding='UTF-8'?>\n"


class XmlWriter:
    """Writes the feeds of one language. An entry that is in several feeds of a format is converted for feedgen once."""

    def __init__(self, now: Instant) -> None:
        self._now = now
        self._items: dict[tuple[str, Entry], FeedEntry] = {}

    def write_rss(self, feed: Feed) -> bytes:
        """Write a feed as RSS 2.0. Most readers take its descriptions for HTML, some also its titles; browsers take neither."""
        generator = self._build_generator(feed, _RSS)
        return _insert_explanation(generator.rss_str(pretty=True), feed)

    def write_atom(self, feed: Feed) -> bytes:
        """Write a feed as Atom, which says of each text whether it is HTML (RFC 4287, 3.1.1)."""
        generator = self._build_generator(feed, _ATOM)
        return _insert_explanation(generator.atom_str(pretty=True), feed)

    def _build_generator(self, feed: Feed, form: "_Format") -> "FeedGenerator":
        """Convert a feed for feedgen. Its clock and its name are replaced, so that two builds give the same bytes."""
        from feedgen.feed import FeedGenerator  # noqa: PLC0415 - loads lxml, which only a build that writes feeds needs

        generator = FeedGenerator()
        generator.id(feed.id)
        generator.title(form.title(feed.title))
        generator.description(form.title(feed.description))
        generator.language(feed.language)
        generator.author(name=as_plain_text(feed.author), uri=feed.address)
        generator.generator("Constat")
        generator.updated(_convert_instant(self._now if feed.updated is None else feed.updated))
        address = urljoin(feed.address, feed.path + form.extension)
        generator.link(href=address, rel="self", type=form.media_type)
        generator.link(href=feed.home, rel="alternate", type="text/html", hreflang=feed.language)
        for entry in feed.entries:
            generator.add_entry(self._get_item(entry, form), order="append")
        return generator

    def _get_item(self, entry: Entry, form: "_Format") -> "FeedEntry":
        key = (form.extension, entry)
        if key not in self._items:
            self._items[key] = _build_item(entry, form)
        return self._items[key]


class _Format(NamedTuple):
    """A format of feeds: how its texts of one line are written, and what announces it."""

    title: "Callable[[str], str]"
    extension: str
    media_type: str


_RSS = _Format(as_text_for_both, ".rss", "application/rss+xml")
_ATOM = _Format(as_plain_text, ".atom", "application/atom+xml")


def _build_item(entry: Entry, form: _Format) -> "FeedEntry":
    """Convert an entry. Its description is only in RSS: feedgen's Atom has the content instead."""
    from feedgen.entry import FeedEntry  # noqa: PLC0415 - the same

    item = FeedEntry()
    item.id(entry.id)
    item.title(form.title(entry.title))
    item.link(href=entry.link, rel="alternate", type="text/html", hreflang=entry.language)
    item.description(as_text_for_both(entry.text) or as_text_for_both(entry.title))
    item.content(as_html(entry.html) or "<p></p>", type="html")
    item.published(_convert_instant(entry.published))
    item.updated(_convert_instant(entry.updated))
    item.category(
        [{"term": category.term, "label": form.title(category.label)} for category in entry.categories]
    )
    return item


def _convert_instant(at: Instant) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _insert_explanation(document: bytes, feed: Feed) -> bytes:
    """Add the stylesheet, and a comment that explains the feed in browsers that show the bare text."""
    stylesheet = f'<?xml-stylesheet type="text/css" href="{feed.stylesheet}"?>\n'
    comment = f"<!-- {as_plain_text(feed.explanation).replace('--', '- -')} -->\n"
    return _DECLARATION + f"{stylesheet}{comment}".encode() + document.removeprefix(_DECLARATION)
