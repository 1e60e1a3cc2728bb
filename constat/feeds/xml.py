"""RSS 2.0 and Atom (RFC 4287), written so that the same entries give the same bytes."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

from constat.feeds.feed import Feed
from constat.interval import Instant
from constat.posts import Entry
from constat.text.published import as_html, as_plain_text, as_text_for_both

_ATOM, _CONTENT = "http://www.w3.org/2005/Atom", "http://purl.org/rss/1.0/modules/content/"


class XmlWriter:
    """Writes the feeds of one language. An entry that is in several feeds of a format is converted once."""

    def __init__(self, now: Instant) -> None:
        self._now = now
        self._items: dict[tuple[Callable[[Entry], ET.Element], Entry], ET.Element] = {}

    def write_rss(self, feed: Feed) -> bytes:
        """Write a feed as RSS 2.0. Most readers take its descriptions for HTML, some also its titles; browsers take neither."""
        root = ET.Element("rss", {"xmlns:atom": _ATOM, "xmlns:content": _CONTENT, "version": "2.0"})
        channel = ET.SubElement(root, "channel")
        _add(channel, "title", as_text_for_both(feed.title))
        _add(channel, "link", feed.home)
        _add(channel, "description", as_text_for_both(feed.description))
        _add(channel, "atom:link", href=_locate(feed, ".rss"), rel="self", type="application/rss+xml")
        _add(channel, "docs", "http://www.rssboard.org/rss-specification")
        _add(channel, "generator", "Constat")
        _add(channel, "language", feed.language)
        _add(channel, "lastBuildDate", _write_rss_time(self._date(feed)))
        channel.extend(self._convert(feed.entries, _build_rss_item))
        return _finish(root, feed)

    def write_atom(self, feed: Feed) -> bytes:
        """Write a feed as Atom, which says of each text whether it is HTML (RFC 4287, 3.1.1)."""
        root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": feed.language})
        _add(root, "id", feed.id)
        _add(root, "title", as_plain_text(feed.title))
        _add(root, "updated", _write_atom_time(self._date(feed)))
        author = ET.SubElement(root, "author")
        _add(author, "name", as_plain_text(feed.author))
        _add(author, "uri", feed.address)
        _add(root, "link", href=_locate(feed, ".atom"), rel="self", type="application/atom+xml")
        _add(root, "link", href=feed.home, rel="alternate", type="text/html", hreflang=feed.language)
        _add(root, "generator", "Constat")
        _add(root, "subtitle", as_plain_text(feed.description))
        root.extend(self._convert(feed.entries, _build_atom_entry))
        return _finish(root, feed)

    def _date(self, feed: Feed) -> Instant:
        return self._now if feed.updated is None else feed.updated

    def _convert(self, entries: Sequence[Entry], build: Callable[[Entry], ET.Element]) -> list[ET.Element]:
        for entry in entries:
            if (build, entry) not in self._items:
                self._items[build, entry] = build(entry)
        return [self._items[build, entry] for entry in entries]


def _build_rss_item(entry: Entry) -> ET.Element:
    item = ET.Element("item")
    _add(item, "title", as_text_for_both(entry.title))
    _add(item, "link", entry.link)
    _add(item, "description", as_text_for_both(entry.text) or as_text_for_both(entry.title))
    _add(item, "content:encoded", as_html(entry.html) or "<p></p>")
    _add(item, "guid", entry.id, isPermaLink="false")
    for category in entry.categories:
        _add(item, "category", as_text_for_both(category.label))
    _add(item, "pubDate", _write_rss_time(entry.published))
    return item


def _build_atom_entry(entry: Entry) -> ET.Element:
    item = ET.Element("entry")
    _add(item, "id", entry.id)
    _add(item, "title", as_plain_text(entry.title))
    _add(item, "updated", _write_atom_time(entry.updated))
    _add(item, "content", as_html(entry.html) or "<p></p>", type="html")
    _add(item, "link", href=entry.link)
    for category in entry.categories:
        _add(item, "category", term=category.term, label=as_plain_text(category.label))
    _add(item, "published", _write_atom_time(entry.published))
    return item


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> None:
    ET.SubElement(parent, tag, attributes).text = text


def _locate(feed: Feed, extension: str) -> str:
    return urljoin(feed.address, feed.path + extension)


def _write_atom_time(at: Instant) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def _write_rss_time(at: Instant) -> str:
    return format_datetime(datetime.fromtimestamp(at, UTC))


def _finish(root: ET.Element, feed: Feed) -> bytes:
    """Add the stylesheet, and a comment that explains the feed in browsers that show the bare text."""
    ET.indent(root)
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        f'<?xml-stylesheet type="text/css" href="{feed.stylesheet}"?>\n'
        f"<!-- {as_plain_text(feed.explanation).replace('--', '- -')} -->\n"
        f"{ET.tostring(root, encoding='unicode')}\n"
    ).encode()
