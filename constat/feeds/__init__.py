"""Feeds of notices, statements and measured outages.

`/feed.rss`, `.atom`, `.json` and `/maintenance.rss`, `.atom` for each language; `/services/<id>/feed.rss`, `.atom` and
`/outages.rss` in the first language.
"""

from constat.feeds.site_feeds import LIMIT, build_files

__all__ = ["LIMIT", "build_files"]
