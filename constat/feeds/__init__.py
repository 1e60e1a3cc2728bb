"""Feeds: what was posted and what was measured, for programs that fetch.

`/feed.rss`, `.atom`, `.json` and `/maintenance.rss`, `.atom` for each language; `/services/<id>/feed.rss`, `.atom` and
`/outages.rss` in the first.
"""

from constat.feeds.site_feeds import LIMIT, build_files

__all__ = ["LIMIT", "build_files"]
