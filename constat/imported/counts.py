"""The counts of a day as the reason of a row: `up 1437 down 3 maintenance 90`. They say nothing of order, and are only text."""

import re
from typing import Final, NamedTuple

_COUNTS: Final = re.compile(r"up ([0-9]{1,9}) down ([0-9]{1,9})(?: maintenance ([0-9]{1,9}))?")


class DayCounts(NamedTuple):
    """How many samples of a day (UTC) found the service up, how many down, and how many fell into maintenance."""

    up: int
    down: int
    maintenance: int = 0


def format_counts(counts: DayCounts) -> str:
    """Write counts as a reason."""
    maintenance = f" maintenance {counts.maintenance}" if counts.maintenance else ""
    return f"up {counts.up} down {counts.down}{maintenance}"


def parse_counts(reason: str) -> DayCounts | None:
    """Read counts from a reason; `None` if it is another text."""
    match = _COUNTS.fullmatch(reason)
    return DayCounts(*(int(number or 0) for number in match.groups())) if match else None
