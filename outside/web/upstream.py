"""Asks an upstream for its own status: one file of one origin, bounded in time and size."""

from typing import Final
from urllib.parse import urlunsplit

from constat.errors import OutsideError
from constat.model import Upstream
from outside.web.access import Access
from outside.web.connection import split_url
from outside.web.origin import Origin

DEADLINE_S: Final = 10.0
MOST_BYTES: Final = 2 << 20
_SUMMARY: Final = "api/v2/summary.json"


def ask_upstream(upstream: Upstream, deadline_s: float = DEADLINE_S) -> bytes:
    """Fetch the summary of a page, or a feed.

    Raises:
        OutsideError: it cannot be fetched, is elsewhere, too large or too slow, or not there.
        UsageError: its address is not a URL.

    """
    parts = split_url(upstream.url)
    base, path = upstream.url, _SUMMARY
    if upstream.kind == "feed":
        base = urlunsplit((parts.scheme, parts.netloc, "", "", ""))
        path = urlunsplit(("", "", parts.path.removeprefix("/"), parts.query, ""))
    data = Origin(base, Access(deadline_s=deadline_s)).read(path, MOST_BYTES)
    if data is None:
        raise OutsideError(f"{upstream.url} is not there")
    return data
