"""The routes by which people are notified, and which one serves an address. How they send: `outside/routes/`."""

import re
from collections.abc import Mapping

MAIL = "mail"
APPRISE = "apprise"

ADDRESS_MARKS: Mapping[str, re.Pattern[str]] = {
    APPRISE: re.compile(r"://|\$\{[^}]*\}"),  # a URL, or one that a secret holds
    MAIL: re.compile(r"@"),
}
"""Name of a route -> the pattern that marks its addresses; the first route whose pattern matches serves an address."""


def find_route(address: str) -> str | None:
    """The name of the route that serves an address, if one does."""
    return next((name for name, mark in ADDRESS_MARKS.items() if mark.search(address)), None)


def choose_route(address: str) -> str:
    """The name of the route that serves an address of a `status.yml` that was found valid.

    Raises:
        ValueError: none does.

    """
    route = find_route(address)
    if route is None:
        raise ValueError("no route serves this address")
    return route
