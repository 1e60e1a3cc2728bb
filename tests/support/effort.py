"""How hard random tests try: enough for every change, and ten times as hard where `CONSTAT_THOROUGH=1` asks for it."""

import os

_FACTOR = 10 if os.environ.get("CONSTAT_THOROUGH") == "1" else 1


def scale_tries(count: int) -> int:
    """Return `count`, or ten times as many under `CONSTAT_THOROUGH=1`."""
    return count * _FACTOR
