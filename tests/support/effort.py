"""How many examples random tests try: enough for every change, and ten times as many with `CONSTAT_THOROUGH=1`."""

import os

_FACTOR = 10 if os.environ.get("CONSTAT_THOROUGH") == "1" else 1


def scale_tries(count: int) -> int:
    """Return `count`, or ten times as many under `CONSTAT_THOROUGH=1`."""
    return count * _FACTOR
