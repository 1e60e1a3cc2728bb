"""One row of the table from reasons to sentences."""

import re
from collections.abc import Mapping
from typing import NamedTuple


class Phrase(NamedTuple):
    """Sentences for one reason, or for several that call for the same change.

    `pattern` matches a decoded reason from its beginning. Its named groups are inserted into the sentences, and so are
    `values`, and `domain`, `name` and `selector` of what was looked at.
    """

    pattern: re.Pattern[str]
    found: str
    change: str
    values: Mapping[str, str] = {}


def phrase(pattern: str, found: str, change: str, **values: str) -> Phrase:
    """Build a row; see `Phrase`."""
    return Phrase(re.compile(pattern, re.DOTALL), found, change, values)


QUOTED = r" '(?P<text>.*)'"
"""The text that a reason quotes."""
