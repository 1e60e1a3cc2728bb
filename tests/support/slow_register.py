"""When each line of a register takes effect, computed line by line: slow, obvious, sharing no code with the product."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

Line = dict[str, Any]

FIVE_MINUTES = 300
DEADLINE = 26 * 3600


def parse_seconds(text: str) -> int:
    """`2026-11-23T09:40:00Z` as seconds since the epoch."""
    return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())


def is_void(lines: Sequence[Line], number: int, now: int) -> bool:
    """Whether a line claims to be later than the first seal after it that is not void itself, or than now."""
    limit = now
    for later in range(number + 1, len(lines)):
        if lines[later]["kind"] == "seal" and not is_void(lines, later, now):
            limit = parse_seconds(lines[later]["at"])
            break
    return parse_seconds(lines[number]["at"]) > limit + FIVE_MINUTES


def settle_lines(lines: Sequence[Line], now: int) -> list[Line]:
    """Return the lines that count, each with its effective time as `at`."""
    counting = [line for number, line in enumerate(lines) if not is_void(lines, number, now)]
    return [
        {**line, "at": max((other["at"] for other in counting[: number + 1]), key=parse_seconds)}
        for number, line in enumerate(counting)
    ]


def is_late(at: int, covered_bytes: int, path: str, lines: Sequence[Line], now: int) -> bool:
    """Whether a row is late: `covered_bytes` are those up to the end of its line, `lines` the settled ones."""
    seals = [line for line in lines if line["kind"] == "seal"]
    ends = (at // 86_400 + 1) * 86_400
    if now - ends <= DEADLINE or not seals or at < parse_seconds(seals[0]["at"]):
        return False
    return not any(
        seal["path"] == path
        and seal["bytes"] >= covered_bytes
        and parse_seconds(seal["at"]) <= ends + DEADLINE
        for seal in seals
    )
