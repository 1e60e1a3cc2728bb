"""How an origin is reached, and how much is taken from it."""

from typing import Final, NamedTuple

DEADLINE_S: Final = 30.0
"""How long one file may take, from the connection to its last byte."""
MAX_FILES: Final = 1000
MAX_TOTAL_BYTES: Final = 96 << 20


class Access(NamedTuple):
    """How an origin is reached, and how much is taken from it.

    `deadline_s`: the longest time for one file. `proxy`: the URL of an HTTP proxy, if any.
    """

    deadline_s: float = DEADLINE_S
    proxy: str | None = None
    most_files: int = MAX_FILES
    most_bytes: int = MAX_TOTAL_BYTES
