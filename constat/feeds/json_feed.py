"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
from urllib.parse import urljoin

from constat.feeds.feed import Feed
from constat.interval import format_instant
from constat.posts import Entry

VERSION = "https://jsonfeed.org/version/1.1"


def write_json_feed(feed: Feed) -> bytes:
    """Write a feed as JSON Feed 1.1."""
    document = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": urljoin(feed.address, feed.path + ".json"),
        "description": feed.description,
        "language": feed.language,
        "authors": [{"name": feed.author, "url": feed.address}],
        "items": [_build_item(entry) for entry in feed.entries],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _build_item(entry: Entry) -> dict[str, object]:
    item: dict[str, object] = {
        "id": entry.id,
        "url": entry.link,
        "title": entry.title,
        "content_html": entry.html,
        "content_text": entry.text,
        "date_published": format_instant(entry.published),
        "language": entry.language,
        "tags": [category.term for category in entry.categories],
    }
    if entry.updated > entry.published:
        item["date_modified"] = format_instant(entry.updated)
    return item
