"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
from urllib.parse import urljoin

from constat.feeds.feed import Feed
from constat.interval import format_instant
from constat.posts import Entry
from constat.text.published import as_html, as_plain_text

VERSION = "https://jsonfeed.org/version/1.1"


def write_json_feed(feed: Feed) -> bytes:
    """Write a feed as JSON Feed 1.1."""
    document = {
        "version": VERSION,
        "title": as_plain_text(feed.title),
        "home_page_url": feed.home,
        "feed_url": urljoin(feed.address, feed.path + ".json"),
        "description": as_plain_text(feed.description),
        "language": feed.language,
        "authors": [{"name": as_plain_text(feed.author), "url": feed.address}],
        "items": [_build_item(entry) for entry in feed.entries],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _build_item(entry: Entry) -> dict[str, object]:
    item: dict[str, object] = {
        "id": entry.id,
        "url": entry.link,
        "title": as_plain_text(entry.title),
        "content_html": as_html(entry.html),
        "content_text": as_plain_text(entry.text),
        "date_published": format_instant(entry.published),
        "language": entry.language,
        "tags": [category.term for category in entry.categories],
    }
    if entry.updated > entry.published:
        item["date_modified"] = format_instant(entry.updated)
    return item
