"""The stores that a site can be taken to, and which one serves an address. How they write: `outside/stores/`."""

import re
from collections.abc import Mapping

STORE_MARKS: Mapping[str, re.Pattern[str]] = {
    "dir": re.compile(r"dir:(?P<path>.+)"),
    "rsync": re.compile(
        r"rsync://((?P<user>[A-Za-z0-9._-]+)@)?(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:(?P<port>[0-9]{1,5}))?"
        r"/(?P<path>[A-Za-z0-9._/-]+)"
    ),
}
"""Name of a store -> the shape of the addresses that it serves."""


def find_store(address: str) -> str | None:
    """The name of the store that serves an address, if one does."""
    return next((name for name, mark in STORE_MARKS.items() if mark.fullmatch(address)), None)


def find_part(address: str, part: str) -> str:
    """A part of an address: `user`, `host`, `path`; empty where it has none."""
    store = find_store(address)
    match = STORE_MARKS[store].fullmatch(address) if store else None
    return (match.groupdict().get(part) or "") if match else ""
