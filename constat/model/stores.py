"""The stores that a site can be published to, and which one serves an address. How they write: `outside/stores/`."""

import re
from urllib.parse import urlsplit

from constat.model import address_marks

STORE_MARKS: address_marks.Marks = {
    "dir": re.compile(r"dir:(?P<path>.+)"),
    "rsync": re.compile(
        r"rsync://((?P<user>[A-Za-z0-9._-]+)@)?(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:(?P<port>[0-9]{1,5}))?"
        r"/(?P<path>[A-Za-z0-9._/-]+)"
    ),
    "s3": re.compile(
        r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/(?P<path>([A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*)?/?)?"
    ),
}
"""Name of a store -> the shape of the addresses that it serves."""


def find_store(address: str) -> str | None:
    """The name of the store that serves an address, if one does."""
    return address_marks.find_name(STORE_MARKS, address)


def find_part(address: str, part: str) -> str:
    """A part of an address: `user`, `host`, `bucket`, `path`; empty where it has none."""
    return address_marks.find_part(STORE_MARKS, address, part)


def find_host(address: str, endpoint: str = "", region: str = "") -> str:
    """The host that the password goes to: of a bucket, the server that `endpoint` names, else that of its region."""
    if find_store(address) != "s3":
        return find_part(address, "host")
    return (urlsplit(endpoint).hostname or "") if endpoint else f"s3.{region}.amazonaws.com"
