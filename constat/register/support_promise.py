"""The promise of support as the register records it: canonical JSON without names and contacts."""

import json
from collections.abc import Mapping
from typing import Any

from constat.model import Level, Support, parse_target
from constat.register.hours_json import read_hours, write_hours
from constat.register.values import read_text
from constat.text.canonical import encode_canonical

NO_PROMISE = encode_canonical({"hours": [], "clock": "union", "levels": []})
"""The record of a `status.yml` that no longer promises any support."""


def write_promise(support: Support) -> str:
    """Write the hours, the clock and the levels of support as canonical JSON."""
    return encode_canonical(
        {
            "hours": [write_hours(hours) for hours in support.hours],
            "clock": support.clock,
            "levels": [{"id": level.id, "target": level.target} for level in support.levels],
        }
    )


def read_promise(text: str) -> Support | None:
    """Read the promise of support from the register, without names and contacts; `None` if there is none.

    Raises:
        ValueError: the line was not written by `write_promise`.

    """
    content = json.loads(text)
    try:
        hours = tuple(read_hours(fields) for fields in content["hours"])
        levels = tuple(_read_level(fields) for fields in content["levels"])
        clock = content["clock"]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"it is not a promise of support: {error!r}") from error
    if clock not in {"union", "own"}:
        raise ValueError(f"the clock is neither union nor own: {clock!r}")
    return Support((), {}, hours, clock, levels) if levels else None


def _read_level(fields: Mapping[str, Any]) -> Level:
    """Read a level, with its target as written: `4h` or `5wd`."""
    return Level(read_text(fields["id"]), {}, *parse_target(fields["target"]))
